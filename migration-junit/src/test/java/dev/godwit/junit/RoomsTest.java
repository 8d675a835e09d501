package dev.godwit.junit;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may know whom. */
@AnalyzeClasses(packages = "dev.godwit.junit", importOptions = DoNotIncludeTests.class)
class RoomsTest {
  @ArchTest
  static final ArchRule junit_knowsWhatARunNeeds =
      noClasses()
          .should()
          .dependOnClassesThat(
              resideInAPackage("dev.godwit..")
                  .and(
                      not(
                          resideInAnyPackage(
                              "dev.godwit.migration..",
                              "dev.godwit.run..",
                              "dev.godwit.worker..",
                              "dev.godwit.dynamodblocal..",
                              "dev.godwit.junit.."))));
}
