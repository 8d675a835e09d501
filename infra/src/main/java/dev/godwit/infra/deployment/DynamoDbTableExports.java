package dev.godwit.infra.deployment;

import dev.godwit.run.ledger.ExportRecord;
import dev.godwit.run.ledger.ExportRecord.Exported;
import dev.godwit.run.ledger.ExportRecord.Status;
import dev.godwit.run.text.ExportWords;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ExportDescription;
import software.amazon.awssdk.services.dynamodb.model.ExportFormat;
import software.amazon.awssdk.services.dynamodb.model.ExportNotFoundException;

/** Exports as DynamoDB makes them. */
final class DynamoDbTableExports implements TableExports {
  private static final int SERVERS_FAULT = 500;

  private final DynamoDbClient client;
  private final AwsCalls calls;

  DynamoDbTableExports(DynamoDbClient client, AwsCalls calls) {
    this.client = client;
    this.calls = calls;
  }

  @Override
  public ExportRecord begin(ExportRecord asked, String tableArn) throws Refused {
    var refused = new Refused[1];
    var begun =
        calls.ask(
            () -> {
              try {
                return Optional.of(
                    client
                        .exportTableToPointInTime(
                            export -> {
                              export
                                  .tableArn(tableArn)
                                  .clientToken(asked.token())
                                  .exportFormat(ExportFormat.DYNAMODB_JSON)
                                  .s3Bucket(asked.destination().bucket());
                              // As the command asks: one token means the same parameters.
                              if (!asked.destination().prefix().isEmpty()) {
                                export.s3Prefix(asked.destination().prefix());
                              }
                              asked.atTime().ifPresent(export::exportTime);
                            })
                        .exportDescription());
              } catch (DynamoDbException e) {
                if (e.isThrottlingException() || e.statusCode() >= SERVERS_FAULT) {
                  throw e;
                }
                String code = e.awsErrorDetails().errorCode();
                refused[0] =
                    new Refused(
                        ExportWords.refusal(
                            asked, code, String.valueOf(e.awsErrorDetails().errorMessage())),
                        code.equals("AccessDeniedException"),
                        e);
                return Optional.<ExportDescription>empty();
              }
            });
    if (begun.isEmpty()) {
      throw refused[0];
    }
    return described(asked, begun.get());
  }

  @Override
  public ExportRecord describe(ExportRecord export) {
    var arn = export.arn().orElseThrow();
    return calls
        .ask(
            () -> {
              try {
                return Optional.of(
                    client.describeExport(describe -> describe.exportArn(arn)).exportDescription());
              } catch (ExportNotFoundException e) {
                return Optional.<ExportDescription>empty();
              }
            })
        .map(said -> described(export, said))
        .orElseGet(
            () ->
                export.described(
                    Status.FAILED, arn, Exported.NOTHING, ExportWords.isForgotten(arn)));
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
}
