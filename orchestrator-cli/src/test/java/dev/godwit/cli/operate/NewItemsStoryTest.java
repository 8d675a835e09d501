package dev.godwit.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.cli.operate.Commands.Said;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The stories of docs/new-items.md: profiles that no table holds yet. */
class NewItemsStoryTest {
  private static final LocalDynamoDb DYNAMO_DB = LocalDynamoDb.inMemory();
  private static final DynamoDbClient CLIENT = DYNAMO_DB.client();
  private static final String GENERATED = "20261126-free-profiles";
  private static final String BY_ACTIONS = "20261127-profiles-of-users";

  @TempDir Path home;

  @AfterEach
  void deleteTables() {
    for (String name : CLIENT.listTables().tableNames()) {
      CLIENT.deleteTable(delete -> delete.tableName(name)); // the ledger too
    }
  }

  @AfterAll
  static void stop() {
    CLIENT.close();
    DYNAMO_DB.close();
  }

  private Said godwit(String command, String... more) {
    var all = new ArrayList<>(List.of("--local", "--segments=4"));
    all.addAll(List.of(more));
    return new Commands(DYNAMO_DB, home).godwit(command, all.toArray(String[]::new));
  }

  private void migration(String id, String name, String text) throws IOException {
    Files.writeString(
        Files.createDirectories(home.resolve("migrations").resolve(id)).resolve(name + ".java"),
        text);
  }

  private static void put(String table, String key, String value, String... more) {
    var item = new HashMap<String, AttributeValue>();
    item.put(key, AttributeValue.fromS(value));
    for (int i = 0; i < more.length; i += 2) {
      item.put(more[i], AttributeValue.fromS(more[i + 1]));
    }
    CLIENT.putItem(put -> put.tableName(table).item(item));
  }

  private static List<Map<String, AttributeValue>> all(String table) {
    return CLIENT.scanPaginator(scan -> scan.tableName(table)).items().stream().toList();
  }

  private String failures(String run) throws IOException {
    try (Stream<Path> records =
        Files.walk(home.resolve("results/results/runs").resolve(run).resolve("failures"))) {
      return records
          .filter(Files::isRegularFile)
          .map(NewItemsStoryTest::text)
          .collect(Collectors.joining());
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void profiles_ofNumberedUsers_areGenerated_andWhatIsThereStays() throws IOException {
    DYNAMO_DB.createTable("Profiles", "id");
    put("Profiles", "id", "user-7", "plan", "gold");
    put("Profiles", "id", "user-8", "plan", "free");
    migration(
        GENERATED,
        "FreeProfiles",
        """
        import dev.godwit.migration.*;
        import java.util.stream.LongStream;
        public final class FreeProfiles implements Migration {
          @Override public String id() { return "20261126-free-profiles"; }
          @Override public String table() { return "Profiles"; }
          @Override public String description() { return "A free profile for each of the first 1,000 users"; }
          @Override public Source source() {
            return Source.generator(
                (shard, shards, position, context) ->
                    LongStream.iterate(shard + position * shards, n -> n < 1_000, n -> n + shards)
                        .mapToObj(n -> Item.empty().with("id", "user-" + n).with("plan", "free"))
                        .iterator());
          }
          @Override public ItemTransform up() { return (item, context) -> Change.replace(item); }
        }
        """);

    var dry =
        godwit(
            "run",
            "--table=Profiles",
            "--migration=" + GENERATED,
            "--dry-run",
            "--item-failures-allowed=10");
    var made =
        godwit(
            "run",
            "--table=Profiles",
            "--migration=" + GENERATED,
            "--item-failures-allowed=10",
            "--run-id=profiles-1");
    var verified = godwit("verify", "--table=Profiles", "--migration=" + GENERATED);

    assertThat(dry.out()).containsPattern("would put +998\\n").contains("  + plan  \"free\"");
    assertThat(made.exit()).as(made.err()).isZero();
    assertThat(made.out())
        .containsPattern("put +998\\n")
        .containsPattern("there already +1\\n")
        .containsPattern("failed +1\\n")
        .contains("run the migration once more")
        .doesNotContain("--retry-failures");
    assertThat(failures("profiles-1")).contains("TargetTaken", "\"user-7\"").hasLineCount(1);
    assertThat(verified.exit()).isOne();
    assertThat(verified.out()).containsPattern("different +1\\n").contains("\"gold\" -> \"free\"");
    assertThat(all("Profiles"))
        .hasSize(1_000)
        .contains(
            Map.of("id", AttributeValue.fromS("user-7"), "plan", AttributeValue.fromS("gold")));
  }

  @Test
  void profilesAndTeams_ofUsers_areWrittenByActions_andAgainIsTheSame() throws IOException {
    DYNAMO_DB.createTable("Users", "id");
    DYNAMO_DB.createTable("Profiles", "id");
    DYNAMO_DB.createTable("Teams", "id");
    for (int i = 0; i < 200; i++) {
      put("Users", "id", "u" + i, "mail", "u" + i + "@example.org", "team", "t" + i % 10);
    }
    put("Profiles", "id", "u7", "plan", "gold");
    put("Teams", "id", "t3", "title", "Support");
    migration(
        BY_ACTIONS,
        "ProfilesOfUsers",
        """
        import dev.godwit.migration.*;
        public final class ProfilesOfUsers implements Migration {
          @Override public String id() { return "20261127-profiles-of-users"; }
          @Override public String table() { return "Users"; }
          @Override public String description() { return "A profile for each user; teams know that they have members"; }
          @Override public ItemTransform up() {
            return (user, context) ->
                Change.keep()
                    .and(Action.putIfAbsent("Profiles", Item.empty().with("id", user.string("id")).with("plan", "free")))
                    .and(Action.update("Teams", Item.empty().with("id", user.string("team")), Item.empty().with("hasMembers", true)));
          }
        }
        """);

    var dry = godwit("run", "--table=Users", "--migration=" + BY_ACTIONS, "--dry-run");
    var first = godwit("run", "--table=Users", "--migration=" + BY_ACTIONS);
    var profiles = all("Profiles");
    var teams = all("Teams");
    var again = godwit("run", "--table=Users", "--migration=" + BY_ACTIONS);

    assertThat(dry.out()).containsPattern("actions +400\\n");
    assertThat(first.exit()).as(first.err()).isZero();
    assertThat(first.out()).containsPattern("kept +200\\n").containsPattern("actions +400\\n");
    assertThat(profiles)
        .hasSize(200)
        .contains(Map.of("id", AttributeValue.fromS("u7"), "plan", AttributeValue.fromS("gold")));
    assertThat(teams)
        .hasSize(10)
        .allMatch(team -> team.containsKey("hasMembers"))
        .anyMatch(team -> AttributeValue.fromS("Support").equals(team.get("title")));
    assertThat(again.exit()).as(again.err()).isZero();
    assertThat(all("Profiles")).containsExactlyInAnyOrderElementsOf(profiles);
    assertThat(all("Teams")).containsExactlyInAnyOrderElementsOf(teams);
  }
}
