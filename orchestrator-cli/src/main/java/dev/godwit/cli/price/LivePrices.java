package dev.godwit.cli.price;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.table.ServiceAnswer;
import dev.godwit.cli.table.ServiceCalls;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Prices as AWS's Price List Query API has them now: GetProducts, AWS Billing API reference; read
 * 2026-11-26. Each region is asked for once.
 */
public final class LivePrices implements PriceSource {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** As many as an answer has at most: API reference, GetProducts, MaxResults. */
  private static final int MOST_PRODUCTS = 100;

  private final ServiceCalls calls;
  private final Clock clock;
  private final Map<String, Prices> asked = new TreeMap<>();

  /**
   * @param calls of the price list; closed by who made them
   */
  public LivePrices(ServiceCalls calls, Clock clock) {
    this.calls = calls;
    this.clock = clock;
  }

  @Override
  public Prices of(String region) {
    return asked.computeIfAbsent(region, this::ask);
  }

  private Prices ask(String region) {
    var dollars = new EnumMap<Price, BigDecimal>(Price.class);
    try {
      for (String service : Price.services()) {
        dollars.putAll(ask(region, service));
      }
    } catch (SdkException e) {
      throw new CommandFailed(
          ExitCode.UNREACHABLE,
          "AWS's price list cannot be asked ("
              + ServiceAnswer.of(e)
              + "); allow pricing:GetProducts, or leave --live-prices out",
          e);
    } catch (IOException e) {
      throw new CommandFailed(
          ExitCode.UNREACHABLE, "AWS's price list answers no JSON (" + e.getMessage() + ")", e);
    }
    return new Prices(region, LocalDate.now(clock).toString(), "AWS Price List Query API", dollars);
  }

  private Map<Price, BigDecimal> ask(String region, String service) throws IOException {
    var list = new PriceList(service);
    var request =
        JSON.createObjectNode()
            .put("ServiceCode", service)
            .put("FormatVersion", "aws_v1")
            .put("MaxResults", MOST_PRODUCTS);
    request
        .putArray("Filters")
        .addObject()
        .put("Type", "TERM_MATCH")
        .put("Field", "regionCode")
        .put("Value", region);
    String next;
    do {
      var answer = JSON.readTree(calls.call("GetProducts", JSON.writeValueAsBytes(request)));
      for (JsonNode text : answer.path("PriceList")) {
        var product = JSON.readTree(text.asText());
        list.product(
            product.path("product").path("attributes"), product.path("terms").path("OnDemand"));
      }
      next = answer.path("NextToken").asText();
      request.put("NextToken", next);
    } while (!next.isEmpty());
    return list.dollars();
  }
}
