package dev.godwit.run;

import java.util.List;
import java.util.stream.Stream;

/**
 * What a worker does to the table that it migrates, as IAM names it: what a deployment allows, and
 * what a plan asks about.
 *
 * <p>Transactions are allowed by the actions of their parts (DynamoDB developer guide, "Using IAM
 * with DynamoDB transactions"; read 2026-11-20), BatchExecuteStatement by the PartiQL actions ("IAM
 * security policies with PartiQL for DynamoDB"; read 2026-11-20).
 */
public final class WorkerActions {
  private static final List<String> ALWAYS =
      List.of(
          "dynamodb:BatchGetItem",
          "dynamodb:BatchWriteItem",
          "dynamodb:DeleteItem",
          "dynamodb:DescribeTable",
          "dynamodb:PutItem",
          "dynamodb:Scan",
          "dynamodb:UpdateItem");

  private static final List<String> OF_STATEMENTS =
      List.of("dynamodb:PartiQLDelete", "dynamodb:PartiQLInsert", "dynamodb:PartiQLUpdate");

  private static final List<String> OF_SELECTION = List.of("dynamodb:Query", "dynamodb:Scan");

  private WorkerActions() {}

  /**
   * What it does to its table and to the indexes of that when it takes items from there that an
   * index or partition keys select; indexes are resources of their own, {@code table/NAME/index/*}
   * (Service Authorization Reference, "Actions, resources, and condition keys for Amazon DynamoDB";
   * read 2026-11-26).
   */
  public static List<String> ofSelection() {
    return OF_SELECTION;
  }

  /**
   * The actions, in the order of their names.
   *
   * @param singleWrites whether it writes one by one, which uses no PartiQL
   */
  public static List<String> onItsTable(boolean singleWrites) {
    return singleWrites
        ? ALWAYS
        : Stream.concat(ALWAYS.stream(), OF_STATEMENTS.stream()).sorted().toList();
  }
}
