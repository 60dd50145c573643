package io.github.shortlived;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.github.shortlived.testing.IamEmulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Compares GraalVM's metadata with what the code loads by name. Without GraalVM, that is as far as
 * a test can check them.
 */
class NativeImageTest {
  private static final Path RESOURCES = Path.of("src", "main", "resources");
  private static final Path METADATA =
      RESOURCES.resolve(
          "META-INF/native-image/io.github.shortlived/short-lived-credentials/resource-config.json");
  private static final Path LIBRARIES =
      RESOURCES.resolve("io/github/shortlived/internal/failure/libraries.txt");

  /** The methods with which code finds classes, members and resources by name. */
  private static final String LOOKUP =
      "java\\.lang\\.(Class|ClassLoader)\\.(forName|loadClass|getResource\\w*|resources|newInstance"
          + "|get(Declared)?(Method|Field|Constructor)s?|getRecordComponents)"
          + "|java\\.lang\\.ClassLoader\\.getSystemResource\\w*"
          + "|java\\.util\\.(ServiceLoader|ResourceBundle)\\.\\w+"
          + "|java\\.lang\\.reflect\\.(Proxy|Array)\\.\\w+"
          + "|java\\.lang\\.invoke\\.MethodHandles(\\$Lookup)?\\.\\w+"
          + "|java\\.util\\.concurrent\\.atomic\\.\\w+FieldUpdater\\.newUpdater"
          + "|java\\.io\\.ObjectInputStream\\.\\w+";

  @Test
  void metadata_namesEachResourceThatIsLoaded() throws IOException {
    assertThat(resources()).containsExactlyInAnyOrderElementsOf(loaded());
  }

  @Test
  void metadata_namesOnlyWhatExists() throws IOException {
    assertThat(resources()).allMatch(NativeImageTest::exists);
    assertThat(conditions()).allMatch(type -> exists(type.replace('.', '/') + ".class"));
  }

  /** A new look-up needs metadata, and then a line here. */
  @Test
  void library_looksUpOnlyWhatTheMetadataName() {
    assertThat(lookupsIn(ShortLivedCredentials.class))
        .containsExactlyInAnyOrder(
            "io.github.shortlived.internal.client.UserAgent.version: getResourceAsStream",
            "io.github.shortlived.internal.failure.ClassPath$Found.of: getResource",
            "io.github.shortlived.internal.failure.ClassPath.libraries: getResourceAsStream");
  }

  @Test
  void emulator_looksUpNothingByName() {
    assertThat(lookupsIn(IamEmulator.class)).isEmpty();
  }

  private static Set<String> lookupsIn(Class<?> type) {
    return new ClassFileImporter()
        .importUrl(type.getProtectionDomain().getCodeSource().getLocation()).stream()
            .flatMap(found -> found.getMethodCallsFromSelf().stream())
            .filter(call -> target(call).matches(LOOKUP))
            .map(call -> text(call.getOrigin()) + ": " + call.getTarget().getName())
            .collect(Collectors.toSet());
  }

  private static String target(JavaMethodCall call) {
    return call.getTargetOwner().getName() + "." + call.getTarget().getName();
  }

  private static String text(JavaCodeUnit caller) {
    return caller.getOwner().getName() + "." + caller.getName();
  }

  /** The files in the folder of resources, and the classes that tell whether a library exists. */
  private static List<String> loaded() throws IOException {
    try (Stream<Path> files = Files.walk(RESOURCES)) {
      return Stream.concat(
              files
                  .filter(Files::isRegularFile)
                  .map(file -> RESOURCES.relativize(file).toString().replace('\\', '/'))
                  .filter(name -> !name.startsWith("META-INF/")),
              Files.readAllLines(LIBRARIES).stream().map(NativeImageTest::typeOfLibrary))
          .toList();
    }
  }

  private static String typeOfLibrary(String line) {
    return Splitter.on(' ').splitToList(line).get(2) + ".class";
  }

  private static List<String> resources() throws IOException {
    return includes()
        .map(include -> include.get("pattern").getAsString())
        .map(pattern -> pattern.replaceFirst("^\\\\Q(.*)\\\\E$", "$1"))
        .toList();
  }

  private static Set<String> conditions() throws IOException {
    return includes()
        .map(include -> include.getAsJsonObject("condition").get("typeReachable").getAsString())
        .collect(Collectors.toSet());
  }

  private static Stream<JsonObject> includes() throws IOException {
    String json = Files.readString(METADATA);
    return JsonParser.parseString(json)
        .getAsJsonObject()
        .getAsJsonObject("resources")
        .getAsJsonArray("includes")
        .asList()
        .stream()
        .map(JsonElement::getAsJsonObject);
  }

  private static boolean exists(String resource) {
    return NativeImageTest.class.getClassLoader().getResource(resource) != null;
  }
}
