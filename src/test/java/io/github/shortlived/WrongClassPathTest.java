package io.github.shortlived;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.core.NanoClock;
import com.google.api.gax.core.NoCredentialsProvider;
import com.google.common.base.Splitter;
import com.google.common.collect.Comparators;
import io.micrometer.core.instrument.Tags;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An application with an older version of a library first on its class path. */
class WrongClassPathTest {
  private static final String UNMET =
      "io.github.shortlived.model.CredentialException$UnmetDependency: ";

  @SuppressWarnings("NullAway.Init") // JUnit sets it.
  @TempDir
  Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "access token grpc",
        "ID token grpc",
        "JWT",
        "blob grpc",
        "headers grpc",
        "grants",
        "accounts",
        "instances"
      })
  void call_olderGaxWithoutAMethod_namesArtifactAndVersions(String call) throws Exception {
    Path older = olderJar(NoCredentialsProvider.class, "gax-2.50.0.jar");
    assertThat(outcome(older, call))
        .startsWith(
            UNMET + "The class path does not match this library: java.lang.NoSuchMethodError: ")
        .contains("NoCredentialsProvider.create()")
        .containsPattern("\n  com\\.google\\.api:gax is 2\\.50\\.0, but 2\\.[0-9]+\\.0 is needed\n")
        .endsWith(
            "Declare this library before other libraries. If a BOM sets other versions, set the"
                + " needed ones in your build.");
  }

  @Test
  void build_olderLibraryWithoutAMethod_namesArtifactAndVersions() throws Exception {
    Path older = olderJar(NanoClock.class, "api-common-2.10.0.jar");
    assertThat(outcome(older, "credentials"))
        .startsWith(UNMET)
        .contains("\n  com.google.api:api-common is 2.10.0, but 2.");
  }

  @Test
  void metrics_olderMicrometerWithoutAMethod_namesArtifactAndVersions() throws Exception {
    Path older = olderJar(Tags.class, "micrometer-core-1.9.0.jar");
    assertThat(outcome(older, "metrics"))
        .startsWith(UNMET)
        .contains("\n  io.micrometer:micrometer-core is 1.9.0, but 1.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"instances retried", "access token retried", "grants retried"})
  void call_olderGuavaWithoutAMethod_namesArtifactAndVersions(String call) throws Exception {
    Path older = olderJar(Comparators.class, "guava-25.1-jre.jar");
    assertThat(outcome(older, call))
        .startsWith(UNMET)
        .contains("com.google.common.collect.Comparators.")
        .contains("\n  com.google.guava:guava is 25.1-jre, but 33.");
  }

  @ParameterizedTest
  @CsvSource({
    "io.grpc:grpc-netty-shaded, grants",
    "io.grpc:grpc-netty-shaded, JWT grpc",
    "io.grpc:grpc-core, grants",
    "io.grpc:grpc-core, JWT grpc",
    "com.google.api:gax-httpjson, instances",
    "com.google.api:gax-httpjson, JWT",
    "com.google.api:gax, access token",
    "com.google.api:gax, access token grpc",
    "com.google.api:gax, ID token",
    "com.google.api:gax, JWT",
    "com.google.api:gax, blob grpc",
    "com.google.api:gax, headers",
    "com.google.api:gax, grants",
    "com.google.api:gax, instances",
    "com.google.api.grpc:proto-google-common-protos, JWT",
    "com.google.api.grpc:proto-google-common-protos, access token grpc",
    "com.google.api.grpc:proto-google-common-protos, grants",
    "com.google.api.grpc:proto-google-common-protos, instances",
    "com.google.api.grpc:proto-google-iam-v1, grants",
    "com.google.api.grpc:proto-google-iam-admin-v1, grants",
    "com.google.cloud:google-iam-admin, grants",
    "com.google.cloud:google-iam-admin, accounts",
    "com.google.api.grpc:proto-google-iam-v1, accounts",
    "com.google.api.grpc:proto-google-iam-admin-v1, accounts",
    "com.google.api:gax, accounts",
    "io.grpc:grpc-core, accounts",
    "com.google.cloud:google-cloud-iamcredentials, JWT",
    "com.google.api.grpc:proto-google-iam-admin-v1, emulator",
    "io.grpc:grpc-netty-shaded, emulator",
    "com.google.protobuf:protobuf-java-util, emulator"
  })
  void call_missingLibrary_namesIt(String library, String call) throws Exception {
    Path nothing = Files.createDirectory(folder.resolve("nothing"));
    String jar = "/%s-[0-9][^/]*\\.jar".formatted(library.replaceFirst(".*:", ""));
    assertThat(outcome(nothing, call, entry -> !entry.matches(".*" + jar)))
        .startsWith(UNMET + "The class path does not match this library: ")
        .contains("\n  %s is missing, but ".formatted(library));
  }

  @ParameterizedTest
  @CsvSource({
    "com.google.cloud:google-cloud-compute, instances, ComputeInstances",
    "com.google.api.grpc:proto-google-cloud-compute-v1, instances, ComputeInstances",
    "com.nimbusds:nimbus-jose-jwt, verification, TokenVerification",
    "org.slf4j:slf4j-api, log, CredentialLog"
  })
  void call_missingOptionalLibrary_saysWhatToAdd(String library, String call, String user)
      throws Exception {
    Path nothing = Files.createDirectory(folder.resolve("nothing"));
    String jar = "/%s-[0-9][^/]*\\.jar".formatted(library.replaceFirst(".*:", ""));
    assertThat(outcome(nothing, call, entry -> !entry.matches(".*" + jar)))
        .matches(
            Pattern.quote(UNMET + user + " needs a library that is not on the class path. Add ")
                + Pattern.quote(library)
                + ":[0-9.]+ to your dependencies\\.");
  }

  /** Shows that the other tests fail because of the older library. */
  @ParameterizedTest
  @ValueSource(strings = {"credentials", "access token", "grants", "accounts", "emulator"})
  void call_libraryOfTheBuild_needsNoOther(String call) throws Exception {
    Path same = olderJar(WrongClassPathTest.class, "nothing-1.jar");
    assertThat(outcome(same, call)).doesNotContain("class path");
  }

  /** Copies the jar with this class, and replaces the class by one without members. */
  private Path olderJar(Class<?> type, String name) throws Exception {
    Path jar = folder.resolve(name);
    URI origin = type.getProtectionDomain().getCodeSource().getLocation().toURI();
    if (!origin.getPath().endsWith(".jar")) {
      return Files.createDirectory(jar);
    }
    Files.copy(Path.of(origin), jar);
    String version = name.replaceFirst("[a-z-]+(.*)\\.jar", "$1");
    try (FileSystem content = FileSystems.newFileSystem(jar)) {
      String entry = type.getName().replace('.', '/') + ".class";
      Files.copy(
          compiled(type).resolve(entry),
          content.getPath(entry),
          StandardCopyOption.REPLACE_EXISTING);
      setVersion(content, version);
    }
    return jar;
  }

  /** Changes the version in Maven's file, if the jar has one. */
  private static void setVersion(FileSystem jar, String version) throws IOException {
    PathMatcher properties = jar.getPathMatcher("glob:/META-INF/maven/**/pom.properties");
    try (Stream<Path> files = Files.walk(jar.getPath("/"))) {
      for (Path file : files.filter(properties::matches).toList()) {
        Files.writeString(file, "version=" + version);
      }
    }
  }

  private Path compiled(Class<?> type) throws Exception {
    Path source = folder.resolve(type.getSimpleName() + ".java");
    Files.writeString(
        source,
        "package %s; public class %s {}".formatted(type.getPackageName(), type.getSimpleName()));
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-d", folder.toString(), source.toString()))
        .isZero();
    return folder;
  }

  private static String outcome(Path first, String call) throws Exception {
    return outcome(first, call, entry -> true);
  }

  private static String outcome(Path first, String call, Predicate<String> kept) throws Exception {
    List<URL> urls = new ArrayList<>(List.of(first.toUri().toURL()));
    for (String entry :
        Splitter.on(File.pathSeparator).split(System.getProperty("java.class.path"))) {
      if (kept.test(entry)) {
        urls.add(Path.of(entry).toUri().toURL());
      }
    }
    try (URLClassLoader loader =
        new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      return (String)
          loader
              .loadClass(ClassPathScenario.class.getName())
              .getMethod("outcome", String.class)
              .invoke(null, call);
    }
  }
}
