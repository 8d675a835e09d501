package dev.godwit.cli.authoring;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClasspathRoots;

import dev.godwit.compiler.CompiledTests;
import dev.godwit.compiler.MigrationsFolder;
import dev.godwit.junit.GodwitTable;
import dev.godwit.testkit.TransformTester;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apiguardian.api.API;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;
import org.opentest4j.AssertionFailedError;

/** Tests of a migration, run by JUnit's own launcher in this process. */
final class TestRun {
  /** Frames of a stack that are no user's. */
  private static final List<String> NOT_THEIRS =
      List.of(
          "java.",
          "jdk.",
          "org.junit.",
          "org.opentest4j.",
          "dev.godwit.cli.",
          "dev.godwit.testkit.",
          "dev.godwit.junit.",
          "picocli.");

  private TestRun() {}

  /**
   * What came of it.
   *
   * @param found how many tests there are
   * @param passed how many did
   * @param skipped how many were disabled, or given up by an assumption
   * @param failures several lines each, for people
   */
  record Outcome(int found, int passed, int skipped, List<String> failures) {}

  /** What tests may use beside what migrations may: the testkit and JUnit 5. */
  static List<Path> classPath() {
    return MigrationsFolder.places(
        TransformTester.class,
        GodwitTable.class,
        Test.class,
        ParameterizedTest.class,
        Testable.class,
        AssertionFailedError.class,
        API.class);
  }

  static Outcome of(CompiledTests tests) {
    var thread = Thread.currentThread();
    var before = thread.getContextClassLoader();
    try (var loader = new URLClassLoader(urls(tests.classPath()), TestRun.class.getClassLoader())) {
      thread.setContextClassLoader(loader);
      var summary = new SummaryGeneratingListener();
      LauncherFactory.create(
              LauncherConfig.builder()
                  .enableTestExecutionListenerAutoRegistration(false)
                  .enableLauncherSessionListenerAutoRegistration(false)
                  .enableLauncherDiscoveryListenerAutoRegistration(false)
                  .enablePostDiscoveryFilterAutoRegistration(false)
                  .build())
          .execute(
              LauncherDiscoveryRequestBuilder.request()
                  .selectors(selectClasspathRoots(Set.of(tests.jar())))
                  .filters(EngineFilter.includeEngines("junit-jupiter"))
                  .build(),
              summary);
      return outcome(summary.getSummary());
    } catch (IOException e) {
      throw new UncheckedIOException("The tests of " + tests.name() + " cannot be closed", e);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static Outcome outcome(TestExecutionSummary summary) {
    return new Outcome(
        (int) summary.getTestsFoundCount(),
        (int) summary.getTestsSucceededCount(),
        (int) (summary.getTestsSkippedCount() + summary.getTestsAbortedCount()),
        summary.getFailures().stream().map(TestRun::told).toList());
  }

  private static String told(TestExecutionSummary.Failure failure) {
    var lines = new ArrayList<String>();
    lines.add("FAILED  " + name(failure.getTestIdentifier()));
    var thrown = failure.getException();
    (thrown instanceof AssertionError ? String.valueOf(thrown.getMessage()) : thrown.toString())
        .lines()
        .forEach(line -> lines.add("  " + line));
    Stream.of(thrown.getStackTrace())
        .filter(frame -> NOT_THEIRS.stream().noneMatch(frame.getClassName()::startsWith))
        .forEach(frame -> lines.add("    at " + frame));
    return String.join(System.lineSeparator(), lines);
  }

  private static String name(TestIdentifier test) {
    var source = test.getSource().orElse(null);
    if (source instanceof MethodSource method) {
      var called = method.getClassName() + "." + method.getMethodName();
      return test.getDisplayName().startsWith(method.getMethodName())
          ? called
          : called + " (" + test.getDisplayName() + ")";
    }
    return source instanceof ClassSource type ? type.getClassName() : test.getDisplayName();
  }

  private static URL[] urls(List<Path> classPath) {
    return classPath.stream()
        .map(
            jar -> {
              try {
                return jar.toUri().toURL();
              } catch (MalformedURLException e) {
                throw new IllegalStateException("Every file has a URL", e);
              }
            })
        .toArray(URL[]::new);
  }
}
