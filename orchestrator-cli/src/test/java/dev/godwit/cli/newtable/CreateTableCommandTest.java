package dev.godwit.cli.newtable;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.cli.Godwit;
import dev.godwit.cli.NoAws;
import dev.godwit.cli.TestScreen;
import dev.godwit.cli.engine.EmbeddedEngines;
import dev.godwit.cli.launch.Interrupts;
import dev.godwit.cli.run.StopSignal;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.LocalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughput;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

/** The command against DynamoDB Local. */
class CreateTableCommandTest {
  private static final LocalDynamoDb DYNAMO_DB = LocalDynamoDb.inMemory();
  private static final DynamoDbClient CLIENT = DYNAMO_DB.client();

  private static final Interrupts NEVER =
      new Interrupts() {
        @Override
        public <T> T during(StopSignal stop, Supplier<T> work) {
          return work.get();
        }
      };

  private final TestScreen screen = TestScreen.plain();

  static {
    CLIENT.createTable(
        create ->
            create
                .tableName("Cities")
                .keySchema(key("country", KeyType.HASH), key("id", KeyType.RANGE))
                .attributeDefinitions(
                    attribute("country", ScalarAttributeType.S),
                    attribute("id", ScalarAttributeType.S),
                    attribute("geohash", ScalarAttributeType.S),
                    attribute("population", ScalarAttributeType.N))
                .globalSecondaryIndexes(
                    index("byGeohash", key("geohash", KeyType.HASH)),
                    index(
                        "byPopulation",
                        key("country", KeyType.HASH),
                        key("population", KeyType.RANGE)))
                .localSecondaryIndexes(
                    LocalSecondaryIndex.builder()
                        .indexName("inCountry")
                        .keySchema(key("country", KeyType.HASH), key("population", KeyType.RANGE))
                        .projection(projection -> projection.projectionType(ProjectionType.ALL))
                        .build())
                .provisionedThroughput(units(7, 9))
                .streamSpecification(
                    stream -> stream.streamEnabled(true).streamViewType(StreamViewType.NEW_IMAGE)));
    CLIENT.updateTimeToLive(
        update ->
            update
                .tableName("Cities")
                .timeToLiveSpecification(spec -> spec.enabled(true).attributeName("until")));
  }

  @AfterAll
  static void stop() {
    CLIENT.close();
    DYNAMO_DB.close();
  }

  private static KeySchemaElement key(String name, KeyType type) {
    return KeySchemaElement.builder().attributeName(name).keyType(type).build();
  }

  private static AttributeDefinition attribute(String name, ScalarAttributeType type) {
    return AttributeDefinition.builder().attributeName(name).attributeType(type).build();
  }

  private static ProvisionedThroughput units(long read, long write) {
    return ProvisionedThroughput.builder()
        .readCapacityUnits(read)
        .writeCapacityUnits(write)
        .build();
  }

  private static GlobalSecondaryIndex index(String name, KeySchemaElement... keys) {
    return GlobalSecondaryIndex.builder()
        .indexName(name)
        .keySchema(keys)
        .projection(projection -> projection.projectionType(ProjectionType.KEYS_ONLY))
        .provisionedThroughput(units(3, 4))
        .build();
  }

  private int execute(String... more) {
    var arguments = new ArrayList<String>();
    arguments.add("create-table");
    arguments.addAll(List.of(more));
    arguments.add("--region=us-east-1");
    arguments.add("--endpoint-url=" + DYNAMO_DB.endpoint());
    return new Godwit(screen.screen(), Map.of(), new EmbeddedEngines(), new NoAws(), NEVER)
        .execute(arguments.toArray(String[]::new));
  }

  @Test
  void createTable_withAnotherKey_hasWhatMakesSenseOfTheOtherAndSaysWhatItHasNot() {
    assertThat(execute("--like=Cities", "--name=Cities-2", "--key=geohash:S")).isZero();

    var made = CLIENT.describeTable(describe -> describe.tableName("Cities-2")).table();
    assertThat(made.keySchema()).containsExactly(key("geohash", KeyType.HASH));
    assertThat(made.provisionedThroughput().readCapacityUnits()).isEqualTo(7);
    assertThat(made.provisionedThroughput().writeCapacityUnits()).isEqualTo(9);
    assertThat(made.globalSecondaryIndexes())
        .extracting(GlobalSecondaryIndexDescription::indexName)
        .containsExactly("byPopulation");
    assertThat(made.globalSecondaryIndexes().get(0).provisionedThroughput().writeCapacityUnits())
        .isEqualTo(4);
    assertThat(made.hasLocalSecondaryIndexes()).isFalse();
    assertThat(made.attributeDefinitions())
        .containsExactlyInAnyOrder(
            attribute("geohash", ScalarAttributeType.S),
            attribute("country", ScalarAttributeType.S),
            attribute("population", ScalarAttributeType.N));
    assertThat(screen.out())
        .contains("Making Cities-2 like Cities, with the key geohash HASH.")
        .contains("has      provisioned, 7 read and 9 write units")
        .contains("has      index byPopulation")
        .contains("has not  index byGeohash: the table has its key")
        .contains("has not  index inCountry: a local index needs the table's partition key")
        .contains("has not  its stream (NEW_IMAGE)")
        .contains("has not  time to live by \"until\"")
        .contains("has not  auto scaling")
        .contains("Made Cities-2");
  }

  @Test
  void createTable_withoutAKey_hasTheOthersKeyAndAllOfItsIndexes() {
    assertThat(execute("--like=Cities", "--name=Cities-same")).isZero();

    var made = CLIENT.describeTable(describe -> describe.tableName("Cities-same")).table();
    assertThat(made.keySchema())
        .containsExactly(key("country", KeyType.HASH), key("id", KeyType.RANGE));
    assertThat(made.globalSecondaryIndexes()).hasSize(2);
    assertThat(made.localSecondaryIndexes()).hasSize(1);
  }

  @Test
  void createTable_aKeyOfAnotherTypeThanInAnIndex_leavesThatIndexOut() {
    assertThat(execute("--like=Cities", "--name=Cities-typed", "--key=population:S,id:S")).isZero();

    var made = CLIENT.describeTable(describe -> describe.tableName("Cities-typed")).table();
    assertThat(made.globalSecondaryIndexes())
        .extracting(GlobalSecondaryIndexDescription::indexName)
        .containsExactly("byGeohash");
    assertThat(screen.out())
        .contains("has not  index byPopulation: its key \"population\" is of type N");
  }

  @Test
  void createTable_dryRun_saysItAndMakesNone() {
    assertThat(execute("--like=Cities", "--name=Cities-dry", "--key=id:S", "--dry-run")).isZero();

    assertThat(screen.out()).contains("Would make Cities-dry").doesNotContain("Made");
    assertThat(CLIENT.listTables().tableNames()).doesNotContain("Cities-dry");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--like=Nowhere --name=Cities-3|There is no table Nowhere",
        "--like=Cities --name=Cities|There is a table Cities at",
        "--like=Cities --name=C|--name must be a DynamoDB table's name",
        "--like=Cities --name=Cities-3 --key=id|--key must be a partition key and perhaps a sort key",
        "--like=Cities --name=Cities-3 --key=id:X|--key must be a partition key and perhaps a sort key",
        "--like=Cities --name=Cities-3 --key=id:S,id:N|--key must be a partition key and perhaps a sort key",
        "--like=Cities --name=Cities-3 --key=a:S,b:S,c:S|--key must be a partition key and perhaps a sort key",
        "--like=Cities --name=Cities-3 --key=|--key must be a partition key and perhaps a sort key",
      })
  void createTable_whatCannotBe_isRefusedInOneSentenceAndMakesNothing(String options, String said) {
    var before = CLIENT.listTables().tableNames();

    assertThat(execute(options.split(" "))).isEqualTo(2);

    assertThat(screen.err()).contains(said);
    assertThat(CLIENT.listTables().tableNames()).isEqualTo(before);
  }
}
