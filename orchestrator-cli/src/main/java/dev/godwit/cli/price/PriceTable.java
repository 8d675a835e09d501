package dev.godwit.cli.price;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Prices by region, as the project's file has them:
 *
 * <pre>
 * {"us-east-1": {"read": "2026-11-26", "source": "…", "dollars": {"writeRequestUnit": "0.000000625"}}}
 * </pre>
 */
public final class PriceTable implements PriceSource {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FILE = "prices.json";

  private final Map<String, Prices> byRegion;

  PriceTable(Map<String, Prices> byRegion) {
    this.byRegion = new TreeMap<>(byRegion);
  }

  /** The one of this build. */
  public static PriceTable ofThisBuild() {
    try (var in = PriceTable.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException("There is no " + FILE + " in Godwit");
      }
      return read(in);
    } catch (IOException e) {
      throw new UncheckedIOException("The prices cannot be read", e);
    }
  }

  /** What {@code in} has. */
  static PriceTable read(InputStream in) throws IOException {
    var byRegion = new TreeMap<String, Prices>();
    for (Map.Entry<String, JsonNode> region : JSON.readTree(in).properties()) {
      var dollars = new EnumMap<Price, BigDecimal>(Price.class);
      for (Map.Entry<String, JsonNode> each : region.getValue().path("dollars").properties()) {
        var price =
            Price.of(each.getKey())
                .orElseThrow(() -> new IOException("There is no price called " + each.getKey()));
        dollars.put(price, new BigDecimal(each.getValue().asText()));
      }
      byRegion.put(
          region.getKey(),
          new Prices(
              region.getKey(),
              region.getValue().path("read").asText(),
              region.getValue().path("source").asText(),
              dollars));
    }
    return new PriceTable(byRegion);
  }

  @Override
  public Prices of(String region) {
    return byRegion.getOrDefault(region, Prices.unknown(region));
  }

  /** The same, with {@code prices} for what it has of their region. */
  PriceTable with(Prices prices) {
    var all = new TreeMap<>(byRegion);
    all.put(prices.region(), prices);
    return new PriceTable(all);
  }

  /** As the file has it. */
  String text() {
    ObjectNode root = JSON.createObjectNode();
    byRegion.forEach(
        (region, prices) -> {
          var node =
              root.putObject(region).put("read", prices.read()).put("source", prices.source());
          var dollars = node.putObject("dollars");
          prices
              .dollars()
              .forEach((price, each) -> dollars.put(price.field(), each.toPlainString()));
        });
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    } catch (IOException e) {
      throw new UncheckedIOException("Prices are always JSON", e);
    }
  }
}
