package dev.godwit.cli;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may know whom. */
@AnalyzeClasses(packages = "dev.godwit", importOptions = DoNotIncludeTests.class)
class RoomsTest {
  private static final String API = "dev.godwit.migration..";
  private static final String CONTRACT = "dev.godwit.run..";
  private static final String WORKER = "dev.godwit.worker..";
  private static final String ASL = "dev.godwit.asl..";
  private static final String EXAMPLES = "dev.godwit.examples..";
  private static final String LOCAL = "dev.godwit.dynamodblocal..";
  private static final String CLI = "dev.godwit.cli..";
  private static final String ANY_ROOM = "dev.godwit..";

  @ArchTest
  static final ArchRule migrationApi_knowsNoRoomAndNoSdk =
      classes()
          .that()
          .resideInAPackage(API)
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(API, "java..", "com.fasterxml.jackson.core..", "org.jspecify..");

  @ArchTest
  static final ArchRule examples_knowTheApiAlone =
      noClasses()
          .that()
          .resideInAPackage(EXAMPLES)
          .should()
          .dependOnClassesThat(
              resideInAPackage(ANY_ROOM)
                  .and(not(resideInAPackage(API)))
                  .and(not(resideInAPackage(EXAMPLES))));

  @ArchTest
  static final ArchRule runContract_knowsTheApiAloneAndNoSdk =
      classes()
          .that()
          .resideInAPackage(CONTRACT)
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(API, CONTRACT, "java..", "com.fasterxml.jackson..", "org.jspecify..");

  @ArchTest
  static final ArchRule worker_knowsTheApiAndTheContractAlone =
      noClasses()
          .that()
          .resideInAPackage(WORKER)
          .should()
          .dependOnClassesThat(
              resideInAPackage(ANY_ROOM)
                  .and(not(resideInAPackage(API)))
                  .and(not(resideInAPackage(CONTRACT)))
                  .and(not(resideInAPackage(WORKER))));

  @ArchTest
  static final ArchRule asl_knowsNoRoomAndNoSdk =
      noClasses()
          .that()
          .resideInAPackage(ASL)
          .should()
          .dependOnClassesThat(
              resideInAPackage(ANY_ROOM)
                  .and(not(resideInAPackage(ASL)))
                  .or(resideInAPackage("software.amazon..")));

  @ArchTest
  static final ArchRule dynamoDbLocal_knowsNoRoom =
      noClasses()
          .that()
          .resideInAPackage(LOCAL)
          .should()
          .dependOnClassesThat(resideInAPackage(ANY_ROOM).and(not(resideInAPackage(LOCAL))));

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
