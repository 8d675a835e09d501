package dev.godwit.cli.ledger;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.okForContentType;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.run.ledger.LedgerTags;
import dev.godwit.servicemodels.AwsRequests;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * DynamoDB Local knows no tags, so the answers are canned, in the form that the DynamoDB API
 * reference gives them (ListTables, DescribeTable, ListTagsOfResource; read 2026-11-26).
 */
class LedgerSearchTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ARN = "arn:aws:dynamodb:eu-west-1:123456789012:table/";

  private final WireMockServer server =
      new WireMockServer(WireMockConfiguration.options().dynamicPort());
  private final DynamoDbClient client;

  LedgerSearchTest() {
    server.start();
    client = DynamoDbConnection.local(URI.create(server.baseUrl())).client();
  }

  /** Ends, and fails the test if something was asked for that AWS would refuse. */
  @AfterEach
  void stop() throws IOException {
    client.close();
    var asked = server.getAllServeEvents();
    server.stop();
    for (var event : asked) {
      AwsRequests.checkCall(
          event.getRequest().getHeader("X-Amz-Target"),
          JSON.readTree(event.getRequest().getBodyAsString()));
    }
  }

  private static MappingBuilder call(String operation) {
    return post(urlEqualTo("/"))
        .withHeader("X-Amz-Target", equalTo("DynamoDB_20120810." + operation));
  }

  private void answer(MappingBuilder call, Object body) {
    server.stubFor(
        call.willReturn(
            okForContentType("application/x-amz-json-1.0", JSON.valueToTree(body).toString())));
  }

  /** The names behind {@code godwit-ledger}, two pages of them. */
  private void tables(List<String> first, List<String> second) {
    answer(
        call("ListTables")
            .withRequestBody(
                matchingJsonPath("$.ExclusiveStartTableName", equalTo("godwit-ledger"))),
        Map.of("TableNames", first, "LastEvaluatedTableName", "page-2"));
    answer(
        call("ListTables")
            .withRequestBody(matchingJsonPath("$.ExclusiveStartTableName", equalTo("page-2"))),
        Map.of("TableNames", second));
  }

  private void ledger(String name, Map<String, String> tags) {
    answer(
        call("DescribeTable").withRequestBody(matchingJsonPath("$.TableName", equalTo(name))),
        Map.of("Table", Map.of("TableName", name, "TableArn", ARN + name)));
    var all =
        tags.entrySet().stream()
            .map(tag -> Map.of("Key", tag.getKey(), "Value", tag.getValue()))
            .toList();
    int half = all.size() / 2;
    answer(
        call("ListTagsOfResource")
            .withRequestBody(matchingJsonPath("$.ResourceArn", equalTo(ARN + name))),
        Map.of("Tags", all.subList(0, half), "NextToken", "more-" + name));
    answer(
        call("ListTagsOfResource")
            .withRequestBody(matchingJsonPath("$.NextToken", equalTo("more-" + name))),
        Map.of("Tags", all.subList(half, all.size())));
  }

  private LedgerSearch.Found search(String table) {
    return new LedgerSearch(client).of(table);
  }

  @Test
  void of_aTableThatADeploymentOwns_isThatDeploymentsLedger() {
    tables(
        List.of("godwit-ledger-Birds", "godwit-ledger-Cities"),
        List.of("godwit-ledger-Zoos", "other"));
    ledger("godwit-ledger-Birds", LedgerTags.of(List.of("Gulls", "Terns")));
    ledger("godwit-ledger-Cities", Map.of("team", "maps"));
    ledger("godwit-ledger-Zoos", LedgerTags.of(List.of("Cages", "Cities")));

    assertThat(search("Cities")).isEqualTo(new LedgerSearch.Found("godwit-ledger-Zoos", ""));
    assertThat(search("Terns")).isEqualTo(new LedgerSearch.Found("godwit-ledger-Birds", ""));
    assertThat(search("Citie").ledgerTable()).as("owned by none").isEqualTo("godwit-ledger");
  }

  @Test
  void of_aTableThatTwoDeploymentsOwn_isRefusedAndAsksWhich() {
    tables(List.of("godwit-ledger-a"), List.of("godwit-ledger-b"));
    ledger("godwit-ledger-a", LedgerTags.of(List.of("Cities")));
    ledger("godwit-ledger-b", LedgerTags.of(List.of("Cities")));

    assertThatThrownBy(() -> search("Cities"))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("godwit-ledger-a, godwit-ledger-b")
        .hasMessageContaining("--ledger");
  }

  @Test
  void of_anyTable_forWhoMayNotListTables_isTheMachinesLedgerAndADoubt() {
    server.stubFor(
        call("ListTables")
            .willReturn(
                aResponse()
                    .withStatus(400)
                    .withHeader("Content-Type", "application/x-amz-json-1.0")
                    .withBody(
                        "{\"__type\": \"com.amazon.coral.service#AccessDeniedException\", \"Message\": \"not authorized\"}")));

    var found = search("Cities");

    assertThat(found.ledgerTable()).isEqualTo("godwit-ledger");
    assertThat(found.doubt()).contains("not authorized").contains("--ledger");
  }
}
