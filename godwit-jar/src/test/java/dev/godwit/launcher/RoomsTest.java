package dev.godwit.launcher;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may know whom. */
@AnalyzeClasses(packages = "dev.godwit.launcher", importOptions = DoNotIncludeTests.class)
class RoomsTest {
  // The jars that it would know are not on the class path before it has put them there.
  @ArchTest
  static final ArchRule launcher_knowsTheJdkAlone =
      noClasses()
          .should()
          .dependOnClassesThat(
              not(resideInAPackage("java.."))
                  .and(not(resideInAPackage("dev.godwit.launcher..")))
                  .and(not(resideInAPackage("org.jspecify.."))));
}
