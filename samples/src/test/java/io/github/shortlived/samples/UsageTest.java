package io.github.shortlived.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks that each sample prints its usage if it is started with wrong arguments. */
class UsageTest {
  private static final String SUFFIX = ".class";

  static List<Class<?>> samples() throws Exception {
    URI classFile =
        Objects.requireNonNull(AccessTokenSample.class.getResource("AccessTokenSample" + SUFFIX))
            .toURI();
    try (Stream<Path> files = Files.list(Path.of(classFile).resolveSibling(""))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith("Sample" + SUFFIX))
          .sorted()
          .<Class<?>>map(name -> load(name.substring(0, name.length() - SUFFIX.length())))
          .toList();
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(UsageTest.class.getPackageName() + "." + name);
    } catch (ClassNotFoundException e) {
      throw new LinkageError(name, e);
    }
  }

  @Test
  void samples_inThePackage_areFound() throws Exception {
    assertThat(samples()).contains(AccessTokenSample.class).hasSizeGreaterThan(30);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void main_withoutArguments_printsOneLineOfUsage(Class<?> sample) throws Exception {
    String printed = errorsOf(sample.getMethod("main", String[].class));
    assertThat(printed.lines())
        .singleElement()
        .asString()
        .startsWith("Usage: " + sample.getSimpleName() + " ");
  }

  private static String errorsOf(Method main) throws Exception {
    PrintStream console = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      main.invoke(null, (Object) new String[0]);
    } finally {
      System.setErr(console);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }
}
