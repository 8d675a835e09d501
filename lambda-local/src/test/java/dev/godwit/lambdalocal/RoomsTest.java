package dev.godwit.lambdalocal;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may know whom. */
@AnalyzeClasses(packages = "dev.godwit.lambdalocal", importOptions = DoNotIncludeTests.class)
class RoomsTest {
  @ArchTest
  static final ArchRule lambdaLocal_knowsNoRoom =
      noClasses()
          .should()
          .dependOnClassesThat(
              resideInAPackage("dev.godwit..")
                  .and(not(resideInAPackage("dev.godwit.lambdalocal.."))));

  @ArchTest
  static final ArchRule packages_knowEachOtherOneWayOnly =
      slices().matching("dev.godwit.(**)").should().beFreeOfCycles();
}
