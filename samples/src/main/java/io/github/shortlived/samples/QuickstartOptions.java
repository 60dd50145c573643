package io.github.shortlived.samples;

import io.github.shortlived.account.NewServiceAccount;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.DelegationChain;
import io.github.shortlived.model.ServiceAccount;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Command-line options of the quickstart. Without options it runs on the emulator.
 *
 * @param values the options by name; a flag has the value ""
 * @param help whether to print the usage only
 */
record QuickstartOptions(Map<String, String> values, boolean help) {
  static final String USAGE =
      """
      Usage: Quickstart                    runs on the embedded emulator, without a cloud account
             Quickstart --project PROJECT --zone ZONE --create [--key FILE]
                                           runs on Google Cloud, with new accounts
             Quickstart --project PROJECT --zone ZONE --target EMAIL --via EMAIL [--key FILE]
                                           runs on Google Cloud, with existing accounts

        --project PROJECT  the project whose instances are listed
        --zone ZONE        the zone whose instances are listed, such as us-west1-a
        --create           creates the delegate and the target in the project, and deletes them at
                           the end
        --target EMAIL     the service account whose credentials are issued
        --via EMAIL        the delegate between the caller and the target
        --key FILE         the caller's service-account key (default: Application Default
                           Credentials, which also make the grants and the accounts)""";

  private static final String CREATE = "--create";
  private static final String KEY = "--key";
  private static final Set<String> ALWAYS = Set.of("--project", "--zone");
  private static final Set<String> EXISTING = Set.of("--target", "--via");

  static QuickstartOptions parse(String[] args) {
    Map<String, String> values = new HashMap<>();
    for (Iterator<String> rest = List.of(args).iterator(); rest.hasNext(); ) {
      String name = rest.next();
      if (name.equals("--help") || name.equals("-h")) {
        return new QuickstartOptions(Map.of(), true);
      } else if (values.put(requireKnown(name), value(name, rest)) != null) {
        throw new UsageException("Option %s is given twice.".formatted(name));
      }
    }
    QuickstartOptions options = new QuickstartOptions(Map.copyOf(values), false);
    options.check();
    return options;
  }

  private static String requireKnown(String name) {
    if (ALWAYS.contains(name)
        || EXISTING.contains(name)
        || name.equals(KEY)
        || name.equals(CREATE)) {
      return name;
    }
    throw new UsageException("Unknown option '%s'.".formatted(name));
  }

  private static String value(String name, Iterator<String> rest) {
    if (name.equals(CREATE)) {
      return "";
    }
    String value = rest.hasNext() ? rest.next() : "--";
    if (value.startsWith("--")) {
      throw new UsageException("Option %s needs a value.".formatted(name));
    }
    return value;
  }

  private void check() {
    if (onEmulator()) {
      return;
    }
    boolean creates = values.containsKey(CREATE);
    if (creates && EXISTING.stream().anyMatch(values::containsKey)) {
      throw new UsageException("Leave out --target and --via: --create creates both.");
    }
    requireAll(Stream.concat(ALWAYS.stream(), creates ? Stream.of() : EXISTING.stream()));
    if (creates) {
      newAccounts();
    } else {
      chain();
    }
  }

  private void requireAll(Stream<String> names) {
    List<String> missing = names.filter(name -> !values.containsKey(name)).sorted().toList();
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

  /**
   * Returns the delegate and the target to create; empty if they exist. Their names are new each
   * time, so that the run deletes no account of another origin.
   */
  List<NewServiceAccount> newAccounts() {
    if (!values.containsKey(CREATE)) {
      return List.of();
    }
    String suffix = "-" + HexFormat.of().toHexDigits(new SecureRandom().nextInt());
    return List.of(newAccount("delegate", suffix), newAccount("target", suffix));
  }

  private NewServiceAccount newAccount(String role, String suffix) {
    try {
      return NewServiceAccount.of(get("--project"), "quickstart-" + role + suffix)
          .withDisplayName("Quickstart, " + role)
          .withDescription("Created by the quickstart, which deletes it at the end");
    } catch (CredentialException.InvalidRequest e) {
      throw new UsageException("--project: " + e.getMessage());
    }
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
  private ServiceAccount account(String name) {
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
