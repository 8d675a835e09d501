package dev.godwit.cli.plan;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.okForContentType;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import dev.godwit.cli.facts.DeploymentFacts;
import dev.godwit.cli.facts.RoleReader;
import dev.godwit.cli.facts.Told;
import dev.godwit.cli.plan.Check.Answer;
import dev.godwit.cli.table.DynamoDbConnection;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Answers in the form of the IAM API reference, SimulatePrincipalPolicy; read 2026-11-26. */
class RoleChecksTest {
  private static final String TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/Cities";
  private static final String MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:Godwit";
  private static final String WORKER = "arn:aws:iam::123456789012:role/worker";
  private static final String SESSION = "arn:aws:sts::123456789012:assumed-role/Ops/ana";

  private final WireMockServer iam =
      new WireMockServer(WireMockConfiguration.options().dynamicPort());

  @BeforeEach
  void start() {
    iam.start();
  }

  @AfterEach
  void stop() {
    iam.stop();
  }

  private RoleReader reader() {
    var here = URI.create(iam.baseUrl());
    return RoleReader.beside(DynamoDbConnection.local(here), Optional.of(here));
  }

  private static String result(String action, String decision) {
    return "<member><EvalActionName>"
        + action
        + "</EvalActionName><EvalDecision>"
        + decision
        + "</EvalDecision></member>";
  }

  private void answers(String source, String... results) {
    iam.stubFor(
        post(urlEqualTo("/"))
            .withRequestBody(containing("Action=SimulatePrincipalPolicy"))
            .withRequestBody(containing(source))
            .willReturn(
                okForContentType(
                    "text/xml",
                    "<SimulatePrincipalPolicyResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><SimulatePrincipalPolicyResult><IsTruncated>false</IsTruncated><EvaluationResults>"
                        + String.join("", results)
                        + "</EvaluationResults></SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>")));
  }

  private static DeploymentFacts deployment(Told<DeploymentFacts.Worker> worker, int atOnce) {
    return new DeploymentFacts(
        MACHINE,
        "ledger",
        Told.of("arn:aws:iam::123456789012:role/machine"),
        worker,
        Told.of(atOnce));
  }

  @Test
  void checks_ofADeployment_askForEachWhatItNeeds() {
    answers("role%2FOps", result("states:StartExecution", "allowed"));
    answers(
        "role%2Fworker",
        result("dynamodb:Scan", "allowed"), result("dynamodb:PartiQLUpdate", "implicitDeny"));
    answers("role%2Fmachine", result("dynamodb:DescribeTable", "allowed"));
    var planned = new Planned();

    try (var reader = reader()) {
      var checks =
          new RoleChecks(reader, TABLE, planned.request())
              .of(
                  deployment(
                      Told.of(new DeploymentFacts.Worker("w", WORKER, 1_769, true, false)), 50),
                  SESSION);

      assertThat(checks)
          .extracting(Check::name)
          .containsExactly("caller", "worker", "machine", "concurrency");
      assertThat(checks)
          .extracting(Check::answer)
          .containsExactly(Answer.YES, Answer.NO, Answer.YES, Answer.NO);
      assertThat(checks.get(1).why())
          .contains(WORKER + " may not dynamodb:PartiQLUpdate on " + TABLE);
      assertThat(checks.get(3).why()).contains("the account has 50, and 100 are asked for");
    }
  }

  @Test
  void checks_ofAWorkerThatWritesOneByOne_askForNoPartiQl() {
    answers("Action=SimulatePrincipalPolicy", result("dynamodb:Scan", "allowed"));

    try (var reader = reader()) {
      new RoleChecks(reader, TABLE, new Planned().request())
          .of(
              deployment(Told.of(new DeploymentFacts.Worker("w", WORKER, 1_769, true, true)), 50),
              SESSION);
    }
    iam.verify(1, postRequestedFor(urlEqualTo("/")).withRequestBody(containing("dynamodb%3AScan")));
    iam.verify(0, postRequestedFor(urlEqualTo("/")).withRequestBody(containing("PartiQL")));
  }

  @Test
  void checks_thatIamDoesNotAnswer_areUnknown_andSayWhatToAllow() {
    iam.stubFor(
        post(urlEqualTo("/"))
            .willReturn(
                aResponse()
                    .withStatus(403)
                    .withBody(
                        "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>")));
    var planned = new Planned();

    try (var reader = reader()) {
      var checks =
          new RoleChecks(reader, TABLE, planned.request())
              .of(deployment(Told.unknown("nobody knows the worker"), 1_000), SESSION);

      assertThat(checks)
          .extracting(Check::answer)
          .containsExactly(Answer.UNKNOWN, Answer.UNKNOWN, Answer.UNKNOWN, Answer.YES);
      assertThat(checks.get(0).why())
          .contains("AccessDenied", "iam:SimulatePrincipalPolicy", "role/Ops");
      assertThat(checks.get(1).why()).isEqualTo("nobody knows the worker");
    }
  }

  @Test
  void checks_ofSomebodyWhoIsNoPrincipal_areUnknown() {
    var planned = new Planned();

    try (var reader = reader()) {
      var checks = new RoleChecks(reader, TABLE, planned.request()).here("ana@laptop");

      assertThat(checks)
          .singleElement()
          .satisfies(
              check -> {
                assertThat(check.answer()).isEqualTo(Answer.UNKNOWN);
                assertThat(check.why()).contains("ana@laptop");
              });
    }
  }
}
