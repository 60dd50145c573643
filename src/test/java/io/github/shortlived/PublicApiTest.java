package io.github.shortlived;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.shortlived.testing.IamEmulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Compares the public API with a file, so that a change of it is visible in a review. */
class PublicApiTest {
  private static final String SHAPE = "io.github.shortlived.PublicApiTest$Shape: ";
  private static final String CIRCLE = "io.github.shortlived.PublicApiTest$Circle: ";
  private static final Path FILES = Path.of("src", "test", "resources", "public-api");
  private static final String UPDATE = "mvn -B test -Dtest=PublicApiTest -DupdatePublicApi";

  @Test
  void library_hasTheApiOfTheFile() throws IOException {
    check("library.txt", ApiSignatures.ofTypesBeside(ShortLivedCredentials.class));
  }

  @Test
  void emulator_hasTheApiOfTheFile() throws IOException {
    check("testing.txt", ApiSignatures.ofTypesBeside(IamEmulator.class));
  }

  @Test
  void signatures_ofTheLibrary_areDifferent() {
    assertThat(ApiSignatures.ofTypesBeside(ShortLivedCredentials.class)).doesNotHaveDuplicates();
  }

  @Test
  void signature_showsAllThatACallerCompilesAgainst() {
    assertThat(ApiSignatures.of(Shape.class))
        .containsExactly(
            "public abstract static interface io.github.shortlived.PublicApiTest$Shape<T extends"
                + " java.lang.Number> extends java.util.function.Supplier<T> permits"
                + " io.github.shortlived.PublicApiTest$Circle",
            SHAPE
                + "@Deprecated default public <E extends java.lang.Exception> java.util.List<T>"
                + " scale(@Nullable java.lang.String, int...) throws E",
            SHAPE + "public static final int SIDES = 4");
    assertThat(ApiSignatures.of(Circle.class))
        .containsExactly(
            "public static final record io.github.shortlived.PublicApiTest$Circle("
                + "@Nullable java.lang.String name) implements"
                + " io.github.shortlived.PublicApiTest$Shape<java.lang.Integer>",
            CIRCLE + "public @Nullable java.lang.String name()",
            CIRCLE + "public Circle(@Nullable java.lang.String)",
            CIRCLE + "public java.lang.Integer get()");
  }

  public sealed interface Shape<T extends Number> extends Supplier<T> permits Circle {
    int SIDES = 4;

    @Deprecated
    default <E extends Exception> List<T> scale(@Nullable String unit, int... factors) throws E {
      return List.of();
    }
  }

  public record Circle(@Nullable String name) implements Shape<Integer> {
    @Override
    public Integer get() {
      return SIDES;
    }
  }

  private static void check(String name, List<String> api) throws IOException {
    Path file = FILES.resolve(name);
    if (System.getProperty("updatePublicApi") != null) {
      Files.createDirectories(FILES);
      Files.write(file, api);
    }
    assertThat(differences(Files.readAllLines(file), api))
        .as("The public API differs from %s. If the change is intended, run: %s", file, UPDATE)
        .isEmpty();
  }

  private static List<String> differences(List<String> before, List<String> after) {
    return Stream.concat(
            missing(before, after).map("- "::concat), missing(after, before).map("+ "::concat))
        .toList();
  }

  private static Stream<String> missing(List<String> lines, List<String> others) {
    return lines.stream().filter(line -> !others.contains(line));
  }
}
