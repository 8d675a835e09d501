package dev.godwit.cli.export;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.cli.table.ServiceAnswer;
import dev.godwit.run.ledger.ExportRecord;
import dev.godwit.run.ledger.ExportRecord.Exported;
import dev.godwit.run.ledger.ExportRecord.Status;
import dev.godwit.run.text.ExportWords;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ExportDescription;
import software.amazon.awssdk.services.dynamodb.model.ExportFormat;
import software.amazon.awssdk.services.dynamodb.model.ExportNotFoundException;

/** DynamoDB's own exports of tables to S3, which go on whatever happens here. */
final class S3Export implements AutoCloseable {
  private static final int SERVERS_FAULT = 500;

  private final DynamoDbConnection connection;
  private final DynamoDbClient client;

  S3Export(DynamoDbConnection connection) {
    this.connection = connection;
    this.client = connection.client();
  }

  /** DynamoDB has refused to begin an export, and has begun none. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    Refused(String why, Throwable cause) {
      super(why, cause);
    }
  }

  /**
   * Asks for the export that was written down, once or once more.
   *
   * @return the same, as DynamoDB describes it
   * @throws Refused when it begins none
   * @throws CommandFailed when it is not known whether it has
   */
  ExportRecord begin(ExportRecord asked, String tableArn) throws Refused {
    try {
      return described(
          asked,
          client
              .exportTableToPointInTime(
                  export -> {
                    export
                        .tableArn(tableArn)
                        .clientToken(asked.token())
                        .exportFormat(ExportFormat.DYNAMODB_JSON)
                        .s3Bucket(asked.destination().bucket());
                    if (!asked.destination().prefix().isEmpty()) {
                      export.s3Prefix(asked.destination().prefix());
                    }
                    asked.atTime().ifPresent(export::exportTime);
                  })
              .exportDescription());
    } catch (DynamoDbException e) {
      if (e.isThrottlingException() || e.statusCode() >= SERVERS_FAULT) {
        throw unknown(asked, e);
      }
      throw new Refused(ExportWords.refusal(asked, code(e), message(e)), e);
    } catch (SdkException e) {
      throw unknown(asked, e);
    }
  }

  /**
   * The same, as it is now.
   *
   * @throws Unanswered when DynamoDB does not say; it may be asked again
   * @throws CommandFailed when asking again will not help
   */
  ExportRecord describe(ExportRecord export) throws Unanswered {
    var arn = export.arn().orElseThrow();
    try {
      return described(
          export, client.describeExport(asked -> asked.exportArn(arn)).exportDescription());
    } catch (ExportNotFoundException e) {
      return export.described(Status.FAILED, arn, Exported.NOTHING, ExportWords.isForgotten(arn));
    } catch (DynamoDbException e) {
      if (e.isThrottlingException() || e.statusCode() >= SERVERS_FAULT) {
        throw new Unanswered(ServiceAnswer.of(e), e);
      }
      throw new CommandFailed(
          ExitCode.UNREACHABLE,
          "DynamoDB at "
              + connection.place()
              + " does not say how the export "
              + arn
              + " stands ("
              + ServiceAnswer.of(e)
              + "); allow dynamodb:DescribeExport on it. It goes on; the same command goes on watching",
          e);
    } catch (SdkException e) {
      throw new Unanswered(ServiceAnswer.of(e), e);
    }
  }

  /** DynamoDB did not answer, this time. */
  static final class Unanswered extends Exception {
    private static final long serialVersionUID = 1;

    Unanswered(String why, Throwable cause) {
      super(why, cause);
    }
  }

  private static ExportRecord described(ExportRecord record, ExportDescription said) {
    var status =
        switch (said.exportStatus()) {
          case COMPLETED -> Status.COMPLETED;
          case FAILED -> Status.FAILED;
          default -> Status.IN_PROGRESS;
        };
    return record.described(
        status,
        said.exportArn(),
        new Exported(
            Optional.ofNullable(said.exportTime()),
            whole(said.itemCount()),
            whole(said.billedSizeBytes()),
            Optional.ofNullable(said.exportManifest()),
            Optional.ofNullable(said.endTime())),
        status == Status.FAILED
            ? ExportWords.failure(
                record,
                Optional.ofNullable(said.failureCode()),
                Optional.ofNullable(said.failureMessage()))
            : "");
  }

  private static OptionalLong whole(@Nullable Long number) {
    return number == null ? OptionalLong.empty() : OptionalLong.of(number);
  }

  private static CommandFailed unknown(ExportRecord asked, SdkException e) {
    return new CommandFailed(
        ExitCode.UNREACHABLE,
        "Whether DynamoDB has begun the export of "
            + asked.tableName()
            + " is not known ("
            + ServiceAnswer.of(e)
            + "). The same command asks for the very same export again, and begins no second one",
        e);
  }

  private static String code(AwsServiceException e) {
    var details = e.awsErrorDetails();
    return details == null || details.errorCode() == null
        ? "HTTP " + e.statusCode()
        : details.errorCode();
  }

  private static String message(AwsServiceException e) {
    var details = e.awsErrorDetails();
    return details == null || details.errorMessage() == null
        ? "no message"
        : details.errorMessage();
  }

  @Override
  public void close() {
    client.close();
  }
}
