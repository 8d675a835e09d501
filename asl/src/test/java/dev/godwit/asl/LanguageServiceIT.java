package dev.godwit.asl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What AWS's own service for editors of the States Language finds in the definitions. */
class LanguageServiceIT {
  private static final NodeScript SERVICE = new NodeScript("validate.mjs");

  @ParameterizedTest
  @FieldSource("dev.godwit.asl.Definitions#ALL")
  void definition_asItIs_hasNoFinding(String name) throws Exception {
    assertThat(SERVICE.lines(Definitions.text(name))).containsExactly("[]");
  }

  @Test
  void definition_withAStateThatIsNotThere_isFound() throws Exception {
    String definition = Definitions.text(Definitions.MIGRATE_TABLE);

    assertThat(SERVICE.lines(definition.replace("\"Next\": \"Free?\"", "\"Next\": \"Fre?\"")))
        .singleElement()
        .asString()
        .contains("must be the name of an existing state");
  }
}
