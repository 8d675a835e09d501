package dev.godwit.migration;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may know whom. */
@AnalyzeClasses(packages = "dev.godwit.migration", importOptions = DoNotIncludeTests.class)
class RoomsTest {
  @ArchTest
  static final ArchRule api_knowsNoRoomAndNoSdk =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "dev.godwit.migration..", "java..", "com.fasterxml.jackson.core..", "org.jspecify..");

  @ArchTest
  static final ArchRule packages_knowEachOtherOneWayOnly =
      slices().matching("dev.godwit.(**)").should().beFreeOfCycles();
}
