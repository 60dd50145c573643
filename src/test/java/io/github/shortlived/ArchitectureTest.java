package io.github.shortlived;

import static com.google.common.graph.Graphs.TransitiveClosureSelfLoopStrategy.ADD_SELF_LOOPS_ALWAYS;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.Sets;
import com.google.common.graph.Graph;
import com.google.common.graph.GraphBuilder;
import com.google.common.graph.Graphs;
import com.google.common.graph.MutableGraph;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import io.github.shortlived.samples.Quickstart;
import io.github.shortlived.testing.IamEmulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks the layers of the packages, the public signatures and the limits of composition roots. */
class ArchitectureTest {
  private static final String ROOT = "io.github.shortlived";
  private static final String INTERNAL = ROOT + "..internal..";
  private static final Path SOURCES = Path.of("src", "main", "java");
  private static final int LARGEST_KNOT = 9;
  private static final JavaClasses MAIN = classesOf(ShortLivedCredentials.class);
  private static final JavaClasses EMULATOR = classesOf(IamEmulator.class);
  private static final JavaClasses SAMPLES =
      new ClassFileImporter().importPackagesOf(Quickstart.class);

  private static JavaClasses classesOf(Class<?> type) {
    return new ClassFileImporter()
        .importUrl(type.getProtectionDomain().getCodeSource().getLocation());
  }

  static Set<String> libraryLayers() {
    return Layers.OF_THE_LIBRARY.names();
  }

  static Set<String> emulatorLayers() {
    return Layers.OF_THE_EMULATOR.names();
  }

  @ParameterizedTest
  @MethodSource("libraryLayers")
  void libraryLayer_usesOnlyTheLayersBelowIt(String layer) {
    checkUses(Layers.OF_THE_LIBRARY, layer, MAIN);
  }

  @ParameterizedTest
  @MethodSource("emulatorLayers")
  void emulatorLayer_usesOnlyTheLayersBelowIt(String layer) {
    checkUses(Layers.OF_THE_EMULATOR, layer, EMULATOR);
  }

  private static void checkUses(Layers layers, String layer, JavaClasses classes) {
    noClasses()
        .that()
        .resideInAPackage(layers.packageOf(layer))
        .should()
        .dependOnClassesThat(
            resideInAPackage(layers.base() + "..")
                .and(not(JavaClass.Predicates.resideInAnyPackage(layers.allowed(layer)))))
        .check(classes);
  }

  @Test
  void libraryLayers_areThePackages() {
    checkNames(Layers.OF_THE_LIBRARY, MAIN);
  }

  @Test
  void emulatorLayers_areThePackages() {
    checkNames(Layers.OF_THE_EMULATOR, EMULATOR);
  }

  private static void checkNames(Layers layers, JavaClasses classes) {
    assertThat(classes.stream().map(JavaClass::getPackageName).distinct())
        .containsExactlyInAnyOrderElementsOf(
            layers.names().stream().map(layers::packageOf).toList());
  }

  @Test
  void emulator_usesFewPackagesOfTheLibrary() {
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAPackage(ROOT + "..")
                .and(
                    not(
                        JavaClass.Predicates.resideInAnyPackage(
                            ROOT + ".testing..",
                            ROOT,
                            ROOT + ".model",
                            ROOT + ".verify",
                            ROOT + ".internal.text"))))
        .check(EMULATOR);
  }

  @Test
  void emulator_foldsOnlyAsciiLetters() {
    noClasses().should().accessTargetWhere(foldsAllLetters()).check(EMULATOR);
  }

  @Test
  void packages_haveNoCycles() {
    slices().assignedFrom(new ByPackage()).should().beFreeOfCycles().check(MAIN);
    slices().assignedFrom(new ByPackage()).should().beFreeOfCycles().check(EMULATOR);
  }

  @Test
  void classes_formNoLargeKnot() {
    assertThat(knots(MAIN)).allMatch(knot -> sizeOf(knot) <= LARGEST_KNOT);
    assertThat(knots(EMULATOR)).allMatch(knot -> sizeOf(knot) <= LARGEST_KNOT);
  }

  /** Returns the sets of top-level classes that reach each other. */
  private static Set<Set<JavaClass>> knots(JavaClasses classes) {
    MutableGraph<JavaClass> graph = GraphBuilder.directed().build();
    Set<JavaClass> tops = classes.stream().map(ArchitectureTest::top).collect(Collectors.toSet());
    for (JavaClass type : classes) {
      type.getDirectDependenciesFromSelf().stream()
          .map(dependency -> top(dependency.getTargetClass()))
          .filter(target -> tops.contains(target) && !target.equals(top(type)))
          .forEach(target -> graph.putEdge(top(type), target));
    }
    Graph<JavaClass> reachable = Graphs.transitiveClosure(graph, ADD_SELF_LOOPS_ALWAYS);
    return reachable.nodes().stream()
        .map(node -> Sets.intersection(reachable.successors(node), reachable.predecessors(node)))
        .map(Set::copyOf)
        .collect(Collectors.toSet());
  }

  private static JavaClass top(JavaClass type) {
    JavaClass base = type.getBaseComponentType();
    return base.getEnclosingClass().map(ArchitectureTest::top).orElse(base);
  }

  /** A sealed type counts once, together with the types that it permits. */
  private static int sizeOf(Set<JavaClass> knot) {
    Set<JavaClass> permitted = new HashSet<>();
    for (JavaClass type : knot) {
      Class<?>[] members = type.reflect().getPermittedSubclasses();
      for (Class<?> member : members == null ? new Class<?>[0] : members) {
        knot.stream().filter(other -> other.isEquivalentTo(member)).forEach(permitted::add);
      }
    }
    return knot.size() - permitted.size();
  }

  @Test
  void publicSignatures_ofTheLibrary_nameNoInternalType() {
    assertThat(internalTypesInSignatures(MAIN)).isEmpty();
  }

  @Test
  void publicSignatures_ofTheEmulator_nameNoInternalType() {
    assertThat(internalTypesInSignatures(EMULATOR)).isEmpty();
  }

  private static List<String> internalTypesInSignatures(JavaClasses classes) {
    return classes.stream()
        .filter(type -> isApi(type) && !type.getSimpleName().startsWith("Internal"))
        .flatMap(type -> type.getMembers().stream())
        .filter(ArchitectureTest::isVisible)
        .filter(
            member ->
                typesOf(member)
                    .flatMap(type -> type.getAllInvolvedRawTypes().stream())
                    .anyMatch(type -> resideInAPackage(INTERNAL).test(type)))
        .map(JavaMember::getFullName)
        .toList();
  }

  /**
   * Returns whether users can name the type: it and its outer types are public and not internal.
   */
  private static boolean isApi(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC)
        && !resideInAPackage(INTERNAL).test(type)
        && type.getEnclosingClass().map(ArchitectureTest::isApi).orElse(true);
  }

  private static boolean isVisible(JavaMember member) {
    return member.getModifiers().contains(JavaModifier.PUBLIC)
        || member.getModifiers().contains(JavaModifier.PROTECTED);
  }

  private static Stream<JavaType> typesOf(JavaMember member) {
    if (member instanceof JavaField field) {
      return Stream.of(field.getType());
    }
    JavaCodeUnit unit = (JavaCodeUnit) member;
    return Stream.concat(Stream.of(unit.getReturnType()), unit.getParameterTypes().stream());
  }

  @Test
  void guava_isInNoPublicSignature() {
    assertThat(
            MAIN.stream()
                .filter(ArchitectureTest::isApi)
                .flatMap(type -> type.getMembers().stream())
                .filter(ArchitectureTest::isVisible)
                .filter(
                    member ->
                        typesOf(member)
                            .flatMap(type -> type.getAllInvolvedRawTypes().stream())
                            .anyMatch(
                                type -> type.getPackageName().startsWith("com.google.common")))
                .map(JavaMember::getFullName))
        .isEmpty();
  }

  @Test
  void samples_useNoInternalType() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".samples..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(INTERNAL)
        .check(SAMPLES);
  }

  @Test
  void main_doesNotUseTheEmulator() {
    noClasses().should().dependOnClassesThat().resideInAPackage(ROOT + ".testing..").check(MAIN);
  }

  @Test
  void computeClient_isUsedOnlyByTheComputePackage() {
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
  void micrometer_isUsedOnlyByTheMetricsPackage() {
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
  void slf4j_isUsedOnlyByTheLoggingPackage() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".logging..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.slf4j..", ROOT + ".logging..")
        .check(MAIN);
  }

  @Test
  void loggingPackage_isWhereSlf4jIsUsed() {
    // Fails when the rule above has nothing left to guard.
    classes()
        .that()
        .haveSimpleName("CredentialLog")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.slf4j..")
        .check(MAIN);
  }

  @Test
  void nimbus_isUsedOnlyByTheVerifyPackage() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".verify..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.nimbusds..")
        .check(MAIN);
  }

  @Test
  void verifyPackage_isWhereNimbusIsUsed() {
    // Fails when the rule above has nothing left to guard.
    classes()
        .that()
        .haveSimpleName("VerificationKey")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.nimbusds..")
        .check(MAIN);
  }

  @Test
  void clock_isReadOnlyByTheRetriersCompositionRoot() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(ROOT + ".internal.client.Retrier")
        .should()
        .accessTargetWhere(readsTheTime())
        .check(MAIN);
  }

  @Test
  void systemClock_isOnlyTheBuildersDefault() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(ROOT + ".ShortLivedCredentials$Builder")
        .and()
        .doNotHaveFullyQualifiedName(ROOT + ".verify.TokenVerification$Builder")
        .should()
        .accessTargetWhere(startsWith("java.time.InstantSource.system("))
        .check(MAIN);
  }

  @Test
  void library_printsAndLogsNothing() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.util.logging..", "org.apache.commons.logging..")
        .orShould()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethod(Throwable.class, "printStackTrace")
        .check(MAIN);
  }

  @Test
  void hosts_areNamedOnlyByGoogleHostsAndScopes() throws IOException {
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
    assertThat(files).containsExactly("GoogleHosts.java", "Scopes.java");
  }

  /** Matches every call that reads the time or sleeps. */
  private static DescribedPredicate<JavaAccess<?>> readsTheTime() {
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

  /** Matches what maps other letters to ASCII letters, such as a dotless i to an i. */
  private static DescribedPredicate<JavaAccess<?>> foldsAllLetters() {
    Pattern folding =
        Pattern.compile(
            "java\\.lang\\.(?:String\\.(?:equalsIgnoreCase|compareToIgnoreCase)|\\w+\\.to(?:Lower|Upper)Case)\\(.*"
                + "|java\\.lang\\.String\\.CASE_INSENSITIVE_ORDER");
    return DescribedPredicate.describe(
        "the case of letters that are not ASCII",
        access -> folding.matcher(access.getTarget().getFullName()).matches());
  }

  private static DescribedPredicate<JavaAccess<?>> startsWith(String start) {
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
