package dev.godwit.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real jars, as they are deployed. */
class LambdaJarsIT {
  private static final Path ROOT = Path.of(System.getProperty("godwit.root"));
  private static final String WORKER = "segment-worker/target/segment-worker-lambda.jar";
  private static final String DEPLOYMENT = "infra/target/deployment-lambda.jar";

  @ParameterizedTest
  @ValueSource(strings = {WORKER, DEPLOYMENT})
  void jar_itsEntries_runOnAnyProcessorAndCarryNoSignatures(String jar) throws IOException {
    assertThat(entries(jar))
        .noneMatch(name -> name.endsWith(".so") || name.endsWith(".dll") || name.endsWith(".dylib"))
        .noneMatch(name -> name.matches("META-INF/[^/]+\\.(SF|DSA|RSA)"))
        .doesNotHaveDuplicates();
  }

  /**
   * Lambda developer guide, "Lambda quotas", deployment package: 250 MB unzipped; read 2026-11-20.
   */
  @ParameterizedTest
  @ValueSource(strings = {WORKER, DEPLOYMENT})
  void jar_unpacked_isWithinLambdasLimit(String jar) throws IOException {
    try (var file = new JarFile(ROOT.resolve(jar).toFile())) {
      assertThat(file.stream().mapToLong(ZipEntry::getSize).sum()).isLessThan(250L << 20);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {WORKER, DEPLOYMENT})
  void jar_whatOnlyAuthorsNeed_isNotInIt(String jar) throws IOException {
    assertThat(entries(jar))
        .noneMatch(name -> name.startsWith("org/junit/") || name.startsWith("org/opentest4j/"))
        .noneMatch(
            name ->
                name.startsWith("dev/godwit/compiler/") || name.startsWith("dev/godwit/testkit/"));
  }

  @Test
  void workerJar_itsHandler_isTheOneThatTheFunctionNames() throws Exception {
    String[] handler = SegmentWorkerFunction.HANDLER.split("::", -1);
    try (var loader = loader(WORKER)) {
      assertThat(
              Arrays.stream(loader.loadClass(handler[0]).getMethods())
                  .map(java.lang.reflect.Method::getName))
          .contains(handler[1]);
    }
  }

  @Test
  void deploymentJar_ofOurs_holdsItsPackageAndTheContractOnly() throws IOException {
    assertThat(entries(DEPLOYMENT))
        .filteredOn(name -> name.startsWith("dev/godwit/") && name.endsWith(".class"))
        .isNotEmpty()
        .allMatch(
            name ->
                name.startsWith("dev/godwit/infra/deployment/")
                    || name.startsWith("dev/godwit/run/")
                    || name.startsWith("dev/godwit/migration/"));
    assertThat(entries(DEPLOYMENT)).noneMatch(name -> name.startsWith("software/amazon/awscdk/"));
  }

  private static List<String> entries(String jar) throws IOException {
    try (var file = new JarFile(ROOT.resolve(jar).toFile())) {
      return file.stream().map(ZipEntry::getName).toList();
    }
  }

  private static URLClassLoader loader(String jar) throws IOException {
    return new URLClassLoader(
        new URL[] {ROOT.resolve(jar).toUri().toURL()}, ClassLoader.getPlatformClassLoader());
  }
}
