package dev.godwit.run.text;

import dev.godwit.run.ledger.ExportRecord;
import java.util.Optional;

/** What people are told when DynamoDB makes no export to S3. */
public final class ExportWords {
  private ExportWords() {}

  /**
   * Why DynamoDB has not begun an export, and what to do: a sentence without its full stop.
   *
   * <p>The errors are those of the DynamoDB API reference, ExportTableToPointInTime; read
   * 2026-11-26.
   *
   * @param error its name, as in {@code LimitExceededException}
   * @param message DynamoDB's own
   */
  public static String refusal(ExportRecord asked, String error, String message) {
    String table = asked.tableName();
    return switch (error) {
      case "PointInTimeRecoveryUnavailableException" ->
          "Point-in-time recovery of "
              + table
              + " is off, or just being turned on, and an export is made from it: turn it on ('aws dynamodb update-continuous-backups --table-name "
              + table
              + " --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true') and export again";
      case "InvalidExportTimeException" ->
          "DynamoDB cannot export "
              + table
              + " as it was at "
              + asked.atTime().map(Object::toString).orElse("this moment")
              + ": the time has to be between the earliest and the latest that its point-in-time recovery can restore ('aws dynamodb describe-continuous-backups --table-name "
              + table
              + "' tells both)";
      case "LimitExceededException" ->
          "DynamoDB makes no more exports of this account at the same time ("
              + message
              + "); export again when others have ended";
      case "ExportConflictException" ->
          "DynamoDB met a conflict over the bucket, or over the same token ("
              + message
              + "); export again later, or to another destination";
      case "TableNotFoundException" ->
          "There is no table " + table + "; check its name and the region";
      case "AccessDeniedException" ->
          "An export of "
              + table
              + " is not allowed ("
              + message
              + "); it takes dynamodb:ExportTableToPointInTime on the table, and s3:PutObject, s3:PutObjectAcl and s3:AbortMultipartUpload on "
              + asked.destination();
      default ->
          "DynamoDB refuses to export "
              + table
              + " to "
              + asked.destination()
              + " ("
              + error
              + ": "
              + message
              + ")";
    };
  }

  /** Why there is no export that there once was: a sentence without its full stop. */
  public static String isForgotten(String arn) {
    return "DynamoDB does not know the export " + arn + " any more";
  }

  /**
   * Why an export that was begun has failed, and what to do: a sentence without its full stop.
   *
   * <p>Codes seen in the wild are {@code S3NoSuchBucket}, {@code S3AccessDenied} and the like; the
   * API reference lists none (DescribeExport, FailureCode; read 2026-11-26).
   *
   * @param code DynamoDB's, if there is one
   * @param message DynamoDB's own, if there is one
   */
  public static String failure(
      ExportRecord export, Optional<String> code, Optional<String> message) {
    String said = code.orElse("no code") + message.map(text -> ": " + text).orElse("");
    String todo = "";
    if (said.contains("NoSuchBucket")) {
      todo = "; there is no such bucket: make it, or name another";
    } else if (said.contains("AccessDenied") || said.contains("Access Denied")) {
      todo =
          "; whoever asks for an export needs s3:PutObject, s3:PutObjectAcl and s3:AbortMultipartUpload on "
              + export.destination()
              + ", and the use of the bucket's key if it has one";
    }
    return "The export of "
        + export.tableName()
        + " to "
        + export.destination()
        + " has failed ("
        + said
        + ")"
        + todo;
  }
}
