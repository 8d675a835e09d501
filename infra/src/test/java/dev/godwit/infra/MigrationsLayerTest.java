package dev.godwit.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.lambda.Architecture;
import software.amazon.awscdk.services.lambda.Runtime;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "files have no such permissions there")
class MigrationsLayerTest {
  @TempDir Path folder;

  @Test
  void layer_ofAJarThatOnlyItsOwnerMayRead_canBeReadByLambda() throws IOException {
    var jar = Placeholder.jar(folder, "ours.jar");
    Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-------"));
    var app = new App();

    new MigrationsLayer(
        new Stack(app, "Test"), "Migrations", List.of(jar), Runtime.JAVA_21, Architecture.ARM_64);

    try (Stream<Path> files = Files.walk(Path.of(app.synth().getDirectory()))) {
      var packed = files.filter(file -> file.endsWith("java/lib/ours.jar")).toList();
      assertThat(packed).hasSize(1);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(packed.get(0))))
          .isEqualTo("rw-r--r--");
    }
  }
}
