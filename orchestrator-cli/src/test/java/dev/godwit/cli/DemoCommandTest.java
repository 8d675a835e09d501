package dev.godwit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.cli.engine.EmbeddedEngines;
import dev.godwit.cli.launch.Interrupts;
import dev.godwit.cli.run.StopSignal;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The demo as it is: its own DynamoDB Local, the real definitions, the real worker. */
class DemoCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  private final TestScreen screen = TestScreen.plain();

  @Test
  void demo_alone_fillsATableMigratesItAndShowsWhatHappened() {
    assertThat(demo(NEVER, "--items=300", "--segments=8")).isZero();
    assertThat(screen.out())
        .contains("Table Demo in a DynamoDB Local of its own, key observer, id")
        .contains("SUCCEEDED")
        .containsPattern("scanned +300\n")
        .containsPattern("updated +300\n")
        .contains("One item before:")
        .contains("\"updatedAt\":{\"S\":\"")
        .contains("Try next:");
    assertThat(screen.err())
        .contains("Filling   100 %  300/300 items")
        .contains("Migrating 100 %  8/8 segments");
  }

  @Test
  void demo_outputJson_hasOnlyTheObjectOnStdout() throws IOException {
    assertThat(demo(NEVER, "--items=50", "--segments=2", "--output=json")).isZero();
    assertThat(screen.out().lines()).hasSize(1);
    var json = JSON.readTree(screen.out());
    assertThat(json.at("/tally/updated").asInt()).isEqualTo(50);
    assertThat(json.at("/segments/succeeded").asInt()).isEqualTo(2);
    assertThat(screen.err()).contains("One item before:");
  }

  @Test
  void demo_theOtherMigrations_suitTheItemsMadeUp() {
    assertThat(demo(NEVER, "--items=50", "--segments=2", "--migration=20261120-city-coordinates"))
        .isZero();
    assertThat(demo(NEVER, "--items=50", "--segments=2", "--migration=20261120-completed-flag"))
        .isZero();
    assertThat(screen.out()).contains("Table Cities").contains("Table Tasks");
  }

  @Test
  void demo_ofCities_convertsEveryOneExactly_andASecondRunFindsNothing() throws Exception {
    int port = freePort();
    var cities = cities();
    var checked = new HashMap<String, Integer>();
    var whileServed =
        new Interrupts() {
          private int times;

          @Override
          public <T> T during(StopSignal stop, Supplier<T> work) {
            if (times++ == 1) { // the run is over, and the table is being served
              check(cities, port);
              checked.put("updated by a second run", updatedByASecondRun(port));
              stop.stop();
            }
            return work.get();
          }
        };
    assertThat(
            demo(
                whileServed,
                "--items-from=" + resource("cities.jsonl"),
                "--key=country,id",
                "--migration=20261120-city-coordinates",
                "--segments=16",
                "--keep=" + port))
        .isZero();
    assertThat(screen.out())
        .containsPattern("scanned +" + cities.size() + "\n")
        .containsPattern("updated +" + cities.size() + "\n")
        .contains("Serving at http://127.0.0.1:" + port);
    assertThat(checked).containsEntry("updated by a second run", 0);
  }

  /** Reads the table back with the plain SDK, and the file with plain JSON. */
  private static void check(Map<String, JsonNode> cities, int port) {
    try (var client = client(port)) {
      var stored = new HashMap<String, Map<String, AttributeValue>>();
      client
          .scanPaginator(scan -> scan.tableName("Cities"))
          .items()
          .forEach(item -> stored.put(text(item, "country") + "/" + text(item, "id"), item));
      assertThat(stored.keySet()).isEqualTo(cities.keySet());
      cities.forEach((key, city) -> checkOne(city, Objects.requireNonNull(stored.get(key))));
    }
  }

  private static void checkOne(JsonNode city, Map<String, AttributeValue> stored) {
    var expected = new HashMap<String, AttributeValue>();
    for (String name : new String[] {"country", "id", "name", "admin2"}) {
      expected.put(name, AttributeValue.fromS(city.get(name).asText()));
    }
    var admin1 = city.get("admin1").asText();
    expected.put(admin1.isEmpty() ? "admin1" : "region", AttributeValue.fromS(admin1));
    for (String name : new String[] {"lat", "lng"}) {
      var number = Objects.requireNonNull(stored.get(name));
      assertThat(number.type()).isEqualTo(AttributeValue.Type.N);
      assertThat(new BigDecimal(number.n()))
          .isEqualByComparingTo(new BigDecimal(city.get(name).asText()));
      expected.put(name, number);
    }
    assertThat(text(stored, "geohash")).hasSize(9);
    expected.put("geohash", AttributeValue.fromS(text(stored, "geohash")));
    assertThat(stored).isEqualTo(expected);
  }

  private int updatedByASecondRun(int port) {
    var second = TestScreen.plain();
    int exit =
        new Godwit(second.screen(), Map.of(), new EmbeddedEngines(), new NoAws(), NEVER)
            .execute(
                "run",
                "--local",
                "--table=Cities",
                "--migration=20261120-city-coordinates",
                "--segments=16",
                "--region=us-east-1",
                "--endpoint-url=http://127.0.0.1:" + port,
                "--results=" + folder,
                "--output=json");
    assertThat(exit).as(second.err()).isZero();
    try {
      var tally = JSON.readTree(second.out()).get("tally");
      assertThat(tally.get("scanned").asInt()).isEqualTo(tally.get("kept").asInt());
      return tally.get("updated").asInt();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--items=0|give a whole number of at least 1, not '0'",
        "--items=many|give a whole number of at least 1, not 'many'",
        "--keep=70000|give a port from 1 to 65535, not '70000'",
        "--format=csv|give json or dynamodb-json, not 'csv'",
        "--key=id|--key goes with --items-from",
        "--items-from=missing.jsonl|Name the key of the items in missing.jsonl: --key PARTITION",
        "--items-from=missing.jsonl --key=a,b,c|Name the key of the items",
        "--items-from=missing.jsonl --key=id|There is no file missing.jsonl",
        "--migration=20261120-nothing|There is no migration 20261120-nothing; known: ",
        "--table=Cities --migration=20261120-completed-flag|is meant for the table Tasks*, not for Cities",
        "--down|has no way down",
        "--segments=0|give a whole number from 1 to 1,000,000",
        "--table=a|tableName must be a DynamoDB table's name",
      })
  void demo_askedForWhatCannotBe_saysSoInASentence(String options, String message) {
    assertThat(demo(NEVER, options.split(" "))).isEqualTo(2);
    assertThat(screen.err()).contains(message);
    assertThat(screen.err().lines()).hasSizeLessThanOrEqualTo(2);
    assertThat(screen.out()).isEmpty();
  }

  @Test
  void demo_aBadLine_isNamedBeforeAnythingIsWritten() throws IOException {
    var file = folder.resolve("items.jsonl");
    Files.writeString(file, "{\"id\":\"1\"}\n{\"id\":\n");
    assertThat(demo(NEVER, "--items-from=" + file, "--key=id")).isEqualTo(2);
    assertThat(screen.err())
        .contains(file + ", line 2: not JSON")
        .contains("Nothing was written")
        .doesNotContain("Filling");
  }

  @Test
  void demo_anItemThatDynamoDbRefuses_isNamedWithItsLine() throws IOException {
    var file = folder.resolve("items.jsonl");
    Files.writeString(
        file,
        "{\"id\":\"1\"}\n\n{\"id\":\"2\",\"big\":\""
            + "x".repeat(410_000)
            + "\"}\n{\"id\":\"3\"}\n");
    assertThat(demo(NEVER, "--items-from=" + file, "--key=id")).isEqualTo(2);
    assertThat(screen.err())
        .contains(file + ", line 3: DynamoDB refused this item: ")
        .contains("size");
  }

  @Test
  void demo_aPortThatIsTaken_saysSo() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(demo(NEVER, "--items=10", "--keep=" + taken.getLocalPort())).isEqualTo(2);
      assertThat(screen.err())
          .contains("Port " + taken.getLocalPort() + " cannot be served")
          .contains("choose another for --keep");
    }
  }

  private static final Interrupts NEVER =
      new Interrupts() {
        @Override
        public <T> T during(StopSignal stop, Supplier<T> work) {
          return work.get();
        }
      };

  private int demo(Interrupts interrupts, String... options) {
    var arguments = new String[options.length + 2];
    arguments[0] = "demo";
    arguments[1] = "--results=" + folder.resolve("results");
    System.arraycopy(options, 0, arguments, 2, options.length);
    return new Godwit(screen.screen(), Map.of(), new EmbeddedEngines(), new NoAws(), interrupts)
        .execute(arguments);
  }

  private static Map<String, JsonNode> cities() throws IOException {
    var cities = new HashMap<String, JsonNode>();
    for (String line : Files.readAllLines(resource("cities.jsonl"))) {
      var city = JSON.readTree(line);
      cities.put(city.get("country").asText() + "/" + city.get("id").asText(), city);
    }
    assertThat(cities).hasSizeGreaterThan(300);
    return cities;
  }

  private static Path resource(String name) {
    try {
      return Path.of(Objects.requireNonNull(DemoCommandTest.class.getResource(name), name).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static DynamoDbClient client(int port) {
    return DynamoDbClient.builder()
        .endpointOverride(URI.create("http://127.0.0.1:" + port))
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
        .httpClient(UrlConnectionHttpClient.create())
        .build();
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static String text(Map<String, AttributeValue> item, String name) {
    return Objects.requireNonNull(item.get(name), name).s();
  }
}
