package dev.godwit.run.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodeDigestTest {
  private static final String SAID = "0123456789abcdef".repeat(4);

  @TempDir Path folder;

  @Test
  void of_codeThatSaysItsSources_isTheirDigestWhateverTheCompilerMade() throws IOException {
    var one = jar("one.jar", "A.class", "as javac 17 makes it", CodeDigest.SOURCES, SAID);
    var other =
        jar("other.jar", "A.class", "as javac 25 makes it", CodeDigest.SOURCES, SAID + "\n");
    var classes = Files.createDirectories(folder.resolve("classes/META-INF/godwit"));
    Files.writeString(classes.resolve("sources.sha256"), SAID);

    assertThat(CodeDigest.of(one)).isEqualTo(SAID);
    assertThat(CodeDigest.of(other)).isEqualTo(SAID);
    assertThat(CodeDigest.of(folder.resolve("classes"))).isEqualTo(SAID);
  }

  @Test
  void of_codeThatSaysNonsense_isThatOfItsFiles() throws IOException {
    var one = jar("one.jar", "A.class", "1", CodeDigest.SOURCES, "nonsense");
    var other = jar("other.jar", "A.class", "2", CodeDigest.SOURCES, "nonsense");

    assertThat(CodeDigest.of(one)).matches("[0-9a-f]{64}").isNotEqualTo(CodeDigest.of(other));
  }

  @Test
  void of_aFileThatIsNoJar_isRefused() throws IOException {
    var text = Files.writeString(folder.resolve("text.jar"), "no jar");

    assertThatThrownBy(() -> CodeDigest.of(text)).isInstanceOf(ZipException.class);
  }

  @Test
  void hex_filesThatAreCutElsewhere_isAnother() {
    var one = new CodeDigest();
    one.add("a", "bc".getBytes(StandardCharsets.UTF_8));
    var other = new CodeDigest();
    other.add("ab", "c".getBytes(StandardCharsets.UTF_8));

    assertThat(one.hex()).isNotEqualTo(other.hex());
  }

  private Path jar(String name, String... entries) throws IOException {
    var jar = folder.resolve(name);
    try (var out = new ZipOutputStream(Files.newOutputStream(jar))) {
      for (int i = 0; i < entries.length; i += 2) {
        out.putNextEntry(new ZipEntry(entries[i]));
        out.write(entries[i + 1].getBytes(StandardCharsets.UTF_8));
      }
    }
    return jar;
  }
}
