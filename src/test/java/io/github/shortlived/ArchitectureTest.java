package io.github.shortlived;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The one-way flow of the packages, and what only the composition roots may do. */
class ArchitectureTest {
  private static final String ROOT = "io.github.shortlived";
  private static final Path SOURCES = Path.of("src", "main", "java");
  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .importUrl(
              ShortLivedCredentials.class.getProtectionDomain().getCodeSource().getLocation());

  @Test
  void packages_haveNoCycles() {
    slices().assignedFrom(new ByPackage()).should().beFreeOfCycles().check(MAIN);
  }

  @Test
  void main_knowsNothingOfTheEmulator() {
    noClasses().should().dependOnClassesThat().resideInAPackage(ROOT + ".testing..").check(MAIN);
  }

  @Test
  void internal_dependsOnNoOtherPackageOfOurs() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".internal..")
        .should()
        .dependOnClassesThat(
            resideInAPackage(ROOT + "..").and(not(resideInAPackage(ROOT + ".internal.."))))
        .check(MAIN);
  }

  @Test
  void facade_dependsOnNoOtherPackageThanInternal() {
    noClasses()
        .that()
        .resideInAPackage(ROOT)
        .should()
        .dependOnClassesThat(
            resideInAPackage(ROOT + "..")
                .and(not(resideInAPackage(ROOT)))
                .and(not(resideInAPackage(ROOT + ".internal.."))))
        .check(MAIN);
  }

  @Test
  void computeClient_isUsedByTheComputePackageAlone() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".compute..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.google.cloud.compute..")
        .check(MAIN);
  }

  @Test
  void computePackage_isWhereTheComputeClientIsUsed() {
    // Fails when the rule above has nothing left to guard.
    classes()
        .that()
        .haveSimpleName("ComputeInstances")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.google.cloud.compute..")
        .check(MAIN);
  }

  @Test
  void micrometer_isUsedByTheMetricsPackageAlone() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".metrics..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.micrometer..", ROOT + ".metrics..")
        .check(MAIN);
  }

  @Test
  void metricsPackage_isWhereMicrometerIsUsed() {
    // Fails when the rule above has nothing left to guard.
    classes()
        .that()
        .haveSimpleName("CredentialMetrics")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.micrometer..")
        .check(MAIN);
  }

  @Test
  void clock_isReadByTheRetriersCompositionRootAlone() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(ROOT + ".internal.Retrier")
        .should()
        .accessTargetWhere(isTimeItself())
        .check(MAIN);
  }

  @Test
  void systemClock_isTheBuildersDefaultAlone() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(ROOT + ".ShortLivedCredentials$Builder")
        .should()
        .accessTargetWhere(isNamed("java.time.InstantSource.system("))
        .check(MAIN);
  }

  @Test
  void output_goesNowhere() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.util.logging..", "org.slf4j..", "org.apache.commons.logging..")
        .orShould()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethod(Throwable.class, "printStackTrace")
        .check(MAIN);
  }

  @Test
  void guava_isInNoPublicSignature() {
    methods()
        .that()
        .arePublic()
        .and()
        .areDeclaredInClassesThat()
        .arePublic()
        .and()
        .areDeclaredInClassesThat()
        .resideOutsideOfPackage(ROOT + ".internal..")
        .should()
        .notHaveRawReturnType(resideInAPackage("com.google.common.."))
        .check(MAIN);
  }

  @Test
  void hosts_areNamedByEndpointsAndScopesAlone() throws IOException {
    Pattern host = Pattern.compile("googleapis\\.com|metadata\\.google|accounts\\.google\\.com");
    List<String> files;
    try (Stream<Path> sources = Files.walk(SOURCES)) {
      files =
          sources
              .filter(file -> file.toString().endsWith(".java"))
              .filter(file -> host.matcher(withoutComments(file)).find())
              .map(file -> file.getFileName().toString())
              .sorted()
              .toList();
    }

    assertThat(files).containsExactly("Endpoints.java", "Scopes.java");
  }

  /** Every way to learn what time it is, or to let it pass. */
  private static DescribedPredicate<JavaAccess<?>> isTimeItself() {
    Set<String> clocks =
        Set.of(
            "java.lang.System.currentTimeMillis",
            "java.lang.System.nanoTime",
            "java.lang.Thread.sleep",
            "java.util.concurrent.TimeUnit.sleep",
            "java.util.Date.<init>()",
            "com.google.api.core.NanoClock.getDefaultClock");
    return DescribedPredicate.describe(
        "the time itself",
        access -> {
          String target = access.getTarget().getFullName();
          return target.matches("java\\.time\\.\\w+\\.now\\(.*")
              || target.startsWith("java.time.Clock.system")
              || clocks.stream().anyMatch(target::startsWith);
        });
  }

  private static DescribedPredicate<JavaAccess<?>> isNamed(String start) {
    return DescribedPredicate.describe(
        start, access -> access.getTarget().getFullName().startsWith(start));
  }

  private static String withoutComments(Path file) {
    try {
      return Files.readString(file).replaceAll("(?s)/\\*.*?\\*/", "").replaceAll("(?m) //.*$", "");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static final class ByPackage implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      return type.getPackageName().startsWith(ROOT)
          ? SliceIdentifier.of(type.getPackageName())
          : SliceIdentifier.ignore();
    }

    @Override
    public String getDescription() {
      return "the packages of the library";
    }
  }
}
