package io.github.shortlived.samples;

import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.DelegationChain;
import io.github.shortlived.model.ServiceAccount;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Command-line options of the quickstart. Without options it runs on the emulator.
 *
 * @param values the options by name
 * @param help whether to print the usage only
 */
record QuickstartOptions(Map<String, String> values, boolean help) {
  static final String USAGE =
      """
      Usage: Quickstart                    runs on the embedded emulator, without a cloud account
             Quickstart --project PROJECT --target EMAIL --via EMAIL --zone ZONE [--key FILE]
                                           runs on Google Cloud

        --project PROJECT  the project whose instances are listed
        --target EMAIL     the service account whose credentials are issued
        --via EMAIL        the delegate between the caller and the target
        --zone ZONE        the zone whose instances are listed, such as us-west1-a
        --key FILE         the caller's service-account key (default: Application Default
                           Credentials, which also make the grants)""";

  private static final Set<String> REQUIRED = Set.of("--project", "--target", "--via", "--zone");
  private static final String KEY = "--key";

  static QuickstartOptions parse(String[] args) {
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < args.length; i += 2) {
      if (args[i].equals("--help") || args[i].equals("-h")) {
        return new QuickstartOptions(Map.of(), true);
      } else if (!REQUIRED.contains(args[i]) && !args[i].equals(KEY)) {
        throw new UsageException("Unknown option '%s'.".formatted(args[i]));
      } else if (i + 1 == args.length || args[i + 1].startsWith("--")) {
        throw new UsageException("Option %s needs a value.".formatted(args[i]));
      } else if (values.put(args[i], args[i + 1]) != null) {
        throw new UsageException("Option %s is given twice.".formatted(args[i]));
      }
    }
    if (!values.isEmpty()) {
      requireAll(values);
    }
    QuickstartOptions options = new QuickstartOptions(Map.copyOf(values), false);
    if (!options.onEmulator()) {
      options.chain();
    }
    return options;
  }

  private static void requireAll(Map<String, String> values) {
    List<String> missing =
        REQUIRED.stream().sorted().filter(name -> !values.containsKey(name)).toList();
    if (!missing.isEmpty()) {
      throw new UsageException("Missing: %s.".formatted(String.join(", ", missing)));
    }
  }

  boolean onEmulator() {
    return values.isEmpty();
  }

  /** Returns the value of a required option. */
  String get(String name) {
    return Optional.ofNullable(values.get(name)).orElseThrow();
  }

  /** Returns the validated chain from the delegate to the target. */
  DelegationChain chain() {
    ServiceAccount via = account("--via");
    ServiceAccount target = account("--target");
    try {
      return DelegationChain.through(via).to(target);
    } catch (CredentialException.InvalidRequest e) {
      throw new UsageException("--via, --target: " + e.getMessage());
    }
  }

  /** Returns the service account that a required option names. */
  ServiceAccount account(String name) {
    try {
      return ServiceAccount.of(get(name));
    } catch (CredentialException.InvalidRequest e) {
      throw new UsageException(name + ": " + e.getMessage());
    }
  }

  Optional<Path> key() {
    return Optional.ofNullable(values.get(KEY)).map(Path::of);
  }

  /** Thrown if an option is unknown, missing or incomplete. */
  static final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UsageException(String message) {
      super(message);
    }
  }
}
