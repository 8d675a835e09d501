package dev.godwit.worker.source;

import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

/** Texts of files of items, for tests. */
public final class ItemFiles {
  private ItemFiles() {}

  /** Each on a line, as DynamoDB JSON. */
  public static String lines(List<Item> items) {
    return items.stream()
        .map(item -> DynamoDbJson.format(item) + "\n")
        .collect(Collectors.joining());
  }

  /** One array of them, with space in between. */
  public static String array(List<Item> items) {
    return items.stream()
        .map(DynamoDbJson::format)
        .collect(Collectors.joining(" ,\n", " [\n", "\n]\n "));
  }

  /** As one member. */
  public static byte[] gzipped(byte[] text) {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** As several members, which end anywhere. */
  public static byte[] gzipped(byte[] text, Random random) {
    var out = new ByteArrayOutputStream();
    int from = 0;
    do {
      int to = random.nextInt(4) == 0 ? text.length : from + random.nextInt(text.length - from + 1);
      out.writeBytes(gzipped(java.util.Arrays.copyOfRange(text, from, to)));
      from = to;
    } while (from < text.length);
    return out.toByteArray();
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
