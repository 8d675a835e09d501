package dev.godwit.cli.operate;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Cities from a file of JSON lines, gzipped, whose name is {@code -Dgodwit.cities}; 200 made-up
 * ones when there is none.
 */
final class Cities {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Cities() {}

  /** By {@link #name}. */
  static Map<String, Map<String, AttributeValue>> all() throws IOException {
    var cities = new TreeMap<String, Map<String, AttributeValue>>();
    var file = System.getProperty("godwit.cities", "");
    if (file.isEmpty()) {
      for (int i = 0; i < 200; i++) {
        put(
            Map.of(
                "country",
                "C" + i % 7,
                "id",
                "%06d".formatted(i),
                "name",
                "Tēlava " + i,
                "lat",
                i % 90 + ".50",
                "lng",
                "-" + i % 180,
                "admin1",
                "03"),
            cities);
      }
      return cities;
    }
    try (var lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(Path.of(file))),
                StandardCharsets.UTF_8))) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        put(JSON.readValue(line, new TypeReference<Map<String, String>>() {}), cities);
      }
    }
    return cities;
  }

  /** Country and id. */
  static String name(Map<String, AttributeValue> city) {
    return city.getOrDefault("country", AttributeValue.fromS("")).s()
        + "/"
        + city.getOrDefault("id", AttributeValue.fromS("")).s();
  }

  private static void put(
      Map<String, String> city, Map<String, Map<String, AttributeValue>> cities) {
    var item = new HashMap<String, AttributeValue>();
    city.forEach((name, text) -> item.put(name, AttributeValue.fromS(text)));
    cities.put(name(item), item);
  }
}
