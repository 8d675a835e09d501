package dev.godwit.cli.price;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Something that AWS charges for, and how its price list calls it.
 *
 * <p>Names of usage types begin with the region in short, but in us-east-1, as in {@code
 * EU-WriteRequestUnits}. Those here are from price lists as public code reads them
 * (infracost/infracost, internal/resources/aws/dynamodb_table.go, and others; read 2026-11-26).
 */
public enum Price {
  WRITE("writeRequestUnit", "a write request unit", "AmazonDynamoDB", "WriteRequestUnits"),
  READ("readRequestUnit", "a read request unit", "AmazonDynamoDB", "ReadRequestUnits"),
  REPLICATED_WRITE(
      "replicatedWriteRequestUnit",
      "a replicated write request unit",
      "AmazonDynamoDB",
      "ReplWriteRequestUnits"),
  WRITE_HOUR(
      "writeCapacityUnitHour", "a WCU for an hour", "AmazonDynamoDB", "WriteCapacityUnit-Hrs"),
  READ_HOUR("readCapacityUnitHour", "a RCU for an hour", "AmazonDynamoDB", "ReadCapacityUnit-Hrs"),
  REPLICATED_WRITE_HOUR(
      "replicatedWriteCapacityUnitHour",
      "a replicated WCU for an hour",
      "AmazonDynamoDB",
      "ReplWriteCapacityUnit-Hrs"),
  IA_WRITE("iaWriteRequestUnit", "a write request unit", "AmazonDynamoDB", "IA-WriteRequestUnits"),
  IA_READ("iaReadRequestUnit", "a read request unit", "AmazonDynamoDB", "IA-ReadRequestUnits"),
  IA_REPLICATED_WRITE(
      "iaReplicatedWriteRequestUnit",
      "a replicated write request unit",
      "AmazonDynamoDB",
      "IA-ReplWriteRequestUnits"),
  IA_WRITE_HOUR(
      "iaWriteCapacityUnitHour", "a WCU for an hour", "AmazonDynamoDB", "IA-WriteCapacityUnit-Hrs"),
  IA_READ_HOUR(
      "iaReadCapacityUnitHour", "a RCU for an hour", "AmazonDynamoDB", "IA-ReadCapacityUnit-Hrs"),
  IA_REPLICATED_WRITE_HOUR(
      "iaReplicatedWriteCapacityUnitHour",
      "a replicated WCU for an hour",
      "AmazonDynamoDB",
      "IA-ReplWriteCapacityUnit-Hrs"),
  /** Charged once, when it is raised. What the price list calls it was not found. */
  WARM_WRITE("warmWriteUnit", "a write unit made warm", "AmazonDynamoDB", ""),
  /** The same. */
  WARM_READ("warmReadUnit", "a read unit made warm", "AmazonDynamoDB", ""),
  RECOVERY(
      "recoveryGigabyteMonth", "a GB for a month", "AmazonDynamoDB", "TimedPITRStorage-ByteHrs"),
  STORAGE("storageGigabyteMonth", "a GB for a month", "AmazonDynamoDB", "TimedStorage-ByteHrs"),
  LAMBDA_ARM("lambdaArmGigabyteSecond", "a GB-second", "AWSLambda", "Lambda-GB-Second-ARM"),
  LAMBDA_X86("lambdaX86GigabyteSecond", "a GB-second", "AWSLambda", "Lambda-GB-Second"),
  LAMBDA_REQUEST("lambdaRequest", "a request", "AWSLambda", "Request"),
  TRANSITION("stateTransition", "a state transition", "AmazonStates", "StateTransition"),
  S3_PUT("s3Put", "a PUT request", "AmazonS3", "Requests-Tier1"),
  S3_STORAGE("s3GigabyteMonth", "a GB for a month", "AmazonS3", "TimedStorage-ByteHrs");

  private final String field;
  private final String each;
  private final String service;
  private final Optional<Pattern> usageType;

  Price(String field, String each, String service, String usageType) {
    this.field = field;
    this.each = each;
    this.service = service;
    this.usageType =
        usageType.isEmpty()
            ? Optional.empty()
            : Optional.of(Pattern.compile("(?:(?!IA-)[A-Z]+[0-9]*-)?" + Pattern.quote(usageType)));
  }

  /** Its name in JSON. */
  public String field() {
    return field;
  }

  /** What it is the price of, for people. */
  public String each() {
    return each;
  }

  /** The services that charge for any of these, by their codes in price lists. */
  static Set<String> services() {
    return Arrays.stream(values())
        .map(Price::service)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Whose price list has it, by its code there. */
  String service() {
    return service;
  }

  /** Whether a price list means this by {@code usageType}. */
  boolean isNamed(String usageType) {
    return this.usageType.filter(form -> form.matcher(usageType).matches()).isPresent();
  }

  /** The price that is called {@code field} in JSON. */
  static Optional<Price> of(String field) {
    return Arrays.stream(values()).filter(price -> price.field.equals(field)).findFirst();
  }
}
