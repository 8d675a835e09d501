package dev.godwit.cli.stepfunctions;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.ledger.Ledger.Code;
import dev.godwit.run.RunRequest;
import dev.godwit.run.RunRequestJson;
import dev.godwit.servicemodels.AwsRequests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * What is asked of Lambda and S3 when a run goes on with other code. The answers have the form of
 * the Lambda API reference (Invoke, GetAlias, UpdateAlias, CreateAlias; read 2026-11-26), the
 * requests are held against AWS's model.
 */
class PinnedWorkerTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FUNCTIONS = "/2015-03-31/functions/";
  private static final String ALIASES = FUNCTIONS + "worker/aliases";
  private static final String DIGEST = "ab".repeat(32);
  private static final RunRequest REQUEST =
      RunRequestJson.read(
          """
          {"version": 1, "runId": "r", "tableName": "Cities", "migration": "20261120-x",
           "direction": "up", "mode": "apply", "totalSegments": 4, "maxConcurrency": 4,
           "sliceSeconds": 240, "guard": "read-set", "itemFailuresAllowed": 0,
           "toleratedFailurePercentage": 0, "parameters": {}}""");

  private final WireMockServer server =
      new WireMockServer(WireMockConfiguration.options().dynamicPort());
  private final LambdaClient lambda;
  private final S3Client s3;
  private final PinnedWorker worker;

  PinnedWorkerTest() {
    server.start();
    var here = Optional.of(URI.create(server.baseUrl()));
    var clients =
        new AwsClients(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("a", "b")),
            here,
            here,
            here,
            here,
            here);
    lambda = clients.lambda("eu-west-1");
    s3 = clients.s3("eu-west-1");
    worker =
        new PinnedWorker(
            lambda,
            s3,
            new Deployment(
                "godwit-ledger", "results", "worker:live", "worker", true, true, true, true));
  }

  @BeforeEach
  void begin() {
    answer(any(anyUrl()).atPriority(10), 200, "");
  }

  @AfterEach
  void end() {
    lambda.close();
    s3.close();
    server.stop();
  }

  private void answer(MappingBuilder call, int status, String body) {
    server.stubFor(
        call.willReturn(
            aResponse()
                .withStatus(status)
                .withHeader("Content-Type", "application/json")
                .withBody(body)));
  }

  private void answerInvoke(String payload, Optional<String> error) {
    var answer =
        aResponse().withStatus(200).withHeader("X-Amz-Executed-Version", "12").withBody(payload);
    error.ifPresent(kind -> answer.withHeader("X-Amz-Function-Error", kind));
    server.stubFor(
        post(urlPathEqualTo(FUNCTIONS + "worker%3Alive/invocations")).willReturn(answer));
  }

  private void alias(Optional<String> version) {
    answer(
        get(urlPathEqualTo(ALIASES + "/run-r")),
        version.isPresent() ? 200 : 404,
        version
            .map(
                is ->
                    "{\"AliasArn\": \"arn:aws:lambda:eu-west-1:123456789012:function:worker:run-r\", \"Name\": \"run-r\", \"FunctionVersion\": \""
                        + is
                        + "\", \"Description\": \"A run of Godwit\", \"RevisionId\": \"1\"}")
            .orElse("{\"Type\": \"User\", \"Message\": \"Cannot find alias\"}"));
    if (version.isEmpty()) {
      server.stubFor(
          put(urlPathEqualTo(ALIASES + "/run-r"))
              .willReturn(
                  aResponse()
                      .withStatus(404)
                      .withHeader("X-Amzn-ErrorType", "ResourceNotFoundException")
                      .withHeader("Content-Type", "application/json")
                      .withBody("{\"Type\": \"User\", \"Message\": \"Cannot find alias\"}")));
      server.stubFor(
          get(urlPathEqualTo(ALIASES + "/run-r"))
              .willReturn(
                  aResponse()
                      .withStatus(404)
                      .withHeader("X-Amzn-ErrorType", "ResourceNotFoundException")
                      .withHeader("Content-Type", "application/json")
                      .withBody("{\"Type\": \"User\", \"Message\": \"Cannot find alias\"}")));
    }
  }

  /** What was asked, oldest first; refused if AWS would refuse it. */
  private List<String> asked() {
    var events = new ArrayList<>(server.getAllServeEvents());
    Collections.reverse(events);
    var asked = new ArrayList<String>();
    for (var event : events) {
      var request = event.getRequest();
      var path = request.getUrl().replaceAll("\\?.*", "");
      if (path.startsWith("/results/")) {
        asked.add(request.getMethod() + " " + path);
        continue;
      }
      var body = parse(request.getBodyAsString());
      boolean invoke = path.endsWith("/invocations");
      var operation =
          AwsRequests.checkRest(
              "lambda",
              request.getMethod().getName(),
              path,
              invoke ? JSON.createObjectNode() : body);
      asked.add(operation + (body.isEmpty() ? "" : " " + body));
    }
    return asked;
  }

  private static JsonNode parse(String text) {
    try {
      return text.isEmpty() ? JSON.createObjectNode() : JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void live_wakesTheWorker_andSaysWhichCodeItHas() {
    answerInvoke("{\"code\": \"" + DIGEST + "\"}", Optional.empty());

    assertThat(worker.live(REQUEST)).isEqualTo(new Code(DIGEST, "12"));

    assertThat(asked())
        .containsExactly(
            "Invoke {\"wake\":{\"runId\":\"r\",\"tableName\":\"Cities\",\"migration\":\"20261120-x\",\"direction\":\"up\"}}");
  }

  @Test
  void live_ofAWorkerThatRefuses_isRefused() {
    answerInvoke(
        "{\"errorType\": \"dev.godwit.worker.BadSliceRequest\", \"errorMessage\": \"no such migration\"}",
        Optional.of("Unhandled"));

    assertThatThrownBy(() -> worker.live(REQUEST))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("no such migration")
        .hasMessageContaining("lambda:InvokeFunction");
  }

  @Test
  void accept_putsTheWordFirstAndThenMovesTheAlias() {
    answer(put(urlPathEqualTo(ALIASES + "/run-r")), 200, "{\"FunctionVersion\": \"12\"}");

    worker.accept(REQUEST, new Code(DIGEST, "12"));

    assertThat(asked())
        .containsExactly(
            "PUT /results/runs/r/accepted-code/" + DIGEST,
            "UpdateAlias {\"FunctionVersion\":\"12\"}");
  }

  @Test
  void accept_forARunThatHasNoAlias_makesOne() {
    alias(Optional.empty());
    answer(post(urlPathEqualTo(ALIASES)), 201, "{\"FunctionVersion\": \"12\"}");

    worker.accept(REQUEST, new Code(DIGEST, "12"));

    assertThat(asked())
        .containsExactly(
            "PUT /results/runs/r/accepted-code/" + DIGEST,
            "UpdateAlias {\"FunctionVersion\":\"12\"}",
            "CreateAlias {\"Name\":\"run-r\",\"FunctionVersion\":\"12\",\"Description\":\"A run of Godwit\"}");
  }

  @Test
  void hold_toTheVersionThatTheAliasHas_changesNothing() {
    alias(Optional.of("12"));

    worker.hold(REQUEST, new Code(DIGEST, "12"));

    assertThat(asked()).containsExactly("GetAlias");
  }

  /** As a redrive leaves it that moved the alias and was refused then. */
  @Test
  void hold_toAnotherVersion_pointsTheAliasBack() {
    alias(Optional.of("13"));
    answer(put(urlPathEqualTo(ALIASES + "/run-r")), 200, "{\"FunctionVersion\": \"12\"}");

    worker.hold(REQUEST, new Code(DIGEST, "12"));

    assertThat(asked())
        .containsExactly(
            "GetAlias",
            "PUT /results/runs/r/accepted-code/" + DIGEST,
            "UpdateAlias {\"FunctionVersion\":\"12\"}");
  }

  @Test
  void hold_forWhoMayNotLookAtTheAlias_saysWhatToAllow() {
    server.stubFor(
        get(urlPathEqualTo(ALIASES + "/run-r"))
            .willReturn(
                aResponse()
                    .withStatus(403)
                    .withHeader("X-Amzn-ErrorType", "AccessDeniedException")
                    .withHeader("Content-Type", "application/json")
                    .withBody("{\"Message\": \"not authorized\"}")));

    assertThatThrownBy(() -> worker.hold(REQUEST, new Code(DIGEST, "12")))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("allow lambda:GetAlias on worker");
  }
}
