package routes;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.model.ProcessorDefinition;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.web.servlet.error.ErrorController;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.RequestMapping;
import routes.kernel.process.ChildProcess;
import routes.web.operations.Needs;
import routes.web.operations.NeedsNoKey;

/** The house rules of {@code routes/package-info.java}, kept by the build. */
@AnalyzeClasses(packages = "routes", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String LEAVES = "routes.repository..";

  /** Rooms that features stand on, the lowest first: each may know those before it. */
  private static final List<String> ROOMS =
      List.of("kernel", "telemetry", "stores", "web", "messaging", "jobs");

  private static String[] rooms(List<String> names) {
    return names.stream().map(name -> "routes." + name + "..").toArray(String[]::new);
  }

  @ArchTest
  static void roomsKnowOnlyLowerRooms(JavaClasses classes) {
    for (int room = 0; room < ROOMS.size(); room++) {
      String[] lower = rooms(ROOMS.subList(0, room + 1));
      noClasses()
          .that()
          .resideInAPackage("routes." + ROOMS.get(room) + "..")
          .should()
          .dependOnClassesThat(resideInAPackage("routes..").and(not(resideInAnyPackage(lower))))
          .check(classes);
    }
  }

  @ArchTest
  static final ArchRule featuresDoNotKnowEachOther =
      slices()
          .matching("routes.(*)..")
          .should()
          .notDependOnEachOther()
          .ignoreDependency(
              alwaysTrue(), resideInAnyPackage(rooms(ROOMS)).or(resideInAPackage(LEAVES)));

  @ArchTest
  static final ArchRule noPackageCycles = slices().matching("(routes..)").should().beFreeOfCycles();

  /** What one reader can keep in mind; a package that grows past it is cut by meaning. */
  @ArchTest
  static void packagesStaySmall(JavaClasses classes) {
    Map<String, Long> sizes =
        classes.stream()
            .filter(type -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
            .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));
    assertThat(sizes)
        .isNotEmpty()
        .allSatisfy((name, size) -> assertThat(size).as(name).isLessThanOrEqualTo(25));
  }

  @ArchTest
  static void everyPackageSaysWhatItIs(JavaClasses classes) {
    assertThat(classes.stream().map(JavaClass::getPackageName).distinct())
        .allSatisfy(
            name ->
                assertThat(Path.of("src/main/java", name.replace('.', '/'), "package-info.java"))
                    .exists());
  }

  @ArchTest
  static final ArchRule leafLibrariesArePure =
      noClasses()
          .that()
          .resideInAPackage(LEAVES)
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("org.apache.camel..", "org.springframework..")
                  .or(resideInAPackage("routes..").and(not(resideInAPackage(LEAVES)))));

  /** A jar of its own, with these libraries beside it. */
  @ArchTest
  static final ArchRule theCommandLineIsAlone =
      classes()
          .that()
          .resideInAPackage("routes.cli..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "routes.cli..", "java..", "javax.net.ssl..", "picocli..", "com.fasterxml.jackson..")
          .andShould()
          .onlyHaveDependentClassesThat()
          .resideInAPackage("routes.cli..");

  @ArchTest
  static final ArchRule everyOperationSaysItsRole =
      methods()
          .that()
          .areMetaAnnotatedWith(RequestMapping.class)
          .and()
          .areDeclaredInClassesThat()
          .areNotAssignableTo(ErrorController.class)
          .should()
          .beAnnotatedWith(Needs.class)
          .orShould()
          .beAnnotatedWith(NeedsNoKey.class);

  @ArchTest
  static final ArchRule camelStopsAtRoutes =
      noClasses()
          .that(
              not(simpleNameEndingWith("Routes"))
                  .and(not(resideInAnyPackage(rooms(ROOMS))))
                  .and(not(isInsideRoutes())))
          .should()
          .dependOnClassesThat(
              resideInAPackage("org.apache.camel..")
                  // Says which parameter of a plain method is the run; calls nothing.
                  .and(not(type(ExchangeProperty.class))))
          .because("what is decided needs no Camel");

  @ArchTest
  static final ArchRule oneErrorPolicy =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("routes.messaging.deadletters.ErrorPolicy")
          .should()
          .callMethod(ProcessorDefinition.class, "onException", Class.class)
          .orShould()
          .callMethodWhere(
              JavaCall.Predicates.target(nameMatching("onException|errorHandler|doTry")));

  @ArchTest
  static final ArchRule timeIsInjected =
      noClasses()
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(LocalDateTime.class, "now")
          .orShould()
          .callMethod(LocalDate.class, "now")
          .orShould()
          .callMethod(ZonedDateTime.class, "now")
          .orShould()
          .callMethod(OffsetDateTime.class, "now")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callConstructor(java.util.Date.class);

  @ArchTest
  static final ArchRule oneClock =
      noClasses()
          .should()
          .callMethodWhere(
              JavaCall.Predicates.target(owner(type(Clock.class)))
                  .and(JavaCall.Predicates.target(nameMatching("system.*|tick.*")))
                  .and(
                      describe(
                          "from no bean method, nor the command line's main",
                          call ->
                              !call.getOrigin().isAnnotatedWith(Bean.class)
                                  && !call.getOriginOwner()
                                      .getPackageName()
                                      .equals("routes.cli"))));

  @ArchTest
  static final ArchRule configurationIsTyped =
      noFields()
          .should()
          .beAnnotatedWith(Value.class)
          .because("a properties record names its unit");

  @ArchTest
  static final ArchRule queriesKeepNoConnection =
      noClasses()
          .should()
          .callMethod(JdbcClient.MappedQuerySpec.class, "stream")
          .because("it holds its connection until somebody closes it");

  @ArchTest
  static final ArchRule childrenInheritNoSecrets =
      noClasses()
          .that()
          .areNotAssignableTo(ChildProcess.class)
          .should()
          .dependOnClassesThat()
          .areAssignableTo(ProcessBuilder.class)
          .orShould()
          .callMethod(Runtime.class, "exec", String.class)
          .orShould()
          .callMethod(Runtime.class, "exec", String[].class)
          .orShould()
          .callMethod(Runtime.class, "exec", String[].class, String[].class)
          .because("ChildProcess gives a child nothing of the hub's environment");

  @ArchTest
  static final ArchRule nothingIsPrintedButTheDoctorsFindings =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName(HubApplication.class.getName())
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err")
          .orShould()
          .callMethod(Throwable.class, "printStackTrace");

  private static com.tngtech.archunit.base.DescribedPredicate<JavaClass> isInsideRoutes() {
    return describe(
        "is inside a *Routes class",
        type ->
            type.getEnclosingClass()
                .map(outer -> outer.getSimpleName().endsWith("Routes"))
                .orElse(false));
  }
}
