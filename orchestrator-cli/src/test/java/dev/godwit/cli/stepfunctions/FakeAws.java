package dev.godwit.cli.stepfunctions;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okForContentType;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.putRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.matching.StringValuePattern;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.godwit.asl.Definitions;
import dev.godwit.servicemodels.AwsRequests;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Step Functions and S3 at the level of HTTP: answers are told beforehand, requests are kept. */
final class FakeAws implements AutoCloseable {
  static final String BUCKET = "godwit-results";
  static final String LEDGER = "godwit-ledger";
  static final String MACHINE = "arn:aws:states:eu-west-1:123456789012:stateMachine:Godwit";
  static final String EXECUTION = "arn:aws:states:eu-west-1:123456789012:execution:Godwit:";
  static final String MAP_RUN =
      "arn:aws:states:eu-west-1:123456789012:mapRun:Godwit/Segments:0b1c2d3e";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final WireMockServer server =
      new WireMockServer(WireMockConfiguration.options().dynamicPort());

  FakeAws() {
    server.start();
    answer(
        "DescribeStateMachine",
        object(
            "stateMachineArn",
            MACHINE,
            "name",
            "Godwit",
            "status",
            "ACTIVE",
            "definition",
            definition(),
            "roleArn",
            "arn:aws:iam::123456789012:role/r",
            "type",
            "STANDARD",
            "creationDate",
            1.7e9));
  }

  /** The very definition that is deployed. */
  private static String definition() {
    return Definitions.substitute(
        Definitions.MIGRATE_TABLE,
        Definitions.text(Definitions.MIGRATE_TABLE),
        Map.of(
            "Partition",
            "aws",
            "WorkerFunction",
            "worker:live",
            "WorkerFunctionName",
            "worker",
            "LedgerTable",
            LEDGER,
            "ResultsBucket",
            BUCKET));
  }

  AwsClients clients(URI dynamoDb) {
    var here = Optional.of(URI.create(server.baseUrl()));
    return new AwsClients(
        StaticCredentialsProvider.create(AwsBasicCredentials.create("a", "b")),
        here,
        Optional.of(dynamoDb),
        here,
        here,
        here);
  }

  /** A JSON object of names and values in turn. */
  static String object(Object... fields) {
    var node = JSON.createObjectNode();
    for (int i = 0; i < fields.length; i += 2) {
      node.set((String) fields[i], JSON.valueToTree(fields[i + 1]));
    }
    return node.toString();
  }

  private static MappingBuilder call(String operation) {
    return post(urlEqualTo("/"))
        .withHeader("X-Amz-Target", equalTo("AWSStepFunctions." + operation));
  }

  private static ResponseDefinitionBuilder ok(String body) {
    return okForContentType("application/x-amz-json-1.0", body);
  }

  /** From now on {@code operation} is answered so. */
  void answer(String operation, String body) {
    server.stubFor(call(operation).willReturn(ok(body)));
  }

  /** {@code operation} is answered with each of {@code answers} once, and then with the last. */
  void answerInTurn(String operation, List<ResponseDefinitionBuilder> answers) {
    for (int i = 0; i < answers.size(); i++) {
      server.stubFor(
          call(operation)
              .inScenario(operation)
              .whenScenarioStateIs(i == 0 ? Scenario.STARTED : "after " + i)
              .willReturn(answers.get(i))
              .willSetStateTo("after " + Math.min(i + 1, answers.size() - 1)));
    }
  }

  static ResponseDefinitionBuilder answered(String body) {
    return ok(body);
  }

  static ResponseDefinitionBuilder refused(int status, String error) {
    return aResponse()
        .withStatus(status)
        .withHeader("Content-Type", "application/x-amz-json-1.0")
        .withBody(object("__type", error, "message", "so it is"));
  }

  void refuse(String operation, String error) {
    server.stubFor(call(operation).willReturn(refused(400, error)));
  }

  /** Puts a file into the results bucket. */
  void put(String key, String content) {
    server.stubFor(
        get(urlPathEqualTo("/" + BUCKET + "/" + key))
            .willReturn(okForContentType("application/octet-stream", content)));
  }

  /** From now on the bucket takes what is put into it. */
  void takeObjects() {
    server.stubFor(
        WireMock.put(urlPathMatching("/" + BUCKET + "/.+"))
            .willReturn(aResponse().withStatus(200)));
  }

  /** What was put into the bucket as {@code key}, last. */
  String object(String key) {
    var puts = server.findAll(putRequestedFor(urlPathEqualTo("/" + BUCKET + "/" + key)));
    return puts.get(puts.size() - 1).getBodyAsString();
  }

  /** From now on the Security Token Service says so: its API reference, GetCallerIdentity. */
  void isCalledBy(String arn) {
    server.stubFor(
        post(urlEqualTo("/"))
            .withRequestBody(containing("Action=GetCallerIdentity"))
            .willReturn(
                okForContentType(
                    "text/xml",
                    "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">"
                        + "<GetCallerIdentityResult><Arn>"
                        + arn
                        + "</Arn><UserId>AIDA</UserId><Account>123456789012</Account>"
                        + "</GetCallerIdentityResult></GetCallerIdentityResponse>")));
  }

  /**
   * From now on Lambda says so of the worker and of the account: its API reference,
   * GetFunctionConfiguration and GetAccountSettings; read 2026-11-26.
   */
  void works(String role, int memoryMegabytes, int functionsAtOnce) {
    server.stubFor(
        get(urlPathEqualTo("/2015-03-31/functions/worker%3Alive/configuration"))
            .willReturn(
                okForContentType(
                    "application/json",
                    object(
                        "FunctionName",
                        "worker",
                        "FunctionArn",
                        "arn:aws:lambda:eu-west-1:123456789012:function:worker:live",
                        "Role",
                        role,
                        "MemorySize",
                        memoryMegabytes,
                        "Architectures",
                        List.of("arm64")))));
    server.stubFor(
        get(urlPathEqualTo("/2016-08-19/account-settings"))
            .willReturn(
                okForContentType(
                    "application/json",
                    object(
                        "AccountLimit",
                        Map.of("UnreservedConcurrentExecutions", functionsAtOnce)))));
  }

  /** What the bucket lists under {@code prefix}: files, and the folders right below it. */
  void list(String prefix, String... keys) {
    var files = new StringBuilder();
    var folders = new TreeSet<String>();
    for (String key : keys) {
      files
          .append("<Contents><Key>")
          .append(key)
          .append("</Key><LastModified>2026-11-20T08:00:00.000Z</LastModified>")
          .append("<ETag>\"e\"</ETag><Size>9</Size></Contents>");
      int end = key.indexOf('/', prefix.length());
      if (end > 0) {
        folders.add(
            "<CommonPrefixes><Prefix>" + key.substring(0, end + 1) + "</Prefix></CommonPrefixes>");
      }
    }
    listing(prefix, absent(), files.toString());
    listing(prefix, equalTo("/"), String.join("", folders));
  }

  private void listing(String prefix, StringValuePattern delimiter, String contents) {
    server.stubFor(
        get(urlPathEqualTo("/" + BUCKET))
            .withQueryParam("list-type", equalTo("2"))
            .withQueryParam("prefix", equalTo(prefix))
            .withQueryParam("delimiter", delimiter)
            .willReturn(
                okForContentType(
                    "application/xml",
                    "<?xml version=\"1.0\"?><ListBucketResult><Name>"
                        + BUCKET
                        + "</Name><IsTruncated>false</IsTruncated>"
                        + contents
                        + "</ListBucketResult>")));
  }

  /** The bodies of the calls of {@code operation} so far, oldest first. */
  List<JsonNode> calls(String operation) {
    return server
        .findAll(
            postRequestedFor(urlEqualTo("/"))
                .withHeader("X-Amz-Target", equalTo("AWSStepFunctions." + operation)))
        .stream()
        .map(LoggedRequest::getBodyAsString)
        .map(FakeAws::parse)
        .toList();
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Ends, and fails the test if it asked for something that AWS would refuse. */
  @Override
  public void close() {
    var asked = server.getAllServeEvents();
    server.stop();
    for (var event : asked) {
      var target = event.getRequest().getHeader("X-Amz-Target");
      if (target != null) {
        AwsRequests.checkCall(target, parse(event.getRequest().getBodyAsString()));
      }
    }
  }
}
