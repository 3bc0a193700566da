package routes.repository;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;

@AnalyzeClasses(packages = "routes.repository", importOptions = DoNotIncludeTests.class)
class RepositoryIsALeafTest {

  @ArchTest
  static final ArchRule DEPENDS_ON_FORMATS_AND_STORES_ONLY =
      classes()
          .that()
          .resideInAPackage("routes.repository..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "routes.repository..",
              "java..",
              "javax.crypto..",
              "com.exceptionfactory.jagged..",
              "com.fasterxml.jackson..",
              "com.github.luben.zstd..",
              "org.apache.commons.codec..",
              "software.amazon.awssdk..");

  @ArchTest
  static final ArchRule ONLY_THE_S3_STORE_KNOWS_THE_SDK =
      noClasses()
          .that()
          .haveNameNotMatching(".*\\.S3ObjectStore.*")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("software.amazon.awssdk..");

  @ArchTest
  static final ArchRule TIME_IS_INJECTED =
      noClasses()
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(System.class, "currentTimeMillis");
}
