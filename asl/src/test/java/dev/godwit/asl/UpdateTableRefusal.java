package dev.godwit.asl;

/**
 * What the real service answers to an UpdateTable that is not needed, or not possible just now:
 * also when the request before it was carried out and its answer lost. DynamoDB Local carries
 * changes out at once, and says only the last.
 *
 * <p>The names: errors that the SDK for Java does not model have its service's base name in Step
 * Functions ({@code DynamoDb.DynamoDbException}, recorded on AWS in localstack/localstack, {@code
 * test_aws_sdk.snapshot.json}; ValidationException is not modelled: aws/aws-sdk-js-v3#6696). The
 * embedded engine has the error's code.
 */
enum UpdateTableRefusal {
  /** As in sebdah/dynamic-dynamodb#36 (2013); read 2026-11-26. */
  TABLE_IS_UPDATED(
      "DynamoDb.ResourceInUseException",
      "Attempt to change a resource which is still in use: Table is being updated: Cities"),

  /** As in hashicorp/terraform#13243 (2017); read 2026-11-26. */
  INDEX_IS_UPDATED(
      "DynamoDb.ResourceInUseException",
      "Attempt to change a resource which is still in use: Index is being updated.  Table: Cities"
          + " Index: byCountry"),

  /** As in cortexproject/cortex#441 (2017), crossplane-contrib/provider-aws#464 (2020). */
  WILL_NOT_CHANGE(
      "DynamoDb.DynamoDbException",
      "The provisioned throughput for the table will not change. The requested value equals the"
          + " current value. Current ReadCapacityUnits provisioned for the table: 100. Requested"
          + " ReadCapacityUnits: 100. Current WriteCapacityUnits provisioned for the table: 100."
          + " Requested WriteCapacityUnits: 100. Refer to the Amazon DynamoDB Developer Guide for"
          + " current limits and how to request higher limits."),

  /** The same in the embedded engine. */
  WILL_NOT_CHANGE_LOCALLY("DynamoDb.ValidationException", WILL_NOT_CHANGE.cause);

  private final String error;
  private final String cause;

  UpdateTableRefusal(String error, String cause) {
    this.error = error;
    this.cause = cause;
  }

  String error() {
    return error;
  }

  TaskFailure failure() {
    return new TaskFailure(error, cause);
  }

  /** As the answer of a task, each time. */
  TaskPort answer() {
    return call -> {
      throw failure();
    };
  }
}
