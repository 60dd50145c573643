package io.github.shortlived;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.Sets;
import com.google.common.reflect.ClassPath;
import com.google.common.reflect.ClassPath.ClassInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Wildcard imports of two packages are ambiguous for a name that both have. */
class ImportsTest {
  private static final Path MODEL =
      Path.of("src/main/java/io/github/shortlived/model/package-info.java");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "com.google.auth.oauth2",
        "com.google.iam.admin.v1",
        "com.google.cloud.iam.credentials.v1"
      })
  void namesInModelAndInAPackageOfGoogle_areDocumented(String google) throws IOException {
    Set<String> both = Sets.intersection(names("io.github.shortlived.model"), names(google));
    assertThat(both).isNotEmpty();
    assertThat(both.stream().map(name -> "{@code " + name + "}"))
        .allMatch(Files.readString(MODEL)::contains);
  }

  private static Set<String> names(String ofPackage) throws IOException {
    return ClassPath.from(ImportsTest.class.getClassLoader()).getTopLevelClasses(ofPackage).stream()
        .map(ClassInfo::getSimpleName)
        .filter(name -> !name.equals("package-info"))
        .collect(Collectors.toSet());
  }
}
