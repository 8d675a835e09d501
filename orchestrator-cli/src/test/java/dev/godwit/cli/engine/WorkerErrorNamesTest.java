package dev.godwit.cli.engine;

import static com.tngtech.archunit.core.domain.JavaModifier.ABSTRACT;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import dev.godwit.asl.Definitions;
import dev.godwit.worker.WorkerException;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Step Functions matches an error of the worker by its class's name, letter by letter. No compiler
 * sees that: a class that was renamed would be retried, or not, by the rules for unknown errors.
 */
class WorkerErrorNamesTest {
  private static final JavaClasses WORKER =
      new ClassFileImporter()
          .withImportOption(new DoNotIncludeTests())
          .importPackages("dev.godwit.worker");

  @Test
  void definitions_errorNamesOfOurClasses_areExactlyWhatTheWorkerThrows() {
    assertThat(named()).isEqualTo(thrown());
  }

  private static Set<String> named() {
    var names = new TreeSet<String>();
    names.addAll(Definitions.migrateTable(EngineTasks.substitutions("ledger")).errorNames());
    names.addAll(Definitions.settleRun(EngineTasks.substitutions("ledger")).errorNames());
    names.removeIf(name -> !name.startsWith("dev.godwit."));
    return names;
  }

  /** Exceptions of the worker that some line of it makes. */
  private static Set<String> thrown() {
    return WORKER.stream()
        .filter(type -> type.isAssignableTo(WorkerException.class))
        .filter(type -> !type.getModifiers().contains(ABSTRACT))
        .filter(type -> !type.getConstructorCallsToSelf().isEmpty())
        .map(JavaClass::getName)
        .collect(toCollection(TreeSet::new));
  }
}
