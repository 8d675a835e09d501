package dev.godwit.cli.price;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.cli.TestScreen;
import dev.godwit.cli.facts.CannedAws;
import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.cli.table.ServiceCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * The files are in the form of AWS Billing user guide, "Reading the price list files", and of what
 * public code reads (see {@link Price}); read 2026-11-26. No file of AWS's was there to copy.
 */
class PriceListTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-26T12:00:00Z"), ZoneOffset.UTC);

  private static final String DYNAMO_DB =
      """
      {"formatVersion": "v1.0", "offerCode": "AmazonDynamoDB", "version": "20261101000000",
       "products": {
        "A": {"sku": "A", "productFamily": "Amazon DynamoDB PayPerRequest Throughput",
              "attributes": {"usagetype": "EU-WriteRequestUnits", "operation": "PayPerRequestThroughput", "regionCode": "eu-west-1"}},
        "B": {"sku": "B", "attributes": {"usagetype": "EU-IA-WriteRequestUnits"}},
        "C": {"sku": "C", "attributes": {"usagetype": "EU-ReplWriteRequestUnits"}},
        "D": {"sku": "D", "attributes": {"usagetype": "EU-WriteCapacityUnit-Hrs"}},
        "E": {"sku": "E", "attributes": {"usagetype": "EU-TimedPITRStorage-ByteHrs"}},
        "F": {"sku": "F", "attributes": {"usagetype": "EU-Streams-Requests"}},
        "G": {"sku": "G", "attributes": {"usagetype": "EU-ReadRequestUnits"}}},
       "terms": {"OnDemand": {
        "A": {"A.T": {"priceDimensions": {"A.T.1": {"unit": "WriteRequestUnits", "beginRange": "0", "endRange": "Inf", "pricePerUnit": {"USD": "0.0000007070"}}}}},
        "B": {"B.T": {"priceDimensions": {"B.T.1": {"pricePerUnit": {"USD": "0.0000009000"}}}}},
        "C": {"C.T": {"priceDimensions": {"C.T.1": {"pricePerUnit": {"USD": "0.0000007071"}}}}},
        "D": {"D.T": {"priceDimensions": {
               "D.T.1": {"beginRange": "0", "endRange": "18600", "pricePerUnit": {"USD": "0.0000000000"}},
               "D.T.2": {"beginRange": "18600", "endRange": "Inf", "pricePerUnit": {"USD": "0.0007350000"}}}}},
        "E": {"E.T": {"priceDimensions": {"E.T.1": {"pricePerUnit": {"USD": "0.2260000000"}}}}},
        "F": {"F.T": {"priceDimensions": {"F.T.1": {"pricePerUnit": {"USD": "0.0000002000"}}}}},
        "G": {"G.T": {"priceDimensions": {"G.T.1": {"pricePerUnit": {"CNY": "0.001"}}}}}}}}
      """;

  @Test
  void file_ofAService_hasThePricesThatAreNamed() throws IOException {
    var list = new PriceList("AmazonDynamoDB");

    list.file(JSON.readTree(DYNAMO_DB));

    assertThat(list.dollars())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                Price.WRITE, new BigDecimal("7.07E-7"),
                Price.IA_WRITE, new BigDecimal("9E-7"),
                Price.REPLICATED_WRITE, new BigDecimal("7.071E-7"),
                Price.WRITE_HOUR, new BigDecimal("0.000735"),
                Price.RECOVERY, new BigDecimal("0.226")));
  }

  /** In us-east-1 names have no region before them, and IA- is none. */
  @Test
  void product_ofInfrequentAccess_isNotTakenForTheOther() throws IOException {
    var list = new PriceList("AmazonDynamoDB");

    list.product(
        JSON.readTree("{\"usagetype\": \"IA-WriteRequestUnits\"}"),
        JSON.readTree(
            "{\"T\": {\"priceDimensions\": {\"D\": {\"pricePerUnit\": {\"USD\": \"0.0000007800\"}}}}}"));

    assertThat(list.dollars()).containsOnlyKeys(Price.IA_WRITE);
  }

  @Test
  void file_ofAnotherService_isNotMixedUp() throws IOException {
    var list = new PriceList("AmazonS3");

    list.file(JSON.readTree(DYNAMO_DB));

    assertThat(list.dollars()).isEmpty();
  }

  @Test
  void readPrices_intoAFile_keepsOtherRegions(@TempDir Path folder) throws IOException {
    var into = folder.resolve("prices.json");
    Files.writeString(
        into,
        "{\"us-east-1\": {\"read\": \"2026-01-01\", \"source\": \"before\", \"dollars\": {\"writeRequestUnit\": \"0.1\"}}}");
    var from = Files.createDirectories(folder.resolve("lists").resolve("eu-west-1"));
    Files.writeString(from.resolve("AmazonDynamoDB.json"), DYNAMO_DB);

    int exit =
        new CommandLine(new ReadPricesCommand(TestScreen.plain().screen(), CLOCK))
            .execute("--from=" + folder.resolve("lists"), "--into=" + into);

    assertThat(exit).isZero();
    try (var in = Files.newInputStream(into)) {
      var table = PriceTable.read(in);
      assertThat(table.of("us-east-1").of(Price.WRITE)).contains(new BigDecimal("0.1"));
      assertThat(table.of("eu-west-1").of(Price.WRITE)).contains(new BigDecimal("0.000000707"));
      assertThat(table.of("eu-west-1").read()).isEqualTo("2026-11-26");
      assertThat(table.of("eu-west-1").of(Price.READ)).as("in no dollars").isEmpty();
    }
  }

  @Test
  void livePrices_ofARegion_areAskedPageAfterPage() {
    try (var aws = new CannedAws()) {
      aws.on(
          "GetProducts",
          "{\"FormatVersion\": \"aws_v1\", \"PriceList\": [\"{\\\"product\\\": {\\\"attributes\\\": {\\\"usagetype\\\": \\\"EU-WriteRequestUnits\\\"}},"
              + " \\\"terms\\\": {\\\"OnDemand\\\": {\\\"T\\\": {\\\"priceDimensions\\\": {\\\"D\\\": {\\\"pricePerUnit\\\": {\\\"USD\\\": \\\"0.0000007070\\\"}}}}}}}\"]}");
      var connection = DynamoDbConnection.local(aws.endpoint());
      try (var calls = ServiceCalls.ofPriceList(connection, Optional.of(aws.endpoint()))) {
        var prices = new LivePrices(calls, CLOCK);

        assertThat(prices.of("eu-west-1").of(Price.WRITE)).contains(new BigDecimal("7.07E-7"));
        assertThat(prices.of("eu-west-1").read()).isEqualTo("2026-11-26");
        assertThat(prices.of("eu-west-1").of(Price.RECOVERY)).isEmpty();
        assertThat(aws.asked()).as("once for each service").hasSize(Price.services().size());
      }
    }
  }

  @Test
  void table_ofThisBuild_isSound() {
    var prices = PriceTable.ofThisBuild().of("us-east-1");

    assertThat(prices.areKnown()).isTrue();
    assertThat(prices.read()).matches("\\d{4}-\\d{2}-\\d{2}");
    assertThat(PriceTable.ofThisBuild().of("mars-north-1").areKnown()).isFalse();
  }

  @Test
  void table_thatHasANameNobodyKnows_isRefused() {
    var text = "{\"us-east-1\": {\"dollars\": {\"writeRequestUnits\": \"1\"}}}";

    assertThatThrownBy(
            () -> PriceTable.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))))
        .hasMessageContaining("writeRequestUnits");
  }
}
