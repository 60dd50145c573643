package io.github.shortlived.config;

import com.google.auth.http.HttpTransportFactory;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import com.google.gson.JsonObject;
import io.github.shortlived.config.ConfigUrlRules.Url;
import io.github.shortlived.internal.http.BoundedTransport;
import io.github.shortlived.internal.http.MutualTls;
import io.github.shortlived.internal.text.Arguments;
import io.github.shortlived.internal.text.GoogleHosts;
import io.github.shortlived.internal.text.SafeText;
import io.github.shortlived.internal.text.Secrets;
import io.github.shortlived.internal.text.StrictJson;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.Endpoints;
import io.github.shortlived.model.InternalExceptions;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Restricts what a credential configuration from outside may name. A configuration selects the URLs
 * that receive tokens, the files that are opened and the programs that run, so its author acts with
 * the rights of its reader. A policy starts with Google's own token services; everything else is
 * allowed by name. Immutable; the {@code allowing} methods return a changed copy.
 *
 * <p>Under every policy, a configuration is a JSON object of at most 64 KiB and 8 levels, without
 * duplicate or unknown fields. Its URLs use https; plain http is accepted for the metadata servers
 * of AWS and Azure and for loopback addresses, if the policy allows them. Redirects are refused,
 * except if the subject token is an X.509 certificate, because google-auth then uses its own
 * transport.
 *
 * @see <a
 *     href="https://cloud.google.com/docs/authentication/external/externally-sourced-credentials">
 *     Security requirements when using credential configurations from an external source</a>
 */
public final class CredentialConfigPolicy {
  private static final Pattern AUTHORITY =
      Pattern.compile("[a-z0-9-]+(?:\\.[a-z0-9-]+)*(?::([1-9][0-9]{0,4}))?");

  private final String universe;
  private final ImmutableSet<CredentialConfigType> types;
  private final ImmutableSet<Allowed> allowed;

  /** A kind of resource that a policy allows by name, or without a name for this machine's own. */
  enum Resource {
    /**
     * A host, named as {@code HOST}, with the default port of the URL's scheme, or {@code
     * HOST:PORT}.
     */
    HOST("names a host", "allowingHost"),
    FILE("names a file", "allowingFile"),
    COMMAND("names a command", "allowingCommand"),
    AWS("uses an AWS identity of this machine", "allowingAws"),
    AZURE("uses an Azure identity of this machine", "allowingAzure"),
    AZURE_APP_SERVICE("uses the Azure identity of this app", "allowingAzureAppService"),
    MACHINE_CERTIFICATE("uses a certificate of this machine", "allowingMachineCertificate");

    final String use;
    final String method;

    Resource(String use, String method) {
      this.use = use;
      this.method = method;
    }
  }

  private record Allowed(Resource resource, String name) {
    Allowed {
      name = resource == Resource.FILE ? sameFile(name) : name;
    }

    /** Returns the usual spelling: double slashes and the folder "." change nothing, ".." may. */
    private static String sameFile(String path) {
      String slash = Pattern.quote(File.separator);
      return new File(path).getPath().replaceAll("(?<=^|%1$s)(?:\\.%1$s)+".formatted(slash), "");
    }

    @Override
    public String toString() {
      boolean secret = resource == Resource.COMMAND; // Arguments may be secret.
      return "%s[%s]"
          .formatted(resource, secret ? Secrets.fingerprint(name) : SafeText.visible(name));
    }
  }

  private CredentialConfigPolicy(
      String universe, Set<CredentialConfigType> types, Set<Allowed> allowed) {
    this.universe = universe;
    this.types = Sets.immutableEnumSet(types);
    this.allowed = ImmutableSet.copyOf(allowed);
  }

  /** Allows every {@link CredentialConfigType}, and only Google Cloud's own token services. */
  public static CredentialConfigPolicy googleOnly() {
    return universe(GoogleHosts.DEFAULT_UNIVERSE);
  }

  /**
   * Allows what {@link #googleOnly()} allows, in another Trusted Partner Cloud universe. A
   * configuration must name this domain, and so must the source credentials inside an
   * impersonation: without a domain they belong to Google's own universe. {@link
   * CredentialConfigType#AUTHORIZED_USER} is refused, because google-auth supports such users in
   * Google's own universe only.
   */
  public static CredentialConfigPolicy universe(String domain) {
    Endpoints.universe(domain); // Checks the domain.
    return new CredentialConfigPolicy(domain, EnumSet.allOf(CredentialConfigType.class), Set.of());
  }

  /**
   * Allows only these types, also inside a configuration: {@link
   * CredentialConfigType#IMPERSONATED_SERVICE_ACCOUNT} needs the type of its source credentials
   * too.
   */
  public CredentialConfigPolicy onlyTypes(CredentialConfigType type, CredentialConfigType... more) {
    Objects.requireNonNull(type, "type");
    Arguments.copy(more, "more");
    return new CredentialConfigPolicy(universe, EnumSet.of(type, more), allowed);
  }

  /**
   * Allows URLs on this host, such as the one where an identity provider issues subject tokens.
   * They use https; plain http is accepted for 127.0.0.1 and localhost only, for test servers.
   * google-auth requires https everywhere for the {@code token_url} and the {@code
   * service_account_impersonation_url} of an {@link CredentialConfigType#EXTERNAL_ACCOUNT}.
   *
   * @param host {@code HOST}, with the default port of the URL's scheme, or {@code HOST:PORT}
   */
  public CredentialConfigPolicy allowingHost(String host) {
    Objects.requireNonNull(host, "host");
    String authority = host.toLowerCase(Locale.ROOT);
    Matcher form = AUTHORITY.matcher(authority);
    InternalExceptions.require(
        form.matches()
            && (form.group(1) == null || Integer.parseInt(form.group(1)) <= Url.MAX_PORT),
        "host",
        host,
        "it must be one host name, without scheme, path or wildcard",
        "write HOST or HOST:PORT");
    return allowing(Resource.HOST, authority);
  }

  /**
   * Allows reading this file, or writing it if an executable caches its response there. The path
   * must be spelled as in the configuration, apart from double slashes and the folder {@code .}; a
   * relative path never equals an absolute one.
   */
  public CredentialConfigPolicy allowingFile(Path file) {
    Objects.requireNonNull(file, "file");
    return allowing(Resource.FILE, file.toString());
  }

  /**
   * Allows running this command, a path and its arguments, for a subject token. The text must be
   * spelled exactly as in the configuration. google-auth runs commands only if {@code
   * GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES=1} is set.
   */
  public CredentialConfigPolicy allowingCommand(String command) {
    Objects.requireNonNull(command, "command");
    return allowing(Resource.COMMAND, command);
  }

  /**
   * Allows this machine's AWS identity: environment, metadata server, {@code GetCallerIdentity}.
   */
  public CredentialConfigPolicy allowingAws() {
    return allowing(Resource.AWS, "");
  }

  /** Allows the identity of this machine in Microsoft Azure: its metadata server. */
  public CredentialConfigPolicy allowingAzure() {
    return allowing(Resource.AZURE, "");
  }

  /**
   * Allows the identity of this app in Azure App Service, Functions or Container Apps: the URL in
   * {@code IDENTITY_ENDPOINT}, if it is {@code http://169.254.X.X/msi/token}, with a port. For
   * another host in it, such as localhost, use {@link #allowingHost}.
   */
  public CredentialConfigPolicy allowingAzureAppService() {
    return allowing(Resource.AZURE_APP_SERVICE, "");
  }

  /**
   * Allows the X.509 certificate of this machine that {@code GOOGLE_API_CERTIFICATE_CONFIG} names
   * or gcloud's own folder contains. Other certificates are {@linkplain #allowingFile files}.
   */
  public CredentialConfigPolicy allowingMachineCertificate() {
    return allowing(Resource.MACHINE_CERTIFICATE, "");
  }

  private CredentialConfigPolicy allowing(Resource resource, String name) {
    Set<Allowed> added = Set.of(new Allowed(resource, name));
    return new CredentialConfigPolicy(universe, types, Sets.union(allowed, added));
  }

  /**
   * Checks a configuration before anything that it names is opened or called, and creates its
   * credentials. Calls no service.
   *
   * @param transports creates the HTTP connections of the credentials
   * @throws CredentialException.SourceCredentials if this policy refuses the configuration, or if
   *     google-auth cannot load it; the message quotes no value of it
   */
  public GoogleCredentials load(String json, HttpTransportFactory transports) {
    Objects.requireNonNull(json, "json");
    Objects.requireNonNull(transports, "transports");
    JsonObject checked = parse(json);
    CredentialConfigType type =
        CredentialConfigSchema.check(new ConfigField("", checked, this), types);
    GoogleCredentials credentials;
    String actualUniverse;
    try {
      // Serializes the checked JSON, so that google-auth's parser cannot read it differently.
      byte[] bytes = checked.toString().getBytes(StandardCharsets.UTF_8);
      HttpTransportFactory bounded = BoundedTransport.factory(transports);
      credentials =
          MutualTls.withTransport(
              GoogleCredentials.fromStream(new ByteArrayInputStream(bytes), bounded));
      actualUniverse = credentials.getUniverseDomain();
    } catch (IOException | RuntimeException e) {
      // Drops the cause, because google-auth's messages quote the configuration.
      throw unusable(
          "google-auth cannot load type %s: a field is missing or malformed, or the certificate that it names cannot be read"
              .formatted(type.id()));
    }
    // google-auth ignores the universe of users and uses Google's own.
    if (!actualUniverse.equals(universe)) {
      throw unusable(
          "google-auth uses type %s in Google's own universe only, and the policy is for %s"
              .formatted(type.id(), universe));
    }
    return credentials;
  }

  private static JsonObject parse(String json) {
    try {
      return StrictJson.UNTRUSTED.parse(json);
    } catch (StrictJson.Malformed e) {
      throw unusable(String.valueOf(e.getMessage()));
    }
  }

  private static CredentialException unusable(String reason) {
    return InternalExceptions.sourceUnusable(
        "The credential configuration cannot be used: %s. Request a new one from its author."
            .formatted(reason),
        null);
  }

  String universe() {
    return universe;
  }

  Set<CredentialConfigType> types() {
    return types;
  }

  boolean allows(Resource resource, String name) {
    return allowed.contains(new Allowed(resource, name));
  }

  @Override
  public String toString() {
    return "CredentialConfigPolicy[universe=%s, types=%s, allowed=%s]"
        .formatted(universe, types, allowed);
  }
}
