package dev.godwit.worker.code;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.migration.Migration;
import dev.godwit.worker.lambda.LayerJar;
import dev.godwit.worker.lambda.layer.AddColour;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureClassLoader;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrationCodeTest {
  private static final String CLASS = AddColour.class.getName().replace('.', '/') + ".class";

  @TempDir Path folder;

  @Test
  void digest_folderAndJarsMadeOfItInAnyOrderWithAnyManifest_isOne() throws Exception {
    var classes = Files.createDirectories(folder.resolve("classes"));
    LayerJar.of(folder.resolve("one.jar"), AddColour.class);
    try (var jar = FileSystems.newFileSystem(folder.resolve("one.jar"))) {
      for (String name : new String[] {CLASS, service()}) {
        var file = classes.resolve(name);
        Files.createDirectories(file.resolveSibling("."));
        Files.copy(jar.getPath(name), file, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    try (var jar =
        new JarOutputStream(Files.newOutputStream(folder.resolve("other.jar")), manifest())) {
      jar.putNextEntry(new JarEntry("META-INF/services/"));
      for (String name : new String[] {service(), CLASS}) {
        var entry = new JarEntry(name);
        entry.setTime(0);
        jar.putNextEntry(entry);
        Files.copy(classes.resolve(name), jar);
      }
    }

    assertThat(digest(folder.resolve("one.jar")))
        .matches("[0-9a-f]{64}")
        .isEqualTo(digest(folder.resolve("other.jar")))
        .isEqualTo(digest(classes));
  }

  @Test
  void digest_anyFileBesideTheClassIsAnother_isAnother() throws Exception {
    var classes = Files.createDirectories(folder.resolve("classes"));
    Files.createDirectories(classes.resolve(CLASS).resolveSibling("."));
    try (var type = AddColour.class.getResourceAsStream("/" + CLASS)) {
      Files.copy(type, classes.resolve(CLASS));
    }
    var before = digest(classes);

    Files.writeString(classes.resolve("coordinates.csv"), "Lisbon,38.7");
    var withFile = digest(classes);
    Files.writeString(classes.resolve("coordinates.csv"), "Lisbon,38.8");
    var otherFile = digest(classes);

    assertThat(withFile).isNotEqualTo(before).isNotEqualTo(otherFile);
    assertThat(otherFile).isNotEqualTo(before);
  }

  @Test
  void digest_askedTwice_readsTheJarOnce() throws Exception {
    var jar = LayerJar.of(folder.resolve("one.jar"), AddColour.class);
    try (var loader = loader(jar)) {
      var code = new MigrationCode();
      var migration =
          (Migration) loader.loadClass(AddColour.class.getName()).getConstructor().newInstance();
      var first = code.digest(migration);
      Files.delete(jar);

      assertThat(code.digest(migration)).isEqualTo(first);
    }
  }

  @Test
  void digest_classFromNoFile_isOfTheClassAlone() throws Exception {
    var loader = new InMemory();
    var migration =
        (Migration) loader.loadClass(AddColour.class.getName()).getConstructor().newInstance();

    assertThat(migration.getClass()).isNotEqualTo(AddColour.class);
    assertThat(new MigrationCode().digest(migration)).matches("[0-9a-f]{64}");
  }

  private static String digest(Path place) throws Exception {
    try (var loader = loader(place)) {
      return new MigrationCode()
          .digest(
              (Migration)
                  loader.loadClass(AddColour.class.getName()).getConstructor().newInstance());
    }
  }

  /** Loads the migration from {@code place}, not from the tests' class path. */
  private static URLClassLoader loader(Path place) throws IOException {
    return new URLClassLoader(
        new URL[] {place.toUri().toURL()}, MigrationCodeTest.class.getClassLoader()) {
      @Override
      public Class<?> loadClass(String name) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
          if (!name.startsWith(AddColour.class.getName())) {
            return super.loadClass(name);
          }
          var known = findLoadedClass(name);
          return known == null ? findClass(name) : known;
        }
      }
    };
  }

  private static final class InMemory extends SecureClassLoader {
    InMemory() {
      super(MigrationCodeTest.class.getClassLoader());
    }

    @Override
    public Class<?> loadClass(String name) throws ClassNotFoundException {
      if (!name.equals(AddColour.class.getName())) {
        return super.loadClass(name);
      }
      try (var type = getResourceAsStream(CLASS)) {
        var bytes = type.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  private static String service() {
    return "META-INF/services/" + Migration.class.getName();
  }

  private static Manifest manifest() {
    var manifest = new Manifest();
    manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
    manifest.getMainAttributes().putValue("Built-By", "someone");
    return manifest;
  }
}
