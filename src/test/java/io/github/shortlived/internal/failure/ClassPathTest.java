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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClassPathTest {
  private static final String GAX_CLASS = "com/google/api/gax/rpc/ApiCallContext.class";
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
    "jar:file:/app/lib/gax-2.50.0.jar!/, gax-2.50.0.jar",
    "jar:file:/app/lib/gax-2.999.0.jar!/, gax-2.999.0.jar",
    "jar:file:/app.jar!/BOOT-INF/lib/gax-2.50.0.jar!/, gax-2.50.0.jar"
  })
  void describe_otherVersion_namesBoth(String location, String jar) {
    assertThat(describe(fault, Map.of(GAX_CLASS, location)))
        .startsWith(
            "The class path does not match this library: java.lang.NoSuchMethodError: 'void a.B.c()'.\n"
                + "  com.google.api:gax is %s; built with 2.".formatted(jar))
        .endsWith("\nUse the versions that this library was built with, or a later libraries-bom.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"jar:file:/app/all.jar!/", "jar:file:/app/gax.jar!/", "file:/classes/"})
  void describe_mergedJarOrFolder_saysNothingAboutIt(String location) {
    assertThat(describe(fault, Map.of(GAX_CLASS, location)))
        .isEqualTo(
            "The class path does not match this library: java.lang.NoSuchMethodError: 'void a.B.c()'.\n"
                + "Use the versions that this library was built with, or a later libraries-bom.");
  }

  @Test
  void describe_faultOfSeveralLines_showsTheFirst() {
    assertThat(describe(new VerifyError("Bad type\nBytecode:\n 0000"), Map.of()))
        .startsWith(
            "The class path does not match this library: java.lang.VerifyError: Bad type.\n")
        .doesNotContain("Bytecode");
  }

  @Test
  void describe_missingLibrary_isNamedIfItsClassIsMissed() {
    LinkageError missing = new NoClassDefFoundError("com/google/cloud/compute/v1/InstancesClient");
    Map<String, String> absent = Map.of("com/google/cloud/compute/v1/InstancesClient.class", "");
    assertThat(describe(missing, absent))
        .contains("\n  com.google.cloud:google-cloud-compute is missing; add version 1.");
    assertThat(describe(fault, absent)).doesNotContain("compute");
  }

  @Test
  void describe_missingRequiredLibrary_isNamedForEveryFault() {
    assertThat(describe(fault, Map.of(GAX_CLASS, "")))
        .contains("\n  com.google.api:gax is missing; add version 2.");
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
