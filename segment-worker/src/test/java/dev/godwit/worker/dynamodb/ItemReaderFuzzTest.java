package dev.godwit.worker.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import dev.godwit.testkit.RandomItems;
import dev.godwit.worker.PageListener;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.pace.FakeTimer;
import dev.godwit.worker.pace.Pace;
import dev.godwit.worker.pace.Pacer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Answers to a Scan, read by the worker and by the SDK: the same items, whatever they hold and
 * however they are written; of an answer that is damaged an error, never other items than the SDK
 * finds.
 *
 * <p>{@code -Dgodwit.fuzz.items=1000000} reads as many.
 */
class ItemReaderFuzzTest {
  private static final int ITEMS = Integer.getInteger("godwit.fuzz.items", 5_000);
  private static final int ITEMS_OF_A_PAGE = 200;
  private static final int DAMAGED_PAGES = Math.min(ITEMS / 2, 50_000);

  private final CannedAnswer answer = new CannedAnswer();
  private final DynamoDbDatabase ours =
      new DynamoDbDatabase(
          TestClients.of(URI.create("http://canned"), answer),
          false,
          PageListener.NONE,
          new FakeTimer());
  private final DynamoDbClient sdk =
      DynamoDbClient.builder()
          .httpClient(answer)
          .region(Region.US_EAST_1)
          .credentialsProvider(
              StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
          .overrideConfiguration(client -> client.retryStrategy(retries -> retries.maxAttempts(1)))
          .build();

  @Test
  void read_anyItems_areThoseThatTheSdkFinds() {
    for (int seed = 0; seed < ITEMS / ITEMS_OF_A_PAGE; seed++) {
      answer.body = new AnswerWriter(seed).answer(ITEMS_OF_A_PAGE);

      assertThat(read()).as("seed %d", seed).isEqualTo(scanned());
    }
  }

  @Test
  void read_damagedAnswer_failsOrHasTheItemsThatTheSdkFinds() {
    int read = 0;
    int refused = 0;
    for (int seed = 0; seed < DAMAGED_PAGES; seed++) {
      var random = new Random(seed);
      answer.body = damaged(new AnswerWriter(seed).answer(1 + random.nextInt(3)), random);
      var items = orError(this::read);
      if (items.isEmpty()) {
        refused++;
        continue;
      }
      read++;

      assertThat(items)
          .as("seed %d: %s", seed, new String(answer.body, StandardCharsets.UTF_8))
          .isEqualTo(orError(this::scanned));
    }
    assertThat(List.of(read, refused)).allMatch(count -> count > DAMAGED_PAGES / 10);
  }

  /** The items of the page, then where to go on. */
  private List<Map<String, AttributeValue>> read() {
    var pages =
        ours.segment(
            "Birds",
            0,
            1,
            Optional.empty(),
            new Pace(new Pacer(OptionalDouble.empty(), new FakeTimer()), Deadline.NEVER));
    var page = pages.read(Optional.empty(), OptionalInt.empty()).orElseThrow();
    var items = new ArrayList<>(page.items().stream().map(SdkItems::toSdk).toList());
    page.next().map(SdkItems::toSdk).ifPresent(items::add);
    return items;
  }

  private List<Map<String, AttributeValue>> scanned() {
    var answered = sdk.scan(scan -> scan.tableName("Birds"));
    var items = new ArrayList<>(answered.items());
    if (answered.hasLastEvaluatedKey()) {
      items.add(answered.lastEvaluatedKey());
    }
    return items;
  }

  @FunctionalInterface
  private interface Reader {
    List<Map<String, AttributeValue>> read();
  }

  private static Optional<List<Map<String, AttributeValue>>> orError(Reader reader) {
    try {
      return Optional.of(reader.read());
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }

  private static byte[] damaged(byte[] body, Random random) {
    var bytes = body.clone();
    int at = random.nextInt(bytes.length);
    return switch (random.nextInt(5)) {
      case 0 -> { // one bit
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        yield bytes;
      }
      case 1 -> { // another byte of JSON
        bytes[at] = (byte) "{}[]\",:0N\\ ".charAt(random.nextInt(11));
        yield bytes;
      }
      case 2 -> Arrays.copyOf(bytes, at); // cut off
      case 3 -> { // a byte is lost
        var fewer = new byte[bytes.length - 1];
        System.arraycopy(bytes, 0, fewer, 0, at);
        System.arraycopy(bytes, at + 1, fewer, at, fewer.length - at);
        yield fewer;
      }
      default -> { // a part comes twice
        int to = Math.min(bytes.length, at + 1 + random.nextInt(20));
        var more = new ByteArrayOutputStream();
        more.write(bytes, 0, to);
        more.write(bytes, at, bytes.length - at);
        yield more.toByteArray();
      }
    };
  }

  /** Writes answers as anybody may who writes JSON: spaces, escapes and members in any order. */
  private static final class AnswerWriter {
    private final Random random;
    private final RandomItems items;

    AnswerWriter(long seed) {
      this.random = new Random(seed);
      this.items = new RandomItems(seed);
    }

    byte[] answer(int count) {
      var list = new ArrayList<String>();
      for (int i = 0; i < count; i++) {
        list.add(escaped(DynamoDbJson.format(item())));
      }
      var members =
          new ArrayList<>(
              List.of(
                  "\"Items\":[" + String.join(",", list) + "]",
                  "\"Count\":" + count,
                  "\"ScannedCount\":" + count,
                  "\"LastEvaluatedKey\":" + DynamoDbJson.format(items.item()),
                  "\"ConsumedCapacity\":{\"TableName\":\"Birds\",\"CapacityUnits\":1.5}",
                  "\"New\":{\"unknown\":[null,{}]}"));
      Collections.shuffle(members, random);
      return ("{" + String.join(",", members) + "}").getBytes(StandardCharsets.UTF_8);
    }

    private Item item() {
      var item = items.item();
      return random.nextInt(4) == 0
          ? item.with(DynamoDbJson.format(items.item()), items.value())
          : item;
    }

    /** The same JSON, written otherwise in places. */
    private String escaped(String json) {
      var out = new StringBuilder();
      boolean inText = false;
      for (int i = 0; i < json.length(); i++) {
        char c = json.charAt(i);
        if (inText && c == '\\') {
          int length = json.charAt(i + 1) == 'u' ? 6 : 2;
          out.append(json, i, i + length);
          i += length - 1;
          continue;
        }
        if (c == '"') {
          inText = !inText;
          out.append(c);
        } else if (inText) {
          var character = Character.toString(json.codePointAt(i));
          i += character.length() - 1;
          out.append(random.nextInt(20) == 0 ? inDigits(character) : character);
        } else {
          boolean between = "{}[],:".indexOf(c) >= 0 && random.nextInt(20) == 0;
          out.append(between ? " \n\t\r ".substring(random.nextInt(5)) : "").append(c);
        }
      }
      return out.toString();
    }
  }

  private static String inDigits(String text) {
    return text.chars().mapToObj("\\u%04x"::formatted).collect(Collectors.joining());
  }

  /** Answers each request with the same bytes. */
  private static final class CannedAnswer implements SdkHttpClient {
    private byte[] body = {};

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
      return new ExecutableHttpRequest() {
        @Override
        public HttpExecuteResponse call() {
          return HttpExecuteResponse.builder()
              .response(
                  SdkHttpResponse.builder()
                      .statusCode(200)
                      .putHeader("Content-Type", "application/x-amz-json-1.0")
                      .putHeader("Content-Length", Integer.toString(body.length))
                      .build())
              .responseBody(AbortableInputStream.create(new ByteArrayInputStream(body)))
              .build();
        }

        @Override
        public void abort() {}
      };
    }

    @Override
    public void close() {}
  }
}
