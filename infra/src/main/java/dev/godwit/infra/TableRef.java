package dev.godwit.infra;

import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awscdk.Arn;
import software.amazon.awscdk.ArnComponents;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.Token;

/**
 * A DynamoDB table that is there already, by name or by ARN.
 *
 * @param nameOrArn the table's name, in the stack's own account and region, or its ARN
 * @param kmsKeyArn the customer managed key that the table is encrypted with, if it is
 */
public record TableRef(String nameOrArn, Optional<String> kmsKeyArn) {
  /**
   * DynamoDB's rule for table names: developer guide, "Supported data types and naming rules"; read
   * 2026-11-20.
   */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{3,255}");

  private static final Pattern TABLE_ARN =
      Pattern.compile("arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:\\d{12}:table/([A-Za-z0-9_.-]{3,255})");

  private static final Pattern KEY_ARN =
      Pattern.compile("arn:aws[a-z-]*:kms:[a-z0-9-]+:\\d{12}:key/[A-Za-z0-9-]+");

  public TableRef {
    if (!NAME.matcher(nameOrArn).matches() && !TABLE_ARN.matcher(nameOrArn).matches()) {
      throw new InvalidOptions(
          "\""
              + nameOrArn
              + "\" is neither a table's name nor its ARN (arn:aws:dynamodb:REGION:ACCOUNT:table/NAME).");
    }
    kmsKeyArn.ifPresent(TableRef::checkKey);
  }

  /**
   * Refuses what is no key's ARN.
   *
   * @throws InvalidOptions when {@code arn} is none
   */
  static void checkKey(String arn) {
    if (!KEY_ARN.matcher(arn).matches()) {
      throw new InvalidOptions(
          "\""
              + arn
              + "\" is not a key's ARN (arn:aws:kms:REGION:ACCOUNT:key/ID); an alias will not do.");
    }
  }

  /** A table without a key of the customer's. */
  public static TableRef of(String nameOrArn) {
    return new TableRef(nameOrArn, Optional.empty());
  }

  /** The table's name. */
  public String name() {
    var arn = TABLE_ARN.matcher(nameOrArn);
    return arn.matches() ? arn.group(1) : nameOrArn;
  }

  /** Whether this is surely a table of another account or region than {@code stack}'s. */
  boolean isElsewhere(Stack stack) {
    if (!TABLE_ARN.matcher(nameOrArn).matches()) {
      return false;
    }
    var parts = nameOrArn.split(":", -1);
    return differs(parts[3], stack.getRegion()) || differs(parts[4], stack.getAccount());
  }

  /** A stack that is for any account does not know its own yet. */
  private static boolean differs(String said, String own) {
    return !Boolean.TRUE.equals(Token.isUnresolved(own)) && !said.equals(own);
  }

  /** The table's ARN, in the partition, region and account of {@code stack} unless it says so. */
  String arn(Stack stack) {
    if (TABLE_ARN.matcher(nameOrArn).matches()) {
      return nameOrArn;
    }
    return Arn.format(
        ArnComponents.builder()
            .service("dynamodb")
            .resource("table")
            .resourceName(nameOrArn)
            .build(),
        stack);
  }
}
