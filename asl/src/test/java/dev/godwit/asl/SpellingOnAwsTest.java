package dev.godwit.asl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.asl.SpellingOnAws.Spelling;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.SfnException;
import software.amazon.awssdk.services.sfn.model.TestStateRequest;
import software.amazon.awssdk.services.sfn.model.TestStateResponse;

/** {@link SpellingOnAws} against one who takes some names. */
class SpellingOnAwsTest {
  private static final String ROLE = "arn:aws:iam::123456789012:role/asks";
  private static final TestStateResponse TAKEN =
      answer("DynamoDb.ResourceNotFoundException", "Requested resource not found");
  private static final TestStateResponse EMPTY =
      answer("DynamoDb.DynamoDbException", "Supplied AttributeValue is empty");

  private final ByteArrayOutputStream told = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(told, true, StandardCharsets.UTF_8);
  private final List<TestStateRequest> asked = new ArrayList<>();

  private static TestStateResponse answer(String error, String cause) {
    return TestStateResponse.builder().status("FAILED").error(error).cause(cause).build();
  }

  private int ask(String taken, Optional<String> role) {
    return new SpellingOnAws(
            new Asked() {
              @Override
              public TestStateResponse testState(TestStateRequest request) {
                asked.add(request);
                return request.definition().contains("{\"" + taken + "\":") ? TAKEN : EMPTY;
              }
            },
            out)
        .ask(role);
  }

  private abstract static class Asked implements SfnClient {
    @Override
    public String serviceName() {
      return "states";
    }

    @Override
    public void close() {}
  }

  private String told() {
    return told.toString(StandardCharsets.UTF_8);
  }

  @Test
  void ask_theServicesNamesAreTaken_isAsExpected() {
    assertThat(ask("BOOL", Optional.of(ROLE))).isZero();

    assertThat(told())
        .contains("as expected  requests to DynamoDB with BOOL and NS: taken")
        .contains("for us       the same with Bool and Ns: not taken")
        .contains("Supplied AttributeValue is empty");
    assertThat(asked).hasSize(2).allMatch(request -> request.roleArn().equals(ROLE));
    assertThat(asked).allMatch(request -> request.mock() == null);
  }

  @Test
  void ask_onlyTheSdksNamesAreTaken_isDifferentAndSaysWhich() {
    assertThat(ask("Bool", Optional.of(ROLE))).isEqualTo(1);

    assertThat(told())
        .contains("DIFFERENT    requests to DynamoDB with BOOL and NS")
        .contains("answered: FAILED, DynamoDb.DynamoDbException: Supplied AttributeValue is empty")
        .contains("the same with Bool and Ns: taken");
  }

  @Test
  void ask_stepFunctionsRefusesTheDefinition_isDifferentWithItsWords() {
    var refusing =
        new Asked() {
          @Override
          public TestStateResponse testState(TestStateRequest request) {
            throw SfnException.builder()
                .message("The field 'BOOL' is not supported by Step Functions")
                .awsErrorDetails(AwsErrorDetails.builder().errorCode("InvalidDefinition").build())
                .build();
          }
        };

    assertThat(new SpellingOnAws(refusing, out).ask(Optional.of(ROLE))).isEqualTo(1);
    assertThat(told()).contains("InvalidDefinition", "The field 'BOOL' is not supported");
  }

  @Test
  void ask_withoutARole_saysWhatItNeeds() {
    assertThat(ask("BOOL", Optional.empty())).isZero();

    assertThat(asked).isEmpty();
    assertThat(told()).contains("not asked").contains("--role-arn").contains("dynamodb:Query");
  }

  @Test
  void request_isAMachineThatOurEngineTakes_withEveryTypeThatDefinitionsSend() {
    var state = ScriptedRun.json(SpellingOnAws.request(Spelling.OF_THE_SERVICE, ROLE).definition());
    var machine =
        Json.MAPPER
            .createObjectNode()
            .put("QueryLanguage", "JSONata")
            .put("StartAt", "Ask")
            .set("States", Json.MAPPER.valueToTree(Map.of("Ask", state)));
    assertThat(StateMachine.parse("asked", machine.toString())).isNotNull();

    var sent = new TreeSet<String>();
    for (String name : Definitions.ALL) {
      var text = Definitions.text(name);
      for (String type : List.of("BOOL", "NS", "SS", "BS", "NULL")) {
        if (text.contains("{\"" + type + "\":")) {
          sent.add(type);
        }
      }
    }
    assertThat(sent).containsExactly("BOOL", "NS");
    assertThat(state.toString()).contains("{\"BOOL\":", "{\"NS\":");
  }
}
