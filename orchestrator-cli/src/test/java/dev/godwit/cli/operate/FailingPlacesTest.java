package dev.godwit.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.godwit.cli.Godwit;
import dev.godwit.cli.NoAws;
import dev.godwit.cli.TestScreen;
import dev.godwit.cli.engine.EmbeddedEngines;
import dev.godwit.cli.launch.Interrupts;
import dev.godwit.cli.run.StopSignal;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A folder that is damaged, a table that answers no more: each is told, none is our fault. */
class FailingPlacesTest {
  private static final Interrupts NEVER =
      new Interrupts() {
        @Override
        public <T> T during(StopSignal stop, Supplier<T> work) {
          return work.get();
        }
      };

  private static final LocalDynamoDb DYNAMO_DB = LocalDynamoDb.inMemory();
  private static final DynamoDbClient CLIENT = DYNAMO_DB.client();
  private static final int ITEMS = 60;
  private static int tables;

  @TempDir Path folder;
  private String table = "";
  private String run = "";

  @BeforeEach
  void makeTable() {
    table = "CitiesFailing" + ++tables;
    run = "run-" + tables;
    DYNAMO_DB.createTable(table, "id");
  }

  @AfterAll
  static void stop() {
    CLIENT.close();
    DYNAMO_DB.close();
  }

  /** What a command has said, and its exit code. */
  private record Said(int exit, String out, String err) {}

  private Said godwit(String... arguments) {
    var screen = TestScreen.plain();
    var all = new ArrayList<>(List.of(arguments));
    all.add("--results=" + folder);
    int exit =
        new Godwit(screen.screen(), Map.of(), new EmbeddedEngines(), new NoAws(), NEVER)
            .execute(all.toArray(String[]::new));
    return new Said(exit, screen.out(), screen.err());
  }

  private Said run(URI endpoint) {
    return godwit(
        "run",
        "--local",
        "--table=" + table,
        "--migration=20261120-city-coordinates",
        "--run-id=" + run,
        "--segments=4",
        "--max-concurrency=1",
        "--region=us-east-1",
        "--endpoint-url=" + endpoint);
  }

  private void putCity(String id, String latitude) {
    CLIENT.putItem(
        put ->
            put.tableName(table)
                .item(
                    Map.of(
                        "id", AttributeValue.fromS(id),
                        "lat", AttributeValue.fromS(latitude),
                        "lng", AttributeValue.fromS("11.5"))));
  }

  private static void assertTold(Said said, int exit, String... sentences) {
    assertThat(said.exit()).as(said.err()).isEqualTo(exit);
    assertThat(said.err()).contains(sentences).doesNotContain("fault of Godwit", "\tat ");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void run_whoseConnectionIsLostAfterSomeRequests_isTold(int answered) throws IOException {
    try (var lost = new LostAfter(answered)) {
      assertTold(run(lost.endpoint()), 3, "cannot be reached");
    }
  }

  @ParameterizedTest
  @CsvSource({"status", "report", "watch", "stop", "redrive"})
  void commands_aboutARunWhoseFileIsGarbled_sayThatItIsDamaged(String command) throws Exception {
    putCity("a", "north");
    assertThat(run(DYNAMO_DB.endpoint()).exit()).isEqualTo(1);
    Files.writeString(folder.resolve("executions/" + run + "/execution.json"), "garbled{");
    assertTold(
        godwit(command, run),
        3,
        "execution.json is damaged: it is not what was written",
        "start a new one");
  }

  @Test
  void redrive_whoseJournalHasLinesMissing_saysThatItIsDamagedAndNotThatItWasStopped()
      throws Exception {
    failWithMostSegmentsToCome();
    Files.writeString(mapRun().resolve("items.jsonl"), "");
    var said = godwit("redrive", run);
    assertTold(said, 3, "is damaged", "start a new one", "keeps what is migrated already");
    assertThat(said.err()).doesNotContain("Stopped");
  }

  @Test
  void redrive_whoseJournalIsGarbled_saysSo() throws Exception {
    failWithMostSegmentsToCome();
    var journal = mapRun().resolve("journal.jsonl");
    Files.writeString(journal, "garbled{\n" + Files.readString(journal));
    assertTold(
        godwit("redrive", run),
        3,
        "journal.jsonl is damaged: line 1 is no JSON",
        "start a new one",
        "keeps what is migrated already");
  }

  /** Every segment has an item that cannot be migrated, until it is mended. */
  private void failWithMostSegmentsToCome() {
    for (int i = 0; i < ITEMS; i++) {
      putCity("id-" + i, "north");
    }
    assertThat(run(DYNAMO_DB.endpoint()).exit()).isEqualTo(1);
    for (int i = 0; i < ITEMS; i++) {
      putCity("id-" + i, "48.1");
    }
  }

  private Path mapRun() throws IOException {
    try (var runs = Files.list(folder.resolve("executions/" + run + "/map-runs"))) {
      return runs.findFirst().orElseThrow();
    }
  }

  /** Passes some requests on to the DynamoDB Local; then it is gone, in the middle of an answer. */
  private static final class LostAfter implements AutoCloseable {
    private final HttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger left;

    LostAfter(int answered) throws IOException {
      left = new AtomicInteger(answered);
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            try (exchange) {
              if (left.getAndDecrement() <= 0) {
                return;
              }
              var request =
                  HttpRequest.newBuilder(DYNAMO_DB.endpoint())
                      .POST(
                          HttpRequest.BodyPublishers.ofByteArray(
                              exchange.getRequestBody().readAllBytes()));
              for (String name : List.of("X-Amz-Target", "Authorization", "Content-Type")) {
                request.header(name, exchange.getRequestHeaders().getFirst(name));
              }
              var answer = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
              exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
              exchange.getResponseBody().write(answer.body());
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
      server.start();
    }

    URI endpoint() {
      return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
