package dev.godwit.infra;

import dev.godwit.run.ledger.LedgerKey;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.dynamodb.Attribute;
import software.amazon.awscdk.services.dynamodb.AttributeType;
import software.amazon.awscdk.services.dynamodb.BillingMode;
import software.amazon.awscdk.services.dynamodb.PointInTimeRecoverySpecification;
import software.amazon.awscdk.services.dynamodb.Table;
import software.constructs.Construct;

/** The table of runs, leases and applied migrations. */
public final class Ledger extends Construct {
  private final Table table;

  /**
   * @param destroyData whether it goes with the stack; otherwise it stays, and cannot be deleted by
   *     mistake
   */
  Ledger(Construct scope, String id, boolean destroyData) {
    super(scope, id);
    table =
        Table.Builder.create(this, "Table")
            .partitionKey(
                Attribute.builder().name(LedgerKey.PARTITION).type(AttributeType.STRING).build())
            .sortKey(Attribute.builder().name(LedgerKey.SORT).type(AttributeType.STRING).build())
            .billingMode(BillingMode.PAY_PER_REQUEST)
            .pointInTimeRecoverySpecification(
                PointInTimeRecoverySpecification.builder().pointInTimeRecoveryEnabled(true).build())
            .deletionProtection(!destroyData)
            .removalPolicy(destroyData ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN)
            .build();
  }

  public Table table() {
    return table;
  }
}
