package dev.godwit.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may know whom in this room, which may know all the others; they have such tests too. */
@AnalyzeClasses(packages = "dev.godwit.cli", importOptions = DoNotIncludeTests.class)
class RoomsTest {
  private static final String ASL = "dev.godwit.asl..";
  private static final String LOCAL = "dev.godwit.dynamodblocal..";
  private static final String CLI = "dev.godwit.cli..";

  @ArchTest
  static final ArchRule onlyTheEngineAdapter_knowsTheInterpreter =
      noClasses()
          .that()
          .resideInAPackage(CLI)
          .and()
          .resideOutsideOfPackage("dev.godwit.cli.engine..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(ASL);

  @ArchTest
  static final ArchRule onlyTheDemo_knowsDynamoDbLocal =
      noClasses()
          .that()
          .resideInAPackage(CLI)
          .and()
          .resideOutsideOfPackage("dev.godwit.cli.demo..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(LOCAL);

  @ArchTest
  static final ArchRule packagesOfTheCommand_knowEachOtherOneWayOnly =
      slices().matching("dev.godwit.cli.(*)..").should().beFreeOfCycles();
}
