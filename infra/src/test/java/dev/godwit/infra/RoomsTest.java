package dev.godwit.infra;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may know whom. */
@AnalyzeClasses(packages = "dev.godwit", importOptions = ImportOption.DoNotIncludeTests.class)
class RoomsTest {
  @ArchTest
  static final ArchRule infra_ofGodwitsRooms_knowsAslTheContractAndTheCompilerAlone =
      noClasses()
          .that()
          .resideInAPackage("dev.godwit.infra..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.godwit.migration..",
              "dev.godwit.worker..",
              "dev.godwit.testkit..",
              "dev.godwit.examples..",
              "dev.godwit.dynamodblocal..",
              "dev.godwit.cli..");

  @ArchTest
  static final ArchRule deployment_whichRunsInLambda_knowsNothingOfCdk =
      noClasses()
          .that()
          .resideInAPackage("dev.godwit.infra.deployment..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.godwit.infra",
              "dev.godwit.asl..",
              "software.amazon.awscdk..",
              "software.constructs..");

  @ArchTest
  static final ArchRule constructs_whichOnlyDescribe_callNoAws =
      noClasses()
          .that()
          .resideInAPackage("dev.godwit.infra")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("software.amazon.awssdk..");

  @ArchTest
  static final ArchRule packages_knowEachOtherOneWayOnly =
      slices().matching("dev.godwit.(**)").should().beFreeOfCycles();
}
