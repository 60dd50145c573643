package io.github.shortlived.config;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import io.github.shortlived.internal.text.Fingerprint;
import io.github.shortlived.internal.text.GoogleHosts;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.Endpoints;
import io.github.shortlived.model.InternalExceptions;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a credential configuration from outside may say. A configuration tells its reader which URLs
 * to send tokens to, which files to open and which programs to run, so whoever writes it acts in
 * the reader's place. A policy begins with Google's own token services alone; everything else is
 * allowed by name, one by one. Immutable; the {@code allowing} methods return a changed copy.
 *
 * <p>Whatever the policy: a configuration is a JSON object of at most 64 KiB and 8 levels, without
 * duplicate and without unknown fields, and its URLs are https: plain http is for the metadata
 * servers of AWS and Azure, and for loopback addresses, where these are allowed by name. No answer
 * redirects a request to another place.
 *
 * @see <a
 *     href="https://cloud.google.com/docs/authentication/external/externally-sourced-credentials">
 *     Security requirements when using credential configurations from an external source</a>
 */
public final class CredentialConfigPolicy {
  private static final Pattern AUTHORITY =
      Pattern.compile("[a-z0-9-]+(?:\\.[a-z0-9-]+)*(?::[0-9]{1,5})?");

  private final String universe;
  private final ImmutableSet<CredentialConfigType> types;
  private final ImmutableSet<Allowance> allowances;

  /** What is allowed by name. */
  sealed interface Allowance {}

  /** A {@code HOST}, or {@code HOST:PORT} where the port is not 443. */
  record Host(String authority) implements Allowance {}

  /** A file, by its path as it is spelled. */
  record File(String path) implements Allowance {}

  /** A command line. */
  record Command(String line) implements Allowance {
    @Override
    public String toString() {
      return "Command[%s]".formatted(Fingerprint.of(line)); // Arguments may be secret.
    }
  }

  /** Identities that belong to the machine the reader runs on. */
  enum Machine implements Allowance {
    AWS,
    AZURE,
    CERTIFICATE
  }

  private CredentialConfigPolicy(
      String universe, Set<CredentialConfigType> types, Set<Allowance> allowances) {
    this.universe = universe;
    this.types = Sets.immutableEnumSet(types);
    this.allowances = ImmutableSet.copyOf(allowances);
  }

  /** Allows every {@link CredentialConfigType}, and Google Cloud's own token services alone. */
  public static CredentialConfigPolicy googleOnly() {
    return universe(GoogleHosts.DEFAULT_UNIVERSE);
  }

  /**
   * As {@link #googleOnly()}, in another Trusted Partner Cloud universe, whose domain a
   * configuration must then name, as must the one inside an impersonation: one that names none is
   * of Google's. Users who signed in with gcloud are of Google's too, for google-auth knows no
   * others, and refused.
   *
   * @throws CredentialException.InvalidRequest if this is not a domain name
   */
  public static CredentialConfigPolicy universe(String domain) {
    Endpoints.universe(domain); // Checks the domain.
    return new CredentialConfigPolicy(domain, EnumSet.allOf(CredentialConfigType.class), Set.of());
  }

  /**
   * Allows these types and no other, not even inside a configuration: an {@link
   * CredentialConfigType#IMPERSONATED_SERVICE_ACCOUNT} needs the type of its source credentials
   * too.
   */
  public CredentialConfigPolicy onlyTypes(CredentialConfigType type, CredentialConfigType... more) {
    return new CredentialConfigPolicy(universe, EnumSet.of(type, more), allowances);
  }

  /**
   * Allows URLs on this host too, such as the one where an identity provider hands out subject
   * tokens. They are https; plain http is for 127.0.0.1 and localhost alone, as test servers use
   * it.
   *
   * @param host {@code HOST}, with the usual port of the URL's scheme, or {@code HOST:PORT}
   * @throws CredentialException.InvalidRequest if it is something else
   */
  public CredentialConfigPolicy allowingHost(String host) {
    String authority = host.toLowerCase(Locale.ROOT);
    InternalExceptions.require(
        AUTHORITY.matcher(authority).matches(),
        "host",
        host,
        "it is the name of one host, without scheme, path and wildcard",
        "write HOST or HOST:PORT");
    return allowing(new Host(authority.replaceFirst(":443$", "")));
  }

  /**
   * Allows this file to be read, or written where an executable caches its answer: the very path,
   * as the configuration spells it.
   */
  public CredentialConfigPolicy allowingFile(Path file) {
    return allowing(new File(file.toString()));
  }

  /**
   * Allows this command to be run for a subject token: the very text, as the configuration spells
   * it. google-auth runs none unless {@code GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES=1} is set.
   *
   * @param command the program's path and its arguments
   */
  public CredentialConfigPolicy allowingCommand(String command) {
    return allowing(new Command(command));
  }

  /**
   * Allows the identity of this machine in Amazon Web Services: its environment variables, its
   * metadata server and the signature for {@code GetCallerIdentity}.
   */
  public CredentialConfigPolicy allowingAws() {
    return allowing(Machine.AWS);
  }

  /** Allows the identity of this machine in Microsoft Azure: its metadata server. */
  public CredentialConfigPolicy allowingAzure() {
    return allowing(Machine.AZURE);
  }

  /**
   * Allows the X.509 certificate of this machine, where {@code GOOGLE_API_CERTIFICATE_CONFIG} or
   * gcloud's own folder has it. Certificates elsewhere are {@linkplain #allowingFile files}.
   */
  public CredentialConfigPolicy allowingMachineCertificate() {
    return allowing(Machine.CERTIFICATE);
  }

  private CredentialConfigPolicy allowing(Allowance allowance) {
    Set<Allowance> extended = new LinkedHashSet<>(allowances);
    extended.add(allowance);
    return new CredentialConfigPolicy(universe, types, extended);
  }

  String universe() {
    return universe;
  }

  Set<CredentialConfigType> types() {
    return types;
  }

  boolean allows(Allowance allowance) {
    return allowances.contains(allowance);
  }

  @Override
  public String toString() {
    return "ConfigurationPolicy[universe=%s, types=%s, allowed=%s]"
        .formatted(universe, types, allowances);
  }
}
