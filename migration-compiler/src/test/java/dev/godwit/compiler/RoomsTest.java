package dev.godwit.compiler;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may know whom. */
@AnalyzeClasses(packages = "dev.godwit.compiler", importOptions = DoNotIncludeTests.class)
class RoomsTest {
  @ArchTest
  static final ArchRule compiler_knowsTheApiAndTheContractAlone =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "dev.godwit.compiler..",
              "dev.godwit.run.code..",
              "dev.godwit.migration..",
              "java..",
              "javax.tools..",
              "javax.lang.model..",
              "com.sun.source..",
              "com.fasterxml.jackson.core..",
              "org.jspecify..");
}
