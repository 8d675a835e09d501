package dev.godwit.cli.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.godwit.worker.wire.ServiceRefused;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceCallsTest {
  private static final DynamoDbConnection CONNECTION =
      DynamoDbConnection.local(URI.create("http://127.0.0.1:1"));

  private final List<String> heard = new ArrayList<>();
  private final HttpServer server;
  private volatile int status = 200;
  private volatile String answer = "{}";

  ServiceCallsTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @BeforeEach
  void serve() {
    server.createContext(
        "/",
        exchange -> {
          heard.add(exchange.getRequestHeaders().getFirst("X-Amz-Target"));
          heard.add(exchange.getRequestHeaders().getFirst("Authorization"));
          heard.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          var bytes = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void call_ofAnyOperation_goesSignedAsThatOperation_andComesBackAsItIs() {
    answer = "{\"ScalableTargets\":[{\"ResourceId\":\"table/Cities\",\"New\":1}]}";
    try (var wire = wire()) {
      var body = "{\"ServiceNamespace\":\"dynamodb\",\"ResourceId\":\"table/Cities\"}";
      var came = wire.call("RegisterScalableTarget", body.getBytes(StandardCharsets.UTF_8));
      assertThat(new String(came, StandardCharsets.UTF_8)).isEqualTo(answer);
      assertThat(heard.get(0)).isEqualTo("AnyScaleFrontendService.RegisterScalableTarget");
      assertThat(heard.get(1)).contains("/us-east-1/application-autoscaling/aws4_request");
      assertThat(heard.get(2)).isEqualTo(body);
    }
  }

  @Test
  void call_thatIsRefused_saysSo() {
    status = 400;
    answer = "{\"__type\":\"ObjectNotFoundException\",\"Message\":\"gone\"}";
    try (var wire = wire()) {
      assertThatThrownBy(
              () -> wire.call("RegisterScalableTarget", "{}".getBytes(StandardCharsets.UTF_8)))
          .isInstanceOf(ServiceRefused.class)
          .hasMessageContainingAll("gone", "ApplicationAutoScaling");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:8000, false",
    "https://dynamodb.example.com, false",
    "https://dynamodb.eu-central-1.amazonaws.com, true",
    "https://vpce-1-2.dynamodb.eu-central-1.vpce.amazonaws.com, true",
    "https://dynamodb.cn-north-1.amazonaws.com.cn, true"
  })
  void ofScalingBeside_onlyAwssOwn_isThereOne(String endpoint, boolean there) {
    var wire = ServiceCalls.ofScalingBeside(DynamoDbConnection.local(URI.create(endpoint)));
    wire.ifPresent(ServiceCalls::close);
    assertThat(wire.isPresent()).isEqualTo(there);
  }

  private ServiceCalls wire() {
    return ServiceCalls.ofScaling(
        CONNECTION, Optional.of(URI.create("http://127.0.0.1:" + server.getAddress().getPort())));
  }
}
