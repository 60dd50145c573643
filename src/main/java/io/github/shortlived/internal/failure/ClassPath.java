package io.github.shortlived.internal.failure;

import com.google.common.io.Resources;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Explains a missing class or method: a library on the class path has another version than the one
 * that this library was built with.
 */
public final class ClassPath {
  private static final Pattern JAR = Pattern.compile(".*/([^/]+\\.jar)!/.*");

  private ClassPath() {}

  /** Describes the fault, and each library that is missing or has another version. */
  public static String describe(LinkageError fault) {
    return describe(fault, ClassPath.class.getClassLoader());
  }

  static String describe(LinkageError fault, ClassLoader loader) {
    String differences =
        libraries().stream()
            .flatMap(library -> library.difference(fault, loader).stream())
            .map(difference -> "\n  " + difference)
            .collect(Collectors.joining());
    String error = fault.toString().lines().findFirst().orElse(""); // Some add their bytecode.
    return "The class path does not match this library: %s.%s\n".formatted(error, differences)
        + "Use the versions that this library was built with, or a later libraries-bom.";
  }

  /**
   * A library that this one uses.
   *
   * @param name the group and the artifact
   * @param version the version at build time
   * @param type one of its classes, as a path
   */
  record Library(String name, String version, String type) {
    private static Library of(String line) {
      List<String> columns = List.of(line.split(" "));
      return new Library(columns.get(0), columns.get(1), columns.get(2));
    }

    /** Compares the name of the jar. Nothing is known about jars that are merged into one. */
    private Optional<String> difference(LinkageError fault, ClassLoader loader) {
      URL found = loader.getResource(type + ".class");
      if (found == null) {
        return fault.toString().replace('.', '/').contains(type.substring(0, type.lastIndexOf('/')))
            ? Optional.of("%s is missing; add version %s".formatted(name, version))
            : Optional.empty();
      }
      Matcher jar = JAR.matcher(found.toString());
      return jar.matches() && isOther(jar.group(1))
          ? Optional.of("%s is %s; built with %s".formatted(name, jar.group(1), version))
          : Optional.empty();
    }

    private boolean isOther(String jar) {
      String artifact = name.substring(name.indexOf(':') + 1);
      return jar.matches(Pattern.quote(artifact) + "-[0-9].*")
          && !jar.equals("%s-%s.jar".formatted(artifact, version));
    }
  }

  static List<Library> libraries() {
    URL list = ClassPath.class.getResource("libraries.txt");
    try {
      return list == null
          ? List.of()
          : Resources.readLines(list, StandardCharsets.UTF_8).stream().map(Library::of).toList();
    } catch (IOException e) {
      return List.of(); // The fault itself is described.
    }
  }
}
