package io.github.shortlived.internal.failure;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor.Version;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.ServiceConfigurationError;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Explains a missing class, method or provider: a library is missing, or is older than the version
 * that this library was built with. Uses the JDK alone, because any library may be missing.
 */
public final class ClassPath {
  // A name, because the class is missing if gRPC is.
  private static final String NO_TRANSPORT =
      "io.grpc.ManagedChannelProvider$ProviderNotFoundException";

  private static final int MAX_CAUSES = 100; // A chain of causes may be a ring.

  private ClassPath() {}

  /** Returns the first fault of the class path among the exception and its causes. */
  public static Optional<Throwable> fault(Throwable thrown) {
    return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause)
        .limit(MAX_CAUSES)
        .filter(ClassPath::isFault)
        .findFirst();
  }

  /** Returns whether a class, a method, or a provider of a service is missing. */
  public static boolean isFault(Throwable thrown) {
    return thrown instanceof LinkageError
        || thrown instanceof ServiceConfigurationError
        || thrown.getClass().getName().equals(NO_TRANSPORT)
        || isOfOlderProtobuf(thrown);
  }

  /** The base class of messages in protobuf 3 has methods that messages of protobuf 4 lack. */
  private static boolean isOfOlderProtobuf(Throwable thrown) {
    return thrown instanceof UnsupportedOperationException
        && Arrays.stream(thrown.getStackTrace())
            .limit(1)
            .anyMatch(frame -> frame.getClassName().startsWith("com.google.protobuf."));
  }

  /** Describes the fault, each library that is missing or too old, and the fix. */
  public static String describe(Throwable fault) {
    return describe(fault, ClassPath.class.getClassLoader());
  }

  static String describe(Throwable fault, ClassLoader loader) {
    List<Found> found =
        libraries().stream()
            .filter(library -> !library.isOptional() || library.isNamedBy(fault))
            .map(library -> Found.of(library, loader))
            .toList();
    return found.stream()
        .filter(one -> one.isMissing() && one.library().isOptional())
        .findFirst()
        .map(Found::adviceToAdd)
        .orElseGet(() -> describe(fault, found));
  }

  /** Lists libraries with a newer version only if no other library explains the fault. */
  private static String describe(Throwable fault, List<Found> found) {
    List<Found> tooOld = found.stream().filter(Found::isMissingOrOlder).toList();
    String differences =
        (tooOld.isEmpty() ? found.stream().filter(Found::isOther) : tooOld.stream())
            .map(one -> "\n  " + one)
            .collect(Collectors.joining());
    // Some errors add the bytecode to the message.
    String error = fault.toString().lines().findFirst().orElse("").replaceFirst("\\.$", "");
    return "The class path does not match this library: %s.%s\n".formatted(error, differences)
        + "Declare this library before other libraries. If a BOM sets other versions, set the"
        + " needed ones in your build.";
  }

  /**
   * A library that this one uses.
   *
   * @param name the group and the artifact
   * @param version the version at build time
   * @param type one of its classes, as a path
   * @param user the only class that uses it, if it is optional; otherwise empty
   */
  record Library(String name, String version, String type, String user) {
    private static Library of(String line) {
      List<String> columns = List.of(line.split(" "));
      return new Library(
          columns.get(0), columns.get(1), columns.get(2), columns.size() > 3 ? columns.get(3) : "");
    }

    String artifact() {
      return name.substring(name.indexOf(':') + 1);
    }

    boolean isOptional() {
      return !user.isEmpty();
    }

    /** Returns whether the fault names a class in the package of this library's class. */
    private boolean isNamedBy(Throwable fault) {
      String folder = type.substring(0, type.lastIndexOf('/'));
      return fault.toString().replace('.', '/').contains(folder);
    }
  }

  /**
   * A library on the class path.
   *
   * @param version the version; empty if the library is missing or its version is unknown
   */
  private record Found(Library library, boolean isMissing, Optional<String> version) {
    /** Reads the version from Maven's file in the jar, or else from the name of the jar. */
    private static Found of(Library library, ClassLoader loader) {
      URL type = loader.getResource(library.type() + ".class");
      if (type == null) {
        return new Found(library, true, Optional.empty());
      }
      String root = type.toString().replace(library.type() + ".class", "");
      return new Found(
          library, false, versionInside(root, library).or(() -> versionOfJar(root, library)));
    }

    private static Optional<String> versionInside(String root, Library library) {
      String file = "META-INF/maven/%s/pom.properties".formatted(library.name().replace(':', '/'));
      Properties properties = new Properties();
      try (InputStream content = URI.create(root + file).toURL().openStream()) {
        properties.load(content);
      } catch (IOException | IllegalArgumentException e) {
        return Optional.empty(); // The jar was not built by Maven.
      }
      return Optional.ofNullable(properties.getProperty("version"));
    }

    private static Optional<String> versionOfJar(String root, Library library) {
      return Pattern.compile("/%s-([0-9][^/]*)\\.jar!/$".formatted(library.artifact()))
          .matcher(root)
          .results()
          .findFirst()
          .map(jar -> jar.group(1));
    }

    private boolean isMissingOrOlder() {
      return isMissing || version.filter(this::isOlder).isPresent();
    }

    private boolean isOlder(String found) {
      try {
        return Version.parse(found).compareTo(Version.parse(library.version())) < 0;
      } catch (IllegalArgumentException e) {
        return false; // The jar has no usable version.
      }
    }

    private boolean isOther() {
      return version.filter(found -> !found.equals(library.version())).isPresent();
    }

    private String adviceToAdd() {
      return "%s needs a library that is not on the class path. Add %s:%s to your dependencies."
          .formatted(library.user(), library.name(), library.version());
    }

    @Override
    public String toString() {
      return "%s is %s, but %s is needed"
          .formatted(library.name(), version.orElse("missing"), library.version());
    }
  }

  static List<Library> libraries() {
    try (InputStream list = ClassPath.class.getResourceAsStream("libraries.txt")) {
      return list == null
          ? List.of()
          : new String(list.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .map(Library::of)
              .toList();
    } catch (IOException e) {
      return List.of(); // The fault itself is described.
    }
  }
}
