package io.github.shortlived.internal.failure;

import com.google.common.base.Throwables;
import com.google.common.io.Resources;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Explains a missing class, method or provider: a library is missing, or has another version than
 * the one that this library was built with.
 */
public final class ClassPath {
  private static final Pattern JAR = Pattern.compile(".*/([^/]+\\.jar)!/.*");

  // A name, because the class is missing if gRPC is.
  private static final String NO_TRANSPORT =
      "io.grpc.ManagedChannelProvider$ProviderNotFoundException";

  private ClassPath() {}

  /** Returns the first fault of the class path among the exception and its causes. */
  public static Optional<Throwable> fault(Throwable thrown) {
    return Throwables.getCausalChain(thrown).stream().filter(ClassPath::isFault).findFirst();
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

  /** Describes the fault, and each library that is missing or has another version. */
  public static String describe(Throwable fault) {
    return describe(fault, ClassPath.class.getClassLoader());
  }

  static String describe(Throwable fault, ClassLoader loader) {
    String differences =
        libraries().stream()
            .flatMap(library -> library.difference(fault, loader).stream())
            .map(difference -> "\n  " + difference)
            .collect(Collectors.joining());
    // Some errors add the bytecode to the message.
    String error = fault.toString().lines().findFirst().orElse("").replaceFirst("\\.$", "");
    return "The class path does not match this library: %s.%s\n".formatted(error, differences)
        + "Use the versions that this library was built with, or a later libraries-bom.";
  }

  /**
   * A library that this one uses.
   *
   * @param name the group and the artifact
   * @param version the version at build time
   * @param type one of its classes, as a path
   * @param optional whether an application may do without it
   */
  record Library(String name, String version, String type, boolean optional) {
    private static Library of(String line) {
      List<String> columns = List.of(line.split(" "));
      return new Library(columns.get(0), columns.get(1), columns.get(2), columns.size() > 3);
    }

    /** Compares the name of the jar. Nothing is known about jars that are merged into one. */
    private Optional<String> difference(Throwable fault, ClassLoader loader) {
      URL found = loader.getResource(type + ".class");
      if (found == null) {
        return optional && !isMissedBy(fault)
            ? Optional.empty()
            : Optional.of("%s is missing; add version %s".formatted(name, version));
      }
      Matcher jar = JAR.matcher(found.toString());
      return jar.matches() && isOther(jar.group(1))
          ? Optional.of("%s is %s; built with %s".formatted(name, jar.group(1), version))
          : Optional.empty();
    }

    /** Returns whether the fault names a class in the package of this library's class. */
    private boolean isMissedBy(Throwable fault) {
      String folder = type.substring(0, type.lastIndexOf('/'));
      return fault.toString().replace('.', '/').contains(folder);
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
