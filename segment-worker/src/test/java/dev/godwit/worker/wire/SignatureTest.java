package dev.godwit.worker.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.worker.wire.Post.Header;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;

class SignatureTest {
  /** Of the test suite that AWS published for Signature Version 4 (aws-sig-v4-test-suite). */
  private static final AwsCredentials EXAMPLE =
      AwsBasicCredentials.create("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");

  private static final Instant THEN = Instant.parse("2015-08-30T12:36:00Z");
  private static final URI SUITE = URI.create("https://example.amazonaws.com/");

  @Test
  void headers_publishedPostVanilla_areAsPublished() {
    assertThat(authorization(new Post(SUITE, List.of(), new byte[0])))
        .isEqualTo(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                + "SignedHeaders=host;x-amz-date, "
                + "Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
  }

  @Test
  void headers_publishedPostOfAForm_areAsPublished() {
    var form =
        new Post(
            SUITE,
            List.of(new Header("content-type", "application/x-www-form-urlencoded")),
            "Param1=value1".getBytes(StandardCharsets.US_ASCII));

    assertThat(authorization(form))
        .endsWith(
            "SignedHeaders=content-type;host;x-amz-date, "
                + "Signature=ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a");
  }

  private static String authorization(Post post) {
    return value(new Signature("service", "us-east-1").headers(post, EXAMPLE, THEN));
  }

  @Test
  void headers_randomRequests_areSignedAsTheSdkSignsThem() {
    var signer = AwsV4HttpSigner.create();
    for (int seed = 0; seed < 10_000; seed++) {
      var random = new Random(seed);
      var region = pick(random, "eu-west-1", "us-gov-west-1", "ap-southeast-7");
      var service = pick(random, "dynamodb", "application-autoscaling");
      var time = Instant.ofEpochSecond(1_700_000_000L + random.nextInt(200_000_000));
      var post = post(random);
      var who = who(random);

      var ours = new Signature(service, region).headers(post, who, time);

      var theirs =
          signer.sign(
              it ->
                  it.identity(who)
                      .request(asked(post))
                      .payload(() -> new ByteArrayInputStream(post.body()))
                      .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                      .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                      .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(time, ZoneOffset.UTC)));
      assertThat(value(ours))
          .as("seed %s", seed)
          .isEqualTo(theirs.request().firstMatchingHeader("Authorization").orElseThrow());
    }
  }

  /** The key of a day is kept, and is another's neither for another day nor another secret. */
  @Test
  void headers_dayOrSecretChanges_areSignedWithAKeyOfTheirOwn() {
    var post = new Post(SUITE, List.of(), new byte[0]);
    var renewed = AwsBasicCredentials.create("AKIDEXAMPLE", "another");
    var kept = new Signature("service", "us-east-1");
    kept.headers(post, EXAMPLE, THEN);

    for (var who : List.of(EXAMPLE, renewed)) {
      for (var time : List.of(THEN, THEN.plus(Duration.ofDays(1)))) {
        kept.headers(post, EXAMPLE, THEN);
        assertThat(value(kept.headers(post, who, time)))
            .isEqualTo(value(new Signature("service", "us-east-1").headers(post, who, time)));
      }
    }
  }

  private static SdkHttpFullRequest asked(Post post) {
    var request =
        SdkHttpFullRequest.builder()
            .method(SdkHttpMethod.POST)
            .uri(post.to())
            .encodedPath(post.path())
            .putHeader("Host", Post.host(post.to()));
    post.headers().forEach(header -> request.putHeader(header.name(), header.value()));
    return request.build();
  }

  private static Post post(Random random) {
    var to =
        URI.create(
            pick(random, "https://", "http://")
                + pick(random, "dynamodb.eu-west-1.amazonaws.com", "localhost", "127.0.0.1")
                + pick(random, "", ":8000", ":443", ":80")
                + pick(random, "", "/"));
    var headers = new ArrayList<Header>();
    headers.add(new Header("x-amz-target", "DynamoDB_20120810." + text(random, 12)));
    headers.add(new Header("content-type", "application/x-amz-json-1.0"));
    if (random.nextBoolean()) {
      headers.add(new Header("x-" + text(random, 6).toLowerCase(Locale.ROOT), "v"));
    }
    var body = new byte[random.nextInt(2000)];
    random.nextBytes(body);
    headers.add(new Header("x-amz-content-sha256", sha256(body))); // the SDK's signer adds it
    return new Post(to, headers, body);
  }

  private static String sha256(byte[] body) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static AwsCredentials who(Random random) {
    var id = text(random, 20);
    var secret = text(random, 40);
    return random.nextBoolean()
        ? AwsBasicCredentials.create(id, secret)
        : AwsSessionCredentials.create(id, secret, text(random, 1 + random.nextInt(900)));
  }

  private static String text(Random random, int length) {
    var letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    var text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(letters.charAt(random.nextInt(letters.length())));
    }
    return text.toString();
  }

  private static String pick(Random random, String... of) {
    return of[random.nextInt(of.length)];
  }

  private static String value(List<Header> headers) {
    return headers.stream()
        .filter(it -> it.name().equals("authorization"))
        .map(Header::value)
        .findFirst()
        .orElseThrow();
  }
}
