package dev.godwit.cli.stepfunctions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StateMachineArnTest {
  @ParameterizedTest
  @CsvSource({
    "aws,eu-west-1,https://eu-west-1.console.aws.amazon.com",
    "aws-cn,cn-north-1,https://cn-north-1.console.amazonaws.cn",
    "aws-us-gov,us-gov-west-1,https://us-gov-west-1.console.amazonaws-us-gov.com",
  })
  void links_inEachPartition_leadToItsConsole(String partition, String region, String console) {
    var machine =
        StateMachineArn.of(
            "arn:" + partition + ":states:" + region + ":123456789012:stateMachine:Godwit");
    var execution = machine.execution("run-1");
    assertThat(execution)
        .isEqualTo(
            "arn:" + partition + ":states:" + region + ":123456789012:execution:Godwit:run-1");
    assertThat(new ConsoleLinks(machine).execution(execution))
        .isEqualTo(
            console + "/states/home?region=" + region + "#/v2/executions/details/" + execution);
  }

  @Test
  void describable_ofAnAlias_isTheMachine_ofAVersion_isTheVersion() {
    var machine = "arn:aws:states:eu-west-1:123456789012:stateMachine:Godwit";
    assertThat(StateMachineArn.of(machine + ":live").describable()).isEqualTo(machine);
    assertThat(StateMachineArn.of(machine + ":7").describable()).isEqualTo(machine + ":7");
    assertThat(StateMachineArn.of(machine + ":live").execution("r"))
        .isEqualTo("arn:aws:states:eu-west-1:123456789012:execution:Godwit:r");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Godwit",
        "arn:aws:states:eu-west-1:123456789012:execution:Godwit:run-1",
        "arn:aws:lambda:eu-west-1:123456789012:function:Godwit",
        "arn:aws:states:eu-west-1:1234:stateMachine:Godwit",
      })
  void of_whatIsNoStateMachine_saysWhatToGive(String text) {
    assertThatThrownBy(() -> StateMachineArn.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("give a state machine's ARN")
        .hasMessageContaining(text);
  }
}
