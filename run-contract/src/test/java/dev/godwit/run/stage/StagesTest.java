package dev.godwit.run.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StagesTest {
  private static Map<String, Stage> read(String json) throws Exception {
    return Stages.of(new ObjectMapper().readTree(json));
  }

  @Test
  void stages_withAllTheirMembers_areRead() throws Exception {
    var stages =
        read(
            """
            {"prod": {"stateMachine": "arn:aws:states:eu-west-1:123456789012:stateMachine:Godwit",
                      "tables": ["Users-prod", "Orders-*"], "parameters": {"stage": "prod"}},
             "dev": {"region": "us-east-1", "endpointUrl": "http://127.0.0.1:8000"}}
            """);

    assertThat(stages)
        .containsExactly(
            Map.entry(
                "prod",
                new Stage(
                    "prod",
                    Optional.of("arn:aws:states:eu-west-1:123456789012:stateMachine:Godwit"),
                    Optional.empty(),
                    Optional.empty(),
                    List.of("Users-prod", "Orders-*"),
                    Map.of("stage", "prod"))),
            Map.entry(
                "dev",
                new Stage(
                    "dev",
                    Optional.empty(),
                    Optional.of("us-east-1"),
                    Optional.of(URI.create("http://127.0.0.1:8000")),
                    List.of(),
                    Map.of())));
  }

  @Test
  void stage_itsTables_areThoseThatItNames() throws Exception {
    var stages = read("{\"prod\": {\"tables\": [\"Users.prod\", \"Orders-*\"]}, \"dev\": {}}");
    var prod = Objects.requireNonNull(stages.get("prod"));
    assertThat(List.of("Users.prod", "Orders-prod", "Usersxprod", "Users.dev"))
        .filteredOn(prod::has)
        .containsExactly("Users.prod", "Orders-prod");
    assertThat(prod.namedTables()).containsExactly("Users.prod");
    assertThat(Objects.requireNonNull(stages.get("dev")).has("anything")).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]|stages must be an object, a stage's name to what it is, not []",
        "{\"a\": 1}|stages.a must be an object, not 1",
        "{\"a\": {\"machine\": \"x\"}}|There is no member stages.a.machine; a stage may have endpointUrl, parameters, region, stateMachine, tables",
        "{\"a\": {\"stateMachine\": \"Godwit\"}}|stages.a.stateMachine must be a state machine's ARN, as the deployment printed it, not \"Godwit\"",
        "{\"a\": {\"stateMachine\": \"arn:aws:states:eu-west-1:123456789012:stateMachine:G\", \"region\": \"eu-west-1\"}}|stages.a.stateMachine says where runs are: leave out region and endpointUrl, which are for runs on a machine",
        "{\"a\": {\"tables\": \"Users\"}}|stages.a.tables must be a list, not \"Users\"",
        "{\"a\": {\"tables\": [1]}}|stages.a.tables must be text, not 1",
        "{\"a\": {\"tables\": [\"Us ers\"]}}|stages.a.tables must have names of tables, in which * stands for any characters, not \"Us ers\"",
        "{\"a\": {\"endpointUrl\": \"localhost\"}}|stages.a.endpointUrl must be an address, as in http://127.0.0.1:8000, not \"localhost\"",
        "{\"a\": {\"parameters\": {\"n\": 1}}}|stages.a.parameters.n must be text, not 1",
        "{\"a\": {\"parameters\": []}}|stages.a.parameters must be an object, name to text, not []",
      })
  void stages_thatCannotBe_areRefusedInASentence(String json, String message) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
