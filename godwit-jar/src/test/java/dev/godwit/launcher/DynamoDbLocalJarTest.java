package dev.godwit.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DynamoDbLocalJarTest {
  @Test
  void neededBy_commands_isSoForTheDemoAndPerhapsForTests() {
    assertThat(DynamoDbLocalJar.neededBy("demo", "--items", "5"))
        .isEqualTo(DynamoDbLocalJar.Need.NOT_WITHOUT);
    assertThat(DynamoDbLocalJar.neededBy("test")).isEqualTo(DynamoDbLocalJar.Need.PERHAPS);
    assertThat(DynamoDbLocalJar.neededBy("demo", "--help")).isEqualTo(DynamoDbLocalJar.Need.NONE);
    assertThat(DynamoDbLocalJar.neededBy("run", "--local")).isEqualTo(DynamoDbLocalJar.Need.NONE);
    assertThat(DynamoDbLocalJar.neededBy()).isEqualTo(DynamoDbLocalJar.Need.NONE);
  }

  @Test
  void described_isFilledInByTheBuild() throws Exception {
    var described = DynamoDbLocalJar.described();
    assertThat(described.path()).endsWith(".jar").doesNotContain("$");
    assertThat(described.sha256()).matches("[0-9a-f]{64}");
    assertThat(described.central()).startsWith("https://").doesNotContain("$");
  }
}
