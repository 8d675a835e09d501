package dev.godwit.cli.table;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/** Looks at a table before anything is done to it. */
public final class Tables {
  private Tables() {}

  /**
   * The description of {@code table}.
   *
   * @throws CommandFailed when there is none, or it cannot be reached; nothing has been written
   */
  public static TableDescription describe(DynamoDbConnection connection, String table) {
    try (var client = connection.client()) {
      return client.describeTable(describe -> describe.tableName(table)).table();
    } catch (ResourceNotFoundException e) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          "There is no table "
              + table
              + " at "
              + connection.place()
              + "; check its name, the region and the endpoint",
          e);
    } catch (DynamoDbException e) {
      throw new CommandFailed(
          ExitCode.UNREACHABLE,
          "DynamoDB at "
              + connection.place()
              + " refused to describe the table "
              + table
              + ": "
              + e.awsErrorDetails().errorMessage()
              + "; check the credentials and that they allow dynamodb:DescribeTable",
          e);
    } catch (SdkException e) {
      throw new CommandFailed(ExitCode.UNREACHABLE, unreachable(connection, e), e);
    }
  }

  private static String unreachable(DynamoDbConnection connection, SdkException e) {
    var message = String.valueOf(e.getMessage());
    if (e instanceof SdkClientException && message.contains("load credentials")) {
      return "No AWS credentials were found; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";
    }
    return "DynamoDB cannot be reached at "
        + connection.place()
        + " ("
        + rootOf(e)
        + "); check the endpoint and the network. Nothing was written";
  }

  private static String rootOf(Throwable e) {
    var root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getClass().getSimpleName() + ": " + root.getMessage();
  }
}
