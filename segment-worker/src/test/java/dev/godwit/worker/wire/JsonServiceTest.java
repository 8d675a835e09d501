package dev.godwit.worker.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.godwit.worker.wire.Post.Header;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;

class JsonServiceTest {
  private static final byte[] BODY = "{}".getBytes(StandardCharsets.UTF_8);

  private final List<Post> sent = new ArrayList<>();
  private final Deque<HttpAnswer> answers = new ArrayDeque<>();
  private AwsCredentialsProvider credentials = () -> AwsBasicCredentials.create("id", "secret");

  private final JsonService service =
      JsonService.dynamoDb(
          Endpoint.at(URI.create("http://user:password@localhost/path")),
          Region.EU_WEST_1,
          () -> credentials.resolveCredentials(),
          new Canned(),
          Clock.systemUTC());

  private final class Canned implements Transport {
    @Override
    public HttpAnswer send(Post post, Duration atMost) throws IOException {
      sent.add(post);
      var answer = answers.poll();
      if (answer == null) {
        throw new IOException("the line is dead");
      }
      return answer;
    }

    @Override
    public void close() {}
  }

  private byte[] call() {
    return service.call("Scan", BODY, Duration.ofSeconds(1));
  }

  private void answers(int status, String body, String... headers) {
    var map = new HashMap<String, String>();
    for (int i = 0; i < headers.length; i += 2) {
      map.put(headers[i], headers[i + 1]);
    }
    answers.add(new HttpAnswer(status, Map.copyOf(map), body.getBytes(StandardCharsets.UTF_8)));
  }

  private String header(int request, String name) {
    return sent.get(request).headers().stream()
        .filter(it -> it.name().equals(name))
        .map(Header::value)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void call_answered_givesTheBodyAndNamesTheOperation() {
    answers(200, "{\"Items\":[]}");

    assertThat(call()).asString(StandardCharsets.UTF_8).isEqualTo("{\"Items\":[]}");
    assertThat(header(0, "x-amz-target")).isEqualTo("DynamoDB_20120810.Scan");
  }

  private static final String WRONG_SIGNATURE =
      """
      {"__type":"com.amazon.coral.service#InvalidSignatureException",
      "message":"Signature not yet current"}""";

  /** As the service has it, when it is so much later there. */
  private static String date(Duration later) {
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(
        Instant.now().plus(later).atOffset(ZoneOffset.UTC));
  }

  @Test
  void call_clockIsWrong_signsTheNextRequestWithTheServicesTime() {
    answers(400, WRONG_SIGNATURE, "date", date(Duration.ofDays(3)));
    answers(400, WRONG_SIGNATURE, "date", date(Duration.ofDays(3)));

    var refused = catchThrowableOfType(ServiceRefused.class, this::call);
    var again = catchThrowableOfType(ServiceRefused.class, this::call);

    assertThat(refused.isClockSkewException()).as("is asked again").isTrue();
    assertThat(Duration.between(signedAt(0), signedAt(1))).isCloseTo(Duration.ofDays(3), HOURS);
    assertThat(again.isClockSkewException()).as("the clock was right by then").isFalse();
  }

  private static final Duration HOURS = Duration.ofHours(6);

  private Instant signedAt(int request) {
    return LocalDateTime.parse(
            header(request, "x-amz-date"), DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'"))
        .toInstant(ZoneOffset.UTC);
  }

  @Test
  void call_signatureIsWrongButTheClockIsNot_isNoMatterOfTheClock() {
    answers(400, WRONG_SIGNATURE, "date", date(Duration.ZERO));

    assertThat(catchThrowableOfType(ServiceRefused.class, this::call).isClockSkewException())
        .isFalse();
  }

  @Test
  void call_credentialsAreRenewed_signsWithTheNewOnes() {
    answers(200, "{}");
    answers(200, "{}");

    call();
    credentials = () -> AwsSessionCredentials.create("newer", "secret", "token");
    call();

    assertThat(header(0, "authorization")).contains("Credential=id/");
    assertThat(header(1, "authorization")).contains("Credential=newer/");
    assertThat(header(1, "x-amz-security-token")).isEqualTo("token");
  }

  @Test
  void call_tokenHasALineBreak_isNotSentNorTold() {
    credentials = () -> AwsSessionCredentials.create("id", "secret", "tok\r\nx-injected: 1");

    assertThatThrownBy(this::call)
        .isInstanceOf(SdkClientException.class)
        .hasMessageContaining("x-amz-security-token")
        .hasMessageNotContaining("tok\r");
    assertThat(sent).isEmpty();
  }

  @Test
  void call_throttled_saysSoAsTheSdkDoes() {
    answers(
        400,
        "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException\",\"message\":\"Slow down\"}",
        "x-amzn-requestid",
        "R1");

    var refused = catchThrowableOfType(ServiceRefused.class, this::call);

    assertThat(refused.isThrottlingException()).isTrue();
    assertThat(refused.code()).isEqualTo("ProvisionedThroughputExceededException");
    assertThat(refused.requestId()).isEqualTo("R1");
    assertThat(refused).hasMessageContainingAll("Slow down", "DynamoDb", "400", "R1");
  }

  @Test
  void call_somethingElseAnswers_keepsItsStatusAndBody() {
    answers(503, "<html>busy</html>");

    var refused = catchThrowableOfType(ServiceRefused.class, this::call);

    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.code()).isEmpty();
    assertThat(refused.body()).asString(StandardCharsets.UTF_8).isEqualTo("<html>busy</html>");
  }

  @Test
  void call_answerIsDamaged_isNotBelieved() {
    answers(200, "{}", "x-amz-crc32", "1");

    assertThatThrownBy(this::call).isInstanceOf(RetryableException.class);
  }

  @Test
  void call_noAnswer_namesTheAddress() {
    assertThatThrownBy(this::call)
        .isInstanceOf(SdkClientException.class)
        .hasMessageContainingAll("http://localhost", "the line is dead")
        .hasMessageNotContaining("password");
  }
}
