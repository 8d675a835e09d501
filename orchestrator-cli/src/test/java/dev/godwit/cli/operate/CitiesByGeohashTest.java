package dev.godwit.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.cli.operate.Commands.Said;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import dev.godwit.migration.Item;
import dev.godwit.migration.Value;
import dev.godwit.testkit.ExportFolder;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Cities of an export of 1,000 files, into a table that is keyed by their geohash. */
class CitiesByGeohashTest {
  private static final int FILES = 1_000;
  private static final LocalDynamoDb DYNAMO_DB = LocalDynamoDb.inMemory();
  private static final DynamoDbClient CLIENT = DYNAMO_DB.client();

  @TempDir Path home;

  @AfterAll
  static void stop() {
    CLIENT.close();
    DYNAMO_DB.close();
  }

  private Said godwit(String command, String source) {
    return new Commands(DYNAMO_DB, home)
        .looking(
            command,
            "--local",
            "--table=Cities",
            "--migration=20261120-city-coordinates",
            "--source=" + source,
            "--target=CitiesByPlace",
            "--segments=16");
  }

  private static String export(Path folder, List<Map<String, AttributeValue>> cities)
      throws IOException {
    var export = new ExportFolder(folder).ofTable("Cities");
    for (int file = 0; file < FILES; file++) {
      var items = new ArrayList<Item>();
      for (int i = file; i < cities.size(); i += FILES) {
        var item = Item.empty();
        for (var attribute : cities.get(i).entrySet()) {
          item = item.with(attribute.getKey(), Value.string(attribute.getValue().s()));
        }
        items.add(item);
      }
      export.full(items);
    }
    return export.manifest();
  }

  @Test
  void cities_ofAnExport_areCopiedUnderTheirGeohash_andVerified() throws IOException {
    DYNAMO_DB.createTable("Cities", "country", "id"); // the export is what is left of its items
    DYNAMO_DB.createTable("CitiesByPlace", "geohash", "id");
    var cities = Cities.all();
    var manifest = export(home.resolve("export"), List.copyOf(cities.values()));

    var run = godwit("run", manifest);
    var verified = godwit("verify", manifest);

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.out()).containsPattern("put +%,d\n".formatted(cities.size()));
    assertThat(verified.exit()).as(verified.err()).isZero();
    assertThat(verified.out())
        .contains("unexplained  0 of the %,d items in the target".formatted(cities.size()));
    var there = new TreeMap<String, Map<String, AttributeValue>>();
    CLIENT
        .scanPaginator(scan -> scan.tableName("CitiesByPlace"))
        .items()
        .forEach(item -> there.put(Cities.name(item), item));
    assertThat(there.keySet()).isEqualTo(cities.keySet());
    assertThat(
            there.entrySet().stream()
                .filter(
                    city ->
                        number(city.getValue(), "lat")
                                .compareTo(
                                    new BigDecimal(
                                        value(
                                                Objects.requireNonNull(cities.get(city.getKey())),
                                                "lat")
                                            .s()))
                            != 0))
        .as("cities elsewhere than in the file")
        .isEmpty();
  }

  private static BigDecimal number(Map<String, AttributeValue> item, String name) {
    return new BigDecimal(value(item, name).n());
  }

  private static AttributeValue value(Map<String, AttributeValue> item, String name) {
    return Objects.requireNonNull(item.get(name));
  }
}
