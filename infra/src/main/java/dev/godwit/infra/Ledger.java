package dev.godwit.infra;

import dev.godwit.run.ledger.LedgerKey;
import dev.godwit.run.ledger.LedgerTags;
import java.util.List;
import software.amazon.awscdk.Aws;
import software.amazon.awscdk.Fn;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Tags;
import software.amazon.awscdk.services.dynamodb.Attribute;
import software.amazon.awscdk.services.dynamodb.AttributeType;
import software.amazon.awscdk.services.dynamodb.BillingMode;
import software.amazon.awscdk.services.dynamodb.PointInTimeRecoverySpecification;
import software.amazon.awscdk.services.dynamodb.Table;
import software.constructs.Construct;

/**
 * The table of runs, leases and applied migrations.
 *
 * <p>Runs on machines have to take their tables in it too, or nothing would keep a run there and
 * one on AWS off the same table. They find it by its name's beginning, and the tables that it is
 * for by its tags: {@link LedgerTags}.
 */
public final class Ledger extends Construct {
  /** Of a construct's address, which is {@code c8} and 40 digits: to tell those of one stack. */
  private static final int FIRST_DIGIT = 2;

  private static final int OWN_DIGITS = 6;

  private final Table table;

  /**
   * @param tables the names of the tables that its runs are over
   * @param destroyData whether it goes with the stack; otherwise it stays, and cannot be deleted by
   *     mistake
   */
  Ledger(Construct scope, String id, List<String> tables, boolean destroyData) {
    super(scope, id);
    table =
        Table.Builder.create(this, "Table")
            .tableName(tableName())
            .partitionKey(
                Attribute.builder().name(LedgerKey.PARTITION).type(AttributeType.STRING).build())
            .sortKey(Attribute.builder().name(LedgerKey.SORT).type(AttributeType.STRING).build())
            .billingMode(BillingMode.PAY_PER_REQUEST)
            .pointInTimeRecoverySpecification(
                PointInTimeRecoverySpecification.builder().pointInTimeRecoveryEnabled(true).build())
            .deletionProtection(!destroyData)
            .removalPolicy(destroyData ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN)
            .build();
    LedgerTags.of(tables).forEach((key, value) -> Tags.of(table).add(key, value));
  }

  /**
   * A stack that is deployed again has another id, and so another name for its ledger: the one
   * before may have stayed.
   */
  private String tableName() {
    var stackId = Fn.select(2, Fn.split("/", Aws.STACK_ID));
    return Fn.join(
        "-",
        List.of(
            LedgerTags.NAME,
            Aws.STACK_NAME,
            Fn.select(0, Fn.split("-", stackId)),
            getNode().getAddr().substring(FIRST_DIGIT, FIRST_DIGIT + OWN_DIGITS)));
  }

  public Table table() {
    return table;
  }
}
