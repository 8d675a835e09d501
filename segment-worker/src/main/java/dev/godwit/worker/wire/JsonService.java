package dev.godwit.worker.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.worker.wire.Post.Header;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import javax.net.SocketFactory;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.regions.Region;

/**
 * A service of AWS that speaks JSON, asked with bodies as bytes.
 *
 * <p>Credentials, their refresh, the endpoint's rules and what may be asked again are the SDK's.
 * Its pipeline is left out: that cost several times what signing and sending do (docs/adr/0009).
 *
 * <p>Thread-safe. Asks once; whoever calls it asks again.
 */
public final class JsonService implements AutoCloseable {
  private static final String CHECKSUM = "x-amz-crc32";
  private static final String DATE = "date";

  private final Kind kind;
  private final Endpoint endpoint;
  private final AwsCredentialsProvider credentials;
  private final Signature signature;
  private final Transport transport;
  private final Clock clock;
  private volatile Duration skew = Duration.ZERO;

  private JsonService(
      Kind kind,
      Endpoint endpoint,
      Region region,
      AwsCredentialsProvider credentials,
      Transport transport,
      Clock clock) {
    this.kind = kind;
    this.endpoint = endpoint;
    this.credentials = credentials;
    this.signature = new Signature(kind.signedAs, region.id());
    this.transport = transport;
    this.clock = clock;
  }

  /** The services that are asked this way. */
  private enum Kind {
    DYNAMO_DB("DynamoDb", "dynamodb", "DynamoDB_20120810.", "application/x-amz-json-1.0"),
    AUTO_SCALING(
        "ApplicationAutoScaling",
        "application-autoscaling",
        "AnyScaleFrontendService.",
        "application/x-amz-json-1.1"),
    PRICE_LIST("Pricing", "pricing", "AWSPriceListService.", "application/x-amz-json-1.1");

    private final String label;
    private final String signedAs;
    private final String targetPrefix;
    private final String contentType;

    Kind(String label, String signedAs, String targetPrefix, String contentType) {
      this.label = label;
      this.signedAs = signedAs;
      this.targetPrefix = targetPrefix;
      this.contentType = contentType;
    }
  }

  /**
   * DynamoDB.
   *
   * @param address empty for where the SDK's clients find it
   */
  public static JsonService dynamoDb(
      Optional<URI> address, Region region, AwsCredentialsProvider credentials) {
    return dynamoDb(
        address.map(Endpoint::at).orElseGet(() -> FoundEndpoint.ofDynamoDb(region)),
        region,
        credentials,
        Transports.ofThisProcess(),
        Clock.systemUTC());
  }

  static JsonService dynamoDb(
      Endpoint endpoint,
      Region region,
      AwsCredentialsProvider credentials,
      Transport transport,
      Clock clock) {
    return new JsonService(Kind.DYNAMO_DB, endpoint, region, credentials, transport, clock);
  }

  /** DynamoDB at {@code address}, reached through {@code http}, which its owner closes. */
  public static JsonService dynamoDb(
      URI address, Region region, AwsCredentialsProvider credentials, SdkHttpClient http) {
    return dynamoDb(
        Endpoint.at(address), region, credentials, SdkTransport.lent(http), Clock.systemUTC());
  }

  /** DynamoDB at {@code address}, reached through what {@code sockets} makes. */
  public static JsonService dynamoDb(
      URI address, Region region, AwsCredentialsProvider credentials, SocketFactory sockets) {
    return dynamoDb(
        Endpoint.at(address),
        region,
        credentials,
        SocketTransport.over(sockets),
        Clock.systemUTC());
  }

  /**
   * Application Auto Scaling.
   *
   * @param address empty for where the SDK's clients find it
   */
  public static JsonService autoScaling(
      Optional<URI> address, Region region, AwsCredentialsProvider credentials) {
    return new JsonService(
        Kind.AUTO_SCALING,
        address.map(Endpoint::at).orElseGet(() -> FoundEndpoint.ofAutoScaling(region)),
        region,
        credentials,
        Transports.ofThisProcess(),
        Clock.systemUTC());
  }

  /**
   * The Price List Query API, which answers for all regions.
   *
   * @param address empty for where the SDK's clients find it
   */
  public static JsonService priceList(Optional<URI> address, AwsCredentialsProvider credentials) {
    return new JsonService(
        Kind.PRICE_LIST,
        address.map(Endpoint::at).orElseGet(FoundEndpoint::ofPriceList),
        FoundEndpoint.REGION_OF_PRICES,
        credentials,
        Transports.ofThisProcess(),
        Clock.systemUTC());
  }

  /**
   * Calls {@code operation} once.
   *
   * @param operation in PascalCase, as in {@code DescribeTable}
   * @param body its arguments, a JSON object; not copied
   * @param atMost after which no answer is waited for
   * @return the answer, a JSON object
   * @throws ServiceRefused when the service refuses
   * @throws SdkClientException when no answer comes, or nobody says who asks; of a write nobody
   *     knows then whether it is done
   */
  public byte[] call(String operation, byte[] body, Duration atMost) {
    var who = credentials.resolveCredentials();
    var target = new Header("x-amz-target", kind.targetPrefix + operation);
    var post =
        new Post(
            endpoint.of(who), List.of(new Header("content-type", kind.contentType), target), body);
    var correction = skew;
    var signed = new Post(post.to(), signed(post, who, clock.instant().plus(correction)), body);
    HttpAnswer answer;
    try {
      answer = transport.send(signed, atMost);
    } catch (IOException e) {
      throw SdkClientException.create(
          "No answer from "
              + post.to().getScheme()
              + "://"
              + Post.host(post.to())
              + ": "
              + e.getMessage(),
          e);
    }
    verify(answer);
    if (!answer.isSuccess()) {
      throw refused(answer, correction);
    }
    return answer.body();
  }

  private List<Header> signed(Post post, AwsCredentials who, Instant time) {
    try {
      return signature.headers(post, who, time);
    } catch (IllegalArgumentException e) {
      throw SdkClientException.create(
          "The credentials make no request (" + e.getMessage() + "): copy them anew", e);
    }
  }

  private static void verify(HttpAnswer answer) {
    var expected = answer.header(CHECKSUM);
    if (expected.isEmpty()) {
      checkText(answer.body());
      return;
    }
    var crc = new CRC32();
    crc.update(answer.body());
    if (!Long.toString(crc.getValue()).equals(expected.get())) {
      throw RetryableException.create(
          "The answer was damaged on its way: its checksum does not match");
    }
  }

  /** What is no UTF-8, a parser of JSON may take for other text. */
  private static void checkText(byte[] body) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
    } catch (CharacterCodingException e) {
      throw RetryableException.create("The answer was damaged on its way: it is not UTF-8", e);
    }
  }

  private ServiceRefused refused(HttpAnswer answer, Duration signedWith) {
    var told = Told.by(answer);
    var details =
        AwsErrorDetails.builder()
            .serviceName(kind.label)
            .errorCode(told.code)
            .errorMessage(told.message)
            .sdkHttpResponse(dated(answer))
            .build();
    var builder =
        AwsServiceException.builder()
            .awsErrorDetails(details)
            .message(told.message)
            .statusCode(answer.status())
            .clockSkew(signedWith.negated()); // to the SDK it is how far the client is ahead
    answer.header("x-amzn-requestid").ifPresent(builder::requestId);
    var refused = new ServiceRefused(builder, answer.body());
    if (refused.isClockSkewException()) {
      skew(answer).ifPresent(it -> skew = it);
    }
    return refused;
  }

  /** What the SDK asks of an answer to tell whether the client's clock is wrong. */
  private static SdkHttpResponse dated(HttpAnswer answer) {
    var response = SdkHttpResponse.builder().statusCode(answer.status());
    answer.header(DATE).ifPresent(date -> response.putHeader("Date", date));
    return response.build();
  }

  /** How much later it is at the service than here. */
  private Optional<Duration> skew(HttpAnswer answer) {
    try {
      return answer
          .header(DATE)
          .map(date -> ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant())
          .map(there -> Duration.between(clock.instant(), there));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    transport.close();
  }

  /** The code and the words of a refusal. */
  private static final class Told {
    private String code = "";
    private String message = "";

    /** Some services put the code into a header, some into the body. */
    static Told by(HttpAnswer answer) {
      var told = new Told();
      answer.header("x-amzn-errortype").ifPresent(told::code);
      try (var parser = DynamoDbJson.parsers().createParser(answer.body())) {
        if (parser.nextToken() == JsonToken.START_OBJECT) {
          for (var name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            told.field(name, parser);
            parser.skipChildren();
          }
        }
      } catch (IOException e) {
        // no JSON: something else has answered, and its status tells what to do
      }
      return told;
    }

    private void field(String name, JsonParser value) throws IOException {
      if (value.currentToken() == JsonToken.VALUE_STRING) {
        switch (name) {
          case "__type" -> code(value.getText());
          case "message", "Message" -> message = value.getText();
          default -> {}
        }
      }
    }

    /** {@code com.amazonaws.dynamodb.v20120810#Code}, or {@code Code:http://…}. */
    private void code(String type) {
      var name = type.substring(type.indexOf('#') + 1);
      int end = name.indexOf(':');
      code = end < 0 ? name : name.substring(0, end);
    }
  }
}
