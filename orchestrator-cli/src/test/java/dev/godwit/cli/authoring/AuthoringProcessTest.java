package dev.godwit.cli.authoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.cli.operate.GodwitProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The same in processes of their own, in a folder where there are migrations. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "There is no env")
class AuthoringProcessTest {
  /** What there is in a runtime without the tools of a JDK. */
  private static final List<String> AS_A_RUNTIME =
      List.of("env", "JDK_JAVA_OPTIONS=--limit-modules=java.se,jdk.unsupported,jdk.zipfs");

  @TempDir Path folder;

  @Test
  void commands_whereThereAreMigrations_takeThem() throws Exception {
    assertThat(godwit(List.of(), "create", "add-full-name", "--table", "Users").await()).isZero();
    try (var files = Files.list(folder.resolve("migrations"))) {
      assertThat(files).hasSize(1);
    }

    var refused = godwit(AS_A_RUNTIME, "migrations");
    assertThat(refused.await()).as(refused.told()).isEqualTo(2);
    assertThat(refused.told()).contains("There is no Java compiler in ").doesNotContain("\tat ");

    var test = godwit(List.of(), "test");
    assertThat(test.await()).as(test.told()).isZero();
    assertThat(test.out()).contains("-add-full-name  1 test passed");
    var list = godwit(AS_A_RUNTIME, "migrations");
    assertThat(list.await()).as("what is compiled needs no compiler: " + list.told()).isZero();
    assertThat(list.out().lines()).hasSize(1);
    assertThat(list.out()).contains("-add-full-name  Users");
  }

  private GodwitProcess godwit(List<String> around, String... arguments) throws IOException {
    return GodwitProcess.start(folder, around, List.of(arguments));
  }
}
