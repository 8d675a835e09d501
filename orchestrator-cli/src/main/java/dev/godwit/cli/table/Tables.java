package dev.godwit.cli.table;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import java.util.List;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
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
              + asked(connection)
              + "; check its name, the region and the endpoint",
          e);
    } catch (DynamoDbException e) {
      throw new CommandFailed(
          ExitCode.UNREACHABLE,
          "DynamoDB at "
              + connection.place()
              + " refused to describe the table "
              + table
              + " ("
              + ServiceAnswer.of(e)
              + "); check the credentials and that they allow dynamodb:DescribeTable",
          e);
    } catch (SdkException e) {
      throw new CommandFailed(ExitCode.UNREACHABLE, unreachable(connection, e), e);
    }
  }

  /** The names of its key attributes. */
  public static List<String> keys(TableDescription table) {
    return table.keySchema().stream().map(KeySchemaElement::attributeName).toList();
  }

  /**
   * Who asked, and for which region: a DynamoDB Local keeps the tables of each region and access
   * key apart, unless it was started with -sharedDb (DynamoDB developer guide, "DynamoDB local
   * usage notes"; read 2026-11-26).
   */
  private static String asked(DynamoDbConnection connection) {
    if (connection.endpoint().isEmpty()) {
      return "";
    }
    return " for the region "
        + connection.region()
        + " and the access key "
        + connection.credentials().resolveCredentials().accessKeyId()
        + " (a DynamoDB Local keeps tables apart by both, unless it was started with -sharedDb)";
  }

  private static String unreachable(DynamoDbConnection connection, SdkException e) {
    var message = String.valueOf(e.getMessage());
    if (e instanceof SdkClientException && message.contains("load credentials")) {
      return "No AWS credentials were found; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";
    }
    return "DynamoDB cannot be reached at "
        + connection.place()
        + " ("
        + ServiceAnswer.of(e)
        + "); check the endpoint and the network. Nothing was written";
  }
}
