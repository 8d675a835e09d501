package dev.godwit.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.cli.ledger.Ledger;
import dev.godwit.cli.ledger.LedgerTable;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import dev.godwit.migration.Item;
import dev.godwit.testkit.ExportFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.PutRequest;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** Kills the process of a run over each source, as {@code kill -9} does, and goes on. */
class KilledSourcesTest {
  private static final int ITEMS = 1_000;
  private static final int PARTITIONS = 8;

  @TempDir Path folder;

  /** Where the items come from; each way answers its options of {@code godwit run}. */
  enum From {
    FILE {
      @Override
      List<String> prepare(Path folder, DynamoDbClient client) throws IOException {
        var text = new StringBuilder();
        items().forEach(item -> text.append("{\"id\":\"").append(item).append("\"}\n"));
        try (var out =
            new GZIPOutputStream(Files.newOutputStream(folder.resolve("tasks.jsonl.gz")))) {
          out.write(text.toString().getBytes(StandardCharsets.UTF_8));
        }
        return List.of("--source=tasks.jsonl.gz", "--source-format=json", "--target=Tasks");
      }
    },
    EXPORT {
      @Override
      List<String> prepare(Path folder, DynamoDbClient client) throws IOException {
        var export = new ExportFolder(folder.resolve("export")).ofTable("Tasks");
        var items = items();
        for (int from = 0; from < ITEMS; from += ITEMS / 10) {
          export.full(
              items.subList(from, from + ITEMS / 10).stream()
                  .map(id -> Item.empty().with("id", id))
                  .toList());
        }
        return List.of("--source=" + export.manifest(), "--target=Tasks");
      }
    },
    GENERATOR {
      @Override
      List<String> prepare(Path folder, DynamoDbClient client) throws IOException {
        Files.writeString(
            Files.createDirectories(folder.resolve("migrations/" + MADE)).resolve("Made.java"),
            """
            import dev.godwit.migration.*;
            import java.util.stream.LongStream;
            public final class Made implements Migration {
              public String id() { return "20261126-made-tasks"; }
              public String table() { return "Tasks"; }
              public String description() { return "Made"; }
              public Source source() {
                return Source.generator(
                    (shard, shards, position, context) ->
                        LongStream.iterate(shard + position * shards, n -> n < 1000, n -> n + shards)
                            .mapToObj(n -> Item.empty().with("id", "task-" + n))
                            .iterator());
              }
              public ItemTransform up() {
                return (item, context) -> Change.replace(item.with("completed", false));
              }
            }
            """);
        return List.of();
      }

      @Override
      String migration() {
        return MADE;
      }
    },
    INDEX {
      @Override
      List<String> prepare(Path folder, DynamoDbClient client) {
        fill(client);
        return List.of("--source=index:byGroup");
      }
    },
    KEYS {
      @Override
      List<String> prepare(Path folder, DynamoDbClient client) {
        fill(client);
        var options = new ArrayList<>(List.of("--source=index:byGroup"));
        for (int group = 0; group < PARTITIONS; group++) {
          options.add("--partition-key=g" + group);
        }
        return options;
      }
    };

    static final String MADE = "20261126-made-tasks";

    abstract List<String> prepare(Path folder, DynamoDbClient client) throws IOException;

    String migration() {
      return Tasks.MIGRATION;
    }

    static List<String> items() {
      return IntStream.range(0, ITEMS).mapToObj(i -> "task-" + i).toList();
    }

    static void fill(DynamoDbClient client) {
      for (int from = 0; from < ITEMS; from += 25) {
        var puts =
            IntStream.range(from, from + 25)
                .mapToObj(
                    i ->
                        Map.of(
                            "id", AttributeValue.fromS("task-" + i),
                            "group", AttributeValue.fromS("g" + i % PARTITIONS)))
                .map(
                    item ->
                        WriteRequest.builder()
                            .putRequest(PutRequest.builder().item(item).build())
                            .build())
                .toList();
        client.batchWriteItem(write -> write.requestItems(Map.of("Tasks", puts)));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void redrive_afterAKill_leavesWhatOneCleanRunLeaves(From from) throws Exception {
    try (var dynamoDb = LocalDynamoDb.inMemory();
        var client = dynamoDb.client()) {
      createTasks(client);
      var begin =
          new ArrayList<>(
              List.of(
                  "run",
                  "--local",
                  "--table=Tasks",
                  "--migration=" + from.migration(),
                  "--run-id=r",
                  "--segments=4",
                  "--max-concurrency=2",
                  "--slice-seconds=1",
                  "--write-units-per-second=" + ITEMS / 5,
                  "--region=us-east-1",
                  "--endpoint-url=" + dynamoDb.endpoint()));
      begin.addAll(from.prepare(folder, client));
      var run = new KillableRun(folder, new Ledger(client, LedgerTable.OF_MACHINES));

      var process = GodwitProcess.start(folder, begin);
      run.awaitMoreThan(0, process);
      assertThat(process.isAlive()).as(process.told()).isTrue();
      process.kill();
      run.redrive();

      var tasks = Tasks.over(client, "Tasks");
      assertThat(tasks.contents().keySet()).isEqualTo(Set.copyOf(From.items()));
      assertThat(tasks.migrated()).isEqualTo(ITEMS);
      JsonNode tally = run.report().path("tally");
      assertThat(tally.path("scanned").asLong()).as("scanned: %s", tally).isEqualTo(ITEMS);
      assertThat(
              List.of("put", "thereAlready", "updated", "kept").stream()
                  .collect(Collectors.summingLong(counter -> tally.path(counter).asLong())))
          .as("written, or written before: %s", tally)
          .isEqualTo(ITEMS);
    }
  }

  private static void createTasks(DynamoDbClient client) {
    client.createTable(
        create ->
            create
                .tableName("Tasks")
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(text("id"), text("group"))
                .keySchema(hash("id"))
                .globalSecondaryIndexes(
                    GlobalSecondaryIndex.builder()
                        .indexName("byGroup")
                        .keySchema(hash("group"))
                        .projection(kept -> kept.projectionType(ProjectionType.KEYS_ONLY))
                        .build()));
  }

  private static AttributeDefinition text(String name) {
    return AttributeDefinition.builder()
        .attributeName(name)
        .attributeType(ScalarAttributeType.S)
        .build();
  }

  private static KeySchemaElement hash(String name) {
    return KeySchemaElement.builder().attributeName(name).keyType(KeyType.HASH).build();
  }
}
