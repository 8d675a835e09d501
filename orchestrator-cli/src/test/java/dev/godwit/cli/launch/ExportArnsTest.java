package dev.godwit.cli.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.table.DynamoDbConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With canned answers of DynamoDB: a DynamoDB Local knows no exports. */
class ExportArnsTest {
  private static final String ARN =
      "arn:aws:dynamodb:us-east-1:123456789012:table/Users/export/0169-a1b2";

  private String answer = "";
  private int status = 200;
  private HttpServer server;
  private ExportArns exports;

  @BeforeEach
  void begin() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          assertThat(exchange.getRequestHeaders().getFirst("X-Amz-Target"))
              .isEqualTo("DynamoDB_20120810.DescribeExport");
          exchange.getRequestBody().readAllBytes();
          var bytes = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    var connection =
        DynamoDbConnection.local(URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
    exports = new ExportArns(() -> connection);
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private static String description(String status, String format) {
    return """
        {"ExportDescription":{"ExportArn":"%s","ExportStatus":"%s","ExportFormat":"%s","S3Bucket":"ours",
        "ExportManifest":"exports/AWSDynamoDB/0169-a1b2/manifest-summary.json","FailureMessage":"no bucket"}}"""
        .formatted(ARN, status, format);
  }

  @Test
  void manifest_ofAnExport_isWhereItsSummaryIs() {
    answer = description("COMPLETED", "DYNAMODB_JSON");

    assertThat(exports.manifest(ARN))
        .isEqualTo("s3://ours/exports/AWSDynamoDB/0169-a1b2/manifest-summary.json");
  }

  @Test
  void manifest_ofOneThatIsNotWholeOrInAnotherFormatOrUnknown_isRefused() {
    answer = description("FAILED", "DYNAMODB_JSON");
    assertThatThrownBy(() -> exports.manifest(ARN))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("is FAILED (no bucket), not COMPLETED");
    answer = description("COMPLETED", "ION");
    assertThatThrownBy(() -> exports.manifest(ARN))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("in the format ION");
    status = 400;
    answer = "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ExportNotFoundException\"}";
    assertThatThrownBy(() -> exports.manifest(ARN))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("check the ARN");
  }
}
