package io.github.shortlived.internal.failure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.shortlived.internal.failure.ClassPath.Library;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClassPathTest {
  private static final String GAX_CLASS = "com/google/api/gax/rpc/ApiCallContext.class";
  private static final String FIX =
      "Declare this library before other libraries. If a BOM sets other versions, set the needed"
          + " ones in your build.";
  private final NoSuchMethodError fault = new NoSuchMethodError("'void a.B.c()'");

  /** Finds the classes of the build, but some in other jars, or not at all. */
  private static String describe(LinkageError fault, Map<String, String> jars) {
    return ClassPath.describe(
        fault,
        new ClassLoader(ClassPathTest.class.getClassLoader()) {
          @Override
          public @Nullable URL getResource(String name) {
            String jar = jars.get(name);
            if (jar == null) {
              return super.getResource(name);
            }
            try {
              return jar.isEmpty() ? null : URI.create(jar + name).toURL();
            } catch (MalformedURLException e) {
              throw new AssertionError(e);
            }
          }
        });
  }

  @ParameterizedTest
  @CsvSource({
    "jar:file:/app/lib/gax-2.50.0.jar!/, 2.50.0",
    "jar:file:/app/lib/gax-2.999.0.jar!/, 2.999.0",
    "jar:file:/app.jar!/BOOT-INF/lib/gax-2.50.0.jar!/, 2.50.0"
  })
  void describe_otherVersion_namesBoth(String location, String version) {
    assertThat(describe(fault, Map.of(GAX_CLASS, location)))
        .startsWith(
            "The class path does not match this library: java.lang.NoSuchMethodError: 'void a.B.c()'.\n"
                + "  com.google.api:gax is %s, but 2.".formatted(version))
        .endsWith(" is needed\n" + FIX);
  }

  @ParameterizedTest
  @ValueSource(strings = {"jar:file:/app/all.jar!/", "jar:file:/app/gax.jar!/", "file:/classes/"})
  void describe_mergedJarOrFolder_saysNothingAboutIt(String location) {
    assertThat(describe(fault, Map.of(GAX_CLASS, location)))
        .isEqualTo(
            "The class path does not match this library: java.lang.NoSuchMethodError: 'void a.B.c()'.\n"
                + FIX);
  }

  @Test
  void describe_olderAndNewerVersion_namesTheOlder() {
    Map<String, String> jars =
        Map.of(
            GAX_CLASS,
            "jar:file:/app/lib/gax-2.9.0.jar!/",
            "com/google/common/collect/ImmutableMap.class",
            "jar:file:/app/lib/guava-99.0-jre.jar!/");
    assertThat(describe(fault, jars)).contains(":gax is 2.9.0, but 2.").doesNotContain("guava");
  }

  @Test
  void describe_mergedJarWithMavensFile_namesItsVersion(@TempDir Path merged) throws Exception {
    Path file = merged.resolve("META-INF/maven/com.google.api/gax/pom.properties");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "version=2.50.0");
    assertThat(describe(fault, Map.of(GAX_CLASS, merged.toUri().toString())))
        .contains("\n  com.google.api:gax is 2.50.0, but 2.");
  }

  @Test
  void describe_olderOptionalLibrary_isNamedIfTheFaultIsInIt() {
    Map<String, String> jars =
        Map.of(
            "io/micrometer/core/instrument/MeterRegistry.class",
            "jar:file:/app/lib/micrometer-core-1.9.0.jar!/");
    LinkageError inIt = new NoClassDefFoundError("io/micrometer/core/instrument/Meter$X");
    assertThat(describe(inIt, jars)).contains("\n  io.micrometer:micrometer-core is 1.9.0, but 1.");
    assertThat(describe(fault, jars)).doesNotContain("micrometer");
  }

  @Test
  void describe_faultOfSeveralLines_showsTheFirst() {
    assertThat(describe(new VerifyError("Bad type\nBytecode:\n 0000"), Map.of()))
        .startsWith(
            "The class path does not match this library: java.lang.VerifyError: Bad type.\n")
        .doesNotContain("Bytecode");
  }

  @Test
  void describe_missingOptionalLibrary_saysWhatToAddIfItsClassIsMissed() {
    LinkageError missing = new NoClassDefFoundError("com/google/cloud/compute/v1/InstancesClient");
    Map<String, String> absent = Map.of("com/google/cloud/compute/v1/InstancesClient.class", "");
    assertThat(describe(missing, absent))
        .matches(
            "ComputeInstances needs a library that is not on the class path. Add"
                + " com\\.google\\.cloud:google-cloud-compute:1\\.[0-9.]+ to your dependencies\\.");
    assertThat(describe(fault, absent)).doesNotContain("compute");
  }

  @Test
  void describe_missingRequiredLibrary_isNamedForEveryFault() {
    assertThat(describe(fault, Map.of(GAX_CLASS, "")))
        .contains("\n  com.google.api:gax is missing, but 2.");
  }

  static Stream<Library> libraries() {
    return ClassPath.libraries().stream();
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void library_everyOne_isFoundInItsJar(Library library) {
    String artifact = library.name().replaceFirst(".*:", "");
    assertThat(
            Objects.requireNonNull(
                    getClass().getClassLoader().getResource(library.type() + ".class"))
                .toString())
        .contains("/%s-%s.jar!/".formatted(artifact, library.version()));
  }

  @Test
  void libraries_dependenciesOfThePom_areAllListed() throws Exception {
    String pom = Files.readString(Path.of("pom.xml"));
    String dependencies =
        pom.substring(pom.indexOf("</dependencyManagement>"), pom.indexOf("<build>"));
    Stream<String> names =
        Pattern.compile("(?s)<dependency>(.*?)</dependency>")
            .matcher(dependencies)
            .results()
            .map(dependency -> dependency.group(1))
            .filter(dependency -> !dependency.contains("<scope>"))
            .map(
                dependency ->
                    dependency.replaceFirst(
                        "(?s).*<groupId>(.*?)</groupId>.*?<artifactId>(.*?)</artifactId>.*",
                        "$1:$2"));
    assertThat(libraries().map(Library::name))
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(names, Stream.of("io.grpc:grpc-core")) // Loaded by gRPC.
                .filter(name -> !name.equals("org.jspecify:jspecify")) // Annotations only.
                .filter(name -> !name.equals("dev.cel:cel")) // Used by the emulator only.
                .toList());
  }

  @ParameterizedTest
  @CsvSource({
    "com.google.protobuf.GeneratedMessage, true",
    "java.util.ImmutableCollections, false"
  })
  void isFault_unsupportedOperation_isOneOfProtobuf(String thrower, boolean expected) {
    UnsupportedOperationException thrown =
        new UnsupportedOperationException("This is supposed to be overridden by subclasses.");
    thrown.setStackTrace(
        new StackTraceElement[] {
          new StackTraceElement(thrower, "internalGetFieldAccessorTable", null, 1)
        });
    assertThat(ClassPath.isFault(thrown)).isEqualTo(expected);
    assertThat(ClassPath.describe(thrown)).contains(" overridden by subclasses.\n");
  }
}
