package dev.godwit.worker.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.dynamodblocal.LocalDynamoDb;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** {@link TableOnAws} against DynamoDB Local, whose differences are known. */
class TableOnAwsTest {
  /** What DynamoDB Local 3.3.1 answers otherwise than the service is said to. */
  private static final Map<TableQuestion, String> OTHERWISE =
      new EnumMap<>(
          Map.of(
              TableQuestion.ONE_KEY_TWICE, "ValidationException, half done",
              TableQuestion.CAPACITY_OF_A_BATCH, "none, none",
              TableQuestion.AWKWARD_NAMES, "ValidationError: a.b, a-b, a b, ä, select",
              TableQuestion.AWKWARD_KEYS, "ValidationError",
              TableQuestion.TOO_MANY_DIGITS, "refused: ValidationException",
              TableQuestion.LONGEST_NAME, "InternalFailure, InternalFailure",
              TableQuestion.WARM_THROUGHPUT, "not told",
              TableQuestion.THROTTLED, "not throttled",
              TableQuestion.STATEMENT_THROTTLED, "not throttled",
              TableQuestion.SAME_CAPACITY, "ValidationException"));

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final TableOnAws check =
      new TableOnAws(new PrintStream(bytes, true, StandardCharsets.UTF_8));

  private String told() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void run_againstDynamoDbLocal_differsInWhatIsKnown() {
    try (var local = LocalDynamoDb.inMemory();
        var client = local.client()) {
      var tables = new CheckedTables(client, "t1");

      assertThat(check.run(tables)).isEqualTo(1);

      var seen = new StringBuilder();
      for (TableQuestion question : TableQuestion.values()) {
        boolean known = OTHERWISE.containsKey(question);
        var line =
            (known ? "DIFFERENT    " : "as expected  ")
                + question.text()
                + ": "
                + OTHERWISE.getOrDefault(question, question.expected())
                + "\n";
        if (!told().contains(line)) {
          seen.append(line);
        }
      }
      assertThat(seen.toString()).as(told()).isEmpty();
      assertThat(told()).contains(OTHERWISE.size() + " different.");

      assertThat(check.clean(tables)).isZero();
      assertThat(client.listTables().tableNames()).isEmpty();
      assertThat(check.clean(tables)).as("once more").isZero();
    }
  }

  @Test
  void clean_nobodyAnswers_saysWhatIsLeftAndHowToDeleteIt() throws IOException {
    // Bound and not listening: a port that was only left might be another server's by now.
    try (var silent = new Socket()) {
      silent.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      var client =
          DynamoDbClient.builder()
              .endpointOverride(URI.create("http://127.0.0.1:" + silent.getLocalPort()))
              .region(Region.US_EAST_1)
              .credentialsProvider(
                  StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
              .httpClient(UrlConnectionHttpClient.create())
              .overrideConfiguration(o -> o.retryStrategy(DefaultRetryStrategy.doNotRetry()))
              .build();

      assertThat(check.clean(new CheckedTables(client, "t2"))).isEqualTo(3);
      assertThat(told())
          .contains("The table godwit-check-t2-plain may be left")
          .contains("aws dynamodb delete-table --table-name godwit-check-t2-awkward");
    }
  }

  @Test
  void requests_ofADryRun_areToldAndNotMade() {
    assertThat(check.requests("t3")).isZero();

    assertThat(told())
        .contains("dynamodb:createTable CreateTableRequest(")
        .contains("godwit-check-t3-plain")
        .contains("dynamodb:batchExecuteStatement")
        .contains("dynamodb:deleteTable");
  }

  @Test
  void plan_saysWhatIsMadeAndWhatItCosts() {
    assertThat(check.plan()).isZero();

    assertThat(told())
        .contains("1500 write units x $0.000000625 = $0.0009")
        .contains("$0.00065 + $0.00013 = $0.00078");
  }
}
