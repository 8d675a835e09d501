package dev.godwit.cli.launch;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.ledger.ExportBooks;
import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.cli.table.ServiceAnswer;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ExportFormat;
import software.amazon.awssdk.services.dynamodb.model.ExportStatus;

/** Asks DynamoDB where exports are. */
final class ExportArns {
  private final Supplier<DynamoDbConnection> connection;

  ExportArns(Supplier<DynamoDbConnection> connection) {
    this.connection = connection;
  }

  /** For a command that has no AWS to ask. */
  static CommandFailed notHere(String name) {
    return bad("Name the export by the path of its manifest-summary.json here, not as " + name);
  }

  /**
   * Where the summary of the export is that is named {@code name}: by its ARN, or by what it was
   * made for.
   *
   * @param books the exports of the run's table that its ledger knows
   * @throws CommandFailed when there is no such export, or it cannot be read
   */
  String manifest(String name, Supplier<ExportBooks> books) {
    return name.startsWith(SourceOptions.EXPORT_FOR)
        ? manifestFor(name.substring(SourceOptions.EXPORT_FOR.length()), books.get())
        : manifest(name);
  }

  private String manifestFor(String purpose, ExportBooks books) {
    var export =
        books
            .latest(purpose)
            .orElseThrow(
                () ->
                    bad(
                        "The ledger knows no export for "
                            + purpose
                            + "; make it: 'godwit export --point-in-time --migration "
                            + purpose
                            + "', with the same table"));
    return switch (export.status()) {
      case COMPLETED -> export.manifest().orElseGet(() -> manifest(export.arn().orElseThrow()));
      case IN_PROGRESS -> manifest(export.arn().orElseThrow()); // perhaps nobody has watched it
      case ASKED ->
          throw bad(
              "The export for "
                  + purpose
                  + " was asked for at "
                  + export.askedAt()
                  + ", and whether it has begun is not known; the same 'godwit export' tells");
      case REFUSED, FAILED ->
          throw bad(
              "There is no export for " + purpose + ": " + export.failure() + "; export again");
    };
  }

  /**
   * Where the summary of the export {@code arn} is.
   *
   * @throws CommandFailed when there is no such export, or it cannot be read
   */
  String manifest(String arn) {
    try (var client = connection.get().client()) {
      var export = client.describeExport(asked -> asked.exportArn(arn)).exportDescription();
      if (export.exportStatus() != ExportStatus.COMPLETED) {
        throw bad(
            "The export "
                + arn
                + " is "
                + export.exportStatusAsString()
                + (export.failureMessage() == null ? "" : " (" + export.failureMessage() + ")")
                + ", not COMPLETED; wait for its end, or make another");
      }
      if (export.exportFormat() != ExportFormat.DYNAMODB_JSON) {
        throw bad(
            "The export "
                + arn
                + " is in the format "
                + export.exportFormatAsString()
                + "; export the table as DYNAMODB_JSON");
      }
      return "s3://" + export.s3Bucket() + "/" + export.exportManifest();
    } catch (DynamoDbException e) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          "DynamoDB cannot say where the export "
              + arn
              + " is ("
              + ServiceAnswer.of(e)
              + "); check the ARN, and that dynamodb:DescribeExport is allowed. Nothing was begun",
          e);
    } catch (SdkException e) {
      throw new CommandFailed(
          ExitCode.UNREACHABLE,
          "DynamoDB cannot be asked where the export "
              + arn
              + " is: "
              + e.getMessage()
              + ". Nothing was begun",
          e);
    }
  }

  private static CommandFailed bad(String why) {
    return new CommandFailed(ExitCode.BAD_USAGE, why + ". Nothing was begun");
  }
}
