package dev.godwit.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
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
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Runs that only look, by somebody who may not do more. */
class ReadOnlyTest {
  /** What read-only credentials allow; all else is refused. */
  private static final Set<String> READS =
      Set.of(
          "BatchGetItem",
          "DescribeTable",
          "GetItem",
          "ListTables",
          "ListTagsOfResource",
          "Query",
          "Scan");

  private final LocalDynamoDb dynamoDb = LocalDynamoDb.inMemory();
  private final DynamoDbClient client = dynamoDb.client();
  private final HttpClient http = HttpClient.newHttpClient();
  private final Queue<String> refused = new ConcurrentLinkedQueue<>();
  private final Queue<String> allowed = new ConcurrentLinkedQueue<>();
  private final HttpServer guard;

  @TempDir Path folder;

  ReadOnlyTest() throws IOException {
    guard = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    guard.setExecutor(Executors.newCachedThreadPool());
    guard.createContext("/", this::pass);
    guard.start();
  }

  @AfterEach
  void stop() {
    guard.stop(0);
    client.close();
    dynamoDb.close();
  }

  private void pass(HttpExchange exchange) throws IOException {
    try (exchange) {
      var target = String.valueOf(exchange.getRequestHeaders().getFirst("X-Amz-Target"));
      var operation = target.substring(target.indexOf('.') + 1);
      var body = exchange.getRequestBody().readAllBytes();
      if (!READS.contains(operation)) {
        refused.add(operation);
        var answer =
            "{\"__type\": \"com.amazon.coral.service#AccessDeniedException\", \"Message\": \"not authorized\"}"
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.0");
        exchange.sendResponseHeaders(400, answer.length);
        exchange.getResponseBody().write(answer);
        return;
      }
      allowed.add(operation);
      var request =
          HttpRequest.newBuilder(dynamoDb.endpoint()).POST(BodyPublishers.ofByteArray(body));
      for (String header : List.of("X-Amz-Target", "Authorization", "X-Amz-Date", "Content-Type")) {
        var value = exchange.getRequestHeaders().getFirst(header);
        if (value != null) {
          request.header(header, value);
        }
      }
      var answer = http.send(request.build(), BodyHandlers.ofByteArray());
      answer
          .headers()
          .firstValue("Content-Type")
          .ifPresent(type -> exchange.getResponseHeaders().add("Content-Type", type));
      exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
      exchange.getResponseBody().write(answer.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static final Interrupts NEVER =
      new Interrupts() {
        @Override
        public <T> T during(StopSignal stop, Supplier<T> work) {
          return work.get();
        }
      };

  private int run(TestScreen screen, String... more) {
    var arguments =
        new ArrayList<>(
            List.of(
                "run",
                "--local",
                "--table=Tasks",
                "--migration=" + Tasks.MIGRATION,
                "--region=us-east-1",
                "--segments=3",
                "--results=" + folder.resolve(".godwit"),
                "--endpoint-url="
                    + URI.create("http://127.0.0.1:" + guard.getAddress().getPort())));
    arguments.addAll(List.of(more));
    return new Godwit(screen.screen(), Map.of(), new EmbeddedEngines(), new NoAws(), NEVER)
        .execute(arguments.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource({"--dry-run, 0", "--verify, 1"})
  void run_thatOnlyLooks_asksForNothingThatReadOnlyCredentialsRefuse(String option, int exit) {
    var tasks = Tasks.fill(dynamoDb, client, "Tasks", 30);
    var screen = TestScreen.plain();

    assertThat(run(screen, option)).as(screen.out() + screen.err()).isEqualTo(exit);

    assertThat(screen.out()).containsPattern("scanned +30");
    assertThat(refused).isEmpty();
    assertThat(allowed).contains("Scan", "DescribeTable");
    assertThat(client.listTables().tableNames()).containsExactly("Tasks");
    assertThat(tasks.migrated()).isZero();
  }

  @Test
  void plan_withReadOnlyCredentials_tellsWhatItMayNotAsk() {
    Tasks.fill(dynamoDb, client, "Tasks", 30);

    var plan =
        new Commands(dynamoDb, folder)
            .exactly(
                "plan",
                "--table=Tasks",
                "--migration=" + Tasks.MIGRATION,
                "--region=us-east-1",
                "--results=" + folder.resolve(".godwit"),
                "--endpoint-url=http://127.0.0.1:" + guard.getAddress().getPort());

    assertThat(plan.exit()).as(plan.err()).isZero();
    assertThat(plan.out())
        .contains("30 of 30 items")
        .containsPattern(
            "recovery +unknown: it may not be looked at; allow dynamodb:DescribeContinuousBackups")
        .containsPattern(
            "expiry +unknown: it may not be looked at; allow dynamodb:DescribeTimeToLive")
        .containsPattern("yes +Is the table free of other runs");
    assertThat(allowed).containsOnly("DescribeTable", "Scan", "GetItem");
    assertThat(refused)
        .containsOnly(
            "DescribeTimeToLive",
            "DescribeContinuousBackups",
            "DescribeKinesisStreamingDestination");
    assertThat(folder).isEmptyDirectory();
    assertThat(client.listTables().tableNames()).containsExactly("Tasks");
  }

  @Test
  void info_overSeveralTables_scansTheLedgerOnce() {
    for (String table : List.of("Tasks", "Tasks2", "Tasks3")) {
      Tasks.fill(dynamoDb, client, table, 2);
      assertThat(
              new Commands(dynamoDb, folder)
                  .exactly(
                      "run",
                      "--local",
                      "--table=" + table,
                      "--migration=" + Tasks.MIGRATION,
                      "--region=us-east-1",
                      "--results=" + folder.resolve(".godwit"),
                      "--endpoint-url=" + dynamoDb.endpoint())
                  .exit())
          .isZero();
    }
    new OwnMigrations(folder.resolve("migrations")).add("20261101-first", "Tasks", "first", "1");

    var info =
        new Commands(dynamoDb, folder)
            .exactly(
                "info",
                "--region=us-east-1",
                "--migrations=" + folder.resolve("migrations"),
                "--results=" + folder.resolve(".godwit"),
                "--endpoint-url=http://127.0.0.1:" + guard.getAddress().getPort());

    assertThat(info.exit()).as(info.err()).isZero();
    assertThat(info.rows()).hasSize(4);
    assertThat(allowed).containsExactlyInAnyOrder("Scan", "Query", "Query", "Query");
    assertThat(refused).isEmpty();
  }

  /** That the guard refuses at all. */
  @Test
  void run_thatWrites_isRefusedByThem() {
    Tasks.fill(dynamoDb, client, "Tasks", 30);
    var screen = TestScreen.plain();

    assertThat(run(screen)).isEqualTo(3);

    assertThat(refused).contains("CreateTable");
    assertThat(client.listTables().tableNames()).containsExactly("Tasks");
  }
}
