package dev.godwit.cli.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.godwit.cli.ledger.LedgerTable;
import dev.godwit.cli.run.RunObserver;
import dev.godwit.cli.run.RunStatus;
import dev.godwit.cli.run.SegmentCounts;
import dev.godwit.cli.run.StopSignal;
import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import dev.godwit.migration.Change;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.Migration;
import dev.godwit.migration.Migrations;
import dev.godwit.run.RunRequestJson;
import dev.godwit.run.Tally;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Who watches a run on this machine hears how its table answers. */
class TableTroubleTest {
  private static final int REFUSALS = 3;
  private static final String REQUEST =
      """
      {"version":1,"runId":"r","tableName":"Birds","migration":"20261120-test","direction":"up",\
      "mode":"apply","totalSegments":1,"maxConcurrency":1,"sliceSeconds":240,"guard":"read-set",\
      "itemFailuresAllowed":0,"toleratedFailurePercentage":0,"parameters":{}}""";

  @TempDir Path folder;

  @Test
  void run_scansAreAnsweredWith503AtFirst_isHeardUntilTheyAreAnswered() throws Exception {
    var heard = Collections.synchronizedList(new ArrayList<String>());
    var observer =
        new RunObserver() {
          @Override
          public void pageDone(Tally page) {}

          @Override
          public void segmentsAre(SegmentCounts counts) {}

          @Override
          public void tableFails(String instead) {
            heard.add(instead);
          }

          @Override
          public void tableAnswers() {
            heard.add("is back");
          }
        };
    try (var server = LocalDynamoDb.inMemory();
        var client = server.client();
        var away = new ScansAway(server.endpoint())) {
      server.createTable("Birds", "id");
      client.putItem(
          put -> put.tableName("Birds").item(Map.of("id", AttributeValue.fromS("kuaka"))));
      try (var runs = EmbeddedEngines.lifecycle(folder, source(away.endpoint()))) {
        var ending = runs.run(RunRequestJson.read(REQUEST), observer, new StopSignal());
        assertThat(ending.status()).isEqualTo(RunStatus.SUCCEEDED);
      }
    }
    assertThat(heard.subList(0, REFUSALS)).containsOnly("answers HTTP 503 (ServiceUnavailable)");
    assertThat(heard.subList(REFUSALS, heard.size())).isNotEmpty().containsOnly("is back");
  }

  private static RunSource source(URI endpoint) {
    return RunSource.given(
        new Whereabouts(
            DynamoDbConnection.local(endpoint),
            LedgerTable.OF_MACHINES,
            () -> Migrations.of(List.of(new Marking()))),
        Optional.empty());
  }

  private static final class Marking implements Migration {
    @Override
    public String id() {
      return "20261120-test";
    }

    @Override
    public String table() {
      return "Birds";
    }

    @Override
    public String description() {
      return "Marks every item";
    }

    @Override
    public ItemTransform up() {
      return (item, context) -> Change.replace(item.with("x", 1));
    }
  }

  /** Stands before DynamoDB Local and answers its first scans itself. */
  private static final class ScansAway implements AutoCloseable {
    private static final byte[] AWAY =
        "{\"__type\":\"any#ServiceUnavailable\",\"message\":\"Away\"}"
            .getBytes(StandardCharsets.UTF_8);

    private final HttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger left = new AtomicInteger(REFUSALS);

    ScansAway(URI target) throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            try (exchange) {
              var body = exchange.getRequestBody().readAllBytes();
              var asked = exchange.getRequestHeaders().getFirst("X-Amz-Target");
              if (asked.endsWith(".Scan") && left.getAndDecrement() > 0) {
                exchange.sendResponseHeaders(503, AWAY.length);
                exchange.getResponseBody().write(AWAY);
                return;
              }
              var request =
                  HttpRequest.newBuilder(target).POST(HttpRequest.BodyPublishers.ofByteArray(body));
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
