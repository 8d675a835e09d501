package dev.godwit.cli.price;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.Map;

/**
 * Reads prices out of AWS's own lists: the files of the Price List Bulk API, and the products that
 * the Price List Query API answers. Their form: AWS Billing user guide, "Reading the price list
 * files"; read 2026-11-26.
 *
 * <p>A product has a usage type, and on demand a price in dollars for each range of use. The
 * dearest is the list price: cheaper ranges are the free tier, or come behind very much use.
 */
final class PriceList {
  private final String service;
  private final Map<Price, BigDecimal> dollars = new EnumMap<>(Price.class);

  /**
   * @param service the code of the service whose list it is, as in {@code AmazonDynamoDB}
   */
  PriceList(String service) {
    this.service = service;
  }

  /** Takes a whole file, of one region. */
  void file(JsonNode file) {
    var onDemand = file.path("terms").path("OnDemand");
    for (Map.Entry<String, JsonNode> product : file.path("products").properties()) {
      product(product.getValue().path("attributes"), onDemand.path(product.getKey()));
    }
  }

  /**
   * Takes one product.
   *
   * @param terms on demand, by their codes
   */
  void product(JsonNode attributes, JsonNode terms) {
    var usageType = attributes.path("usagetype").asText();
    for (Price price : Price.values()) {
      if (price.service().equals(service) && price.isNamed(usageType)) {
        for (JsonNode term : terms) {
          for (JsonNode range : term.path("priceDimensions")) {
            var each = range.path("pricePerUnit").path("USD").asText();
            if (!each.isEmpty()) {
              dollars.merge(price, new BigDecimal(each).stripTrailingZeros(), BigDecimal::max);
            }
          }
        }
      }
    }
  }

  /** What was found, without what costs nothing: of that nobody has said what it costs. */
  Map<Price, BigDecimal> dollars() {
    dollars.values().removeIf(each -> each.signum() == 0);
    return dollars;
  }
}
