package io.github.shortlived.config;

import com.google.common.collect.ImmutableSet;
import io.github.shortlived.config.CredentialConfigPolicy.Resource;
import io.github.shortlived.config.CredentialConfigSchema.Rule;
import io.github.shortlived.internal.text.GoogleHosts;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rules for URLs: each belongs to the Google service that its field is for, or its host is
 * allowed by the policy. Other Google hosts are refused: some of them store or serve the data of
 * any customer.
 */
final class ConfigUrlRules {
  private static final Pattern AWS_METADATA =
      Pattern.compile("http://(?:169\\.254\\.169\\.254|\\[fd00:ec2::254])(/[A-Za-z0-9/_-]*)?");
  private static final Pattern AWS_VERIFICATION =
      Pattern.compile(
          "https://sts(?:-fips)?(?:\\.(?:\\{region}|[a-z]{2}(?:-[a-z]+)+-[0-9]))?\\.amazonaws\\.com(?:\\.cn)?"
              + "/?\\?Action=GetCallerIdentity&Version=2011-06-15");
  private static final String AZURE_METADATA =
      "http://169.254.169.254/metadata/identity/oauth2/token?";
  // A link-local address, which no router forwards; not the metadata server's.
  private static final Pattern AZURE_APP_SERVICE =
      Pattern.compile(
          "http://169\\.254\\.(?!169\\.254[:/])%1$s\\.%1$s(?::[0-9]+)?/msi/token/?"
                  .formatted("(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])")
              + "(?:\\?[A-Za-z0-9._~:@!$&'()*+,;=/?%-]*)?");
  // The www host serves many APIs, some of which accept uploads.
  private static final Pattern WWW_PATH = Pattern.compile("/(?:oauth2|robot)/.*");
  private static final Pattern SIGN_IN_PATH = Pattern.compile("/o/oauth2/(?:v2/)?(?:auth|token)");

  private ConfigUrlRules() {}

  static Rule service(String name) {
    return field -> requireService(name, field, false);
  }

  /** Refuses http also for loopback addresses, as google-auth does for these fields. */
  static Rule httpsService(String name) {
    return field -> {
      requireService(name, field, false);
      field.require(
          Url.of(field).isHttps(),
          "uses http, which google-auth refuses in this field",
          "Use https. In a test, keep Google's URL and let Builder.httpTransportFactory send it to"
              + " the test server");
    };
  }

  /** Accepts the token endpoint, the sign-in page of users and the certificates of accounts. */
  static void oauth(ConfigField field) {
    Url url = Url.of(field);
    String universe = field.policy().universe();
    boolean www =
        url.authority().equals("www." + universe) && WWW_PATH.matcher(url.path()).matches();
    boolean signIn =
        url.authority().equals(GoogleHosts.ACCOUNTS)
            && SIGN_IN_PATH.matcher(url.path()).matches()
            && universe.equals(GoogleHosts.DEFAULT_UNIVERSE);
    requireService("oauth2", field, url.isHttps() && (www || signIn));
  }

  /** Requires an allowed host: subject tokens come from identity providers, never from Google. */
  static void subjectToken(ConfigField field) {
    if (field.text().startsWith(AZURE_METADATA)) {
      field.requireAllowed(Resource.AZURE, "");
    } else if (AZURE_APP_SERVICE.matcher(field.text()).matches()) {
      Url.of(field); // Checks the port.
      field.requireAllowed(Resource.AZURE_APP_SERVICE, "");
    } else {
      requireHost(field, false, "names a host that the policy does not allow");
    }
  }

  static void awsMetadata(ConfigField field) {
    field.require(
        AWS_METADATA.matcher(field.text()).matches(),
        "is not a URL of the AWS metadata server, http://169.254.169.254");
  }

  static void awsVerification(ConfigField field) {
    field.require(
        AWS_VERIFICATION.matcher(field.text()).matches(),
        "is not the URL of AWS GetCallerIdentity,"
            + " https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15");
  }

  private static void requireService(String name, ConfigField field, boolean otherEndpoint) {
    String universe = field.policy().universe();
    requireHost(
        field,
        otherEndpoint || Url.of(field).isGoogle(name, universe),
        "names a host that is neither %s.%s, with its regional and private endpoints, nor allowed by the policy"
            .formatted(name, universe));
  }

  private static void requireHost(ConfigField field, boolean google, String wrong) {
    Url url = Url.of(field);
    field.require(url.isConfidential(), "does not use https", "Use https");
    field.require(
        google || url.names().stream().anyMatch(name -> field.policy().allows(Resource.HOST, name)),
        wrong,
        "If you trust the host, allow it with CredentialConfigPolicy.allowingHost");
  }

  /**
   * A URL in a form that all parsers read alike: without user, fragment, backslash, percent-encoded
   * host or parent folder in the path. Scheme and host are in lower case. The path is empty or
   * begins with a slash.
   */
  record Url(String scheme, String host, int port, String path) {
    private static final Pattern FORM =
        Pattern.compile(
            "([A-Za-z]+)://([A-Za-z0-9.-]{1,253})(?::([1-9][0-9]{0,4}))?"
                + "((?:/[A-Za-z0-9._~:@!$&'()*+,;=/%-]*)?)(?:\\?[A-Za-z0-9._~:@!$&'()*+,;=/?%-]*)?");
    private static final Pattern PARENT_FOLDER =
        Pattern.compile("(?:\\.|%2e){2}", Pattern.CASE_INSENSITIVE);
    static final int MAX_PORT = 65_535;
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost");

    static Url of(ConfigField field) {
      Matcher form = FORM.matcher(field.text());
      field.require(
          form.matches() && !PARENT_FOLDER.matcher(form.group(4)).find(),
          "is not a plain URL with only a scheme, host, path and query");
      String scheme = form.group(1).toLowerCase(Locale.ROOT);
      String host = form.group(2).toLowerCase(Locale.ROOT);
      int port = form.group(3) == null ? defaultPort(scheme) : Integer.parseInt(form.group(3));
      field.require(port <= MAX_PORT, "has a port above " + MAX_PORT);
      return new Url(scheme, host, port, form.group(4));
    }

    private static int defaultPort(String scheme) {
      return scheme.equals("http") ? 80 : 443;
    }

    /** Returns the host, with the port unless that is the default of the scheme. */
    String authority() {
      return port == defaultPort(scheme) ? host : host + ":" + port;
    }

    /**
     * Returns the names by which a policy allows the host: with the port, or without a default
     * port.
     */
    Set<String> names() {
      return ImmutableSet.of(host + ":" + port, authority());
    }

    boolean isHttps() {
      return scheme.equals("https");
    }

    /** Returns whether a token sent to this URL is encrypted or stays on this machine. */
    boolean isConfidential() {
      return isHttps() || (scheme.equals("http") && LOOPBACK.contains(host));
    }

    /** Returns whether this is an endpoint of a Google service. */
    boolean isGoogle(String service, String universe) {
      return isHttps() && GoogleHosts.isEndpoint(authority(), service, universe);
    }

    /** Omits the path, which may be secret. */
    @Override
    public String toString() {
      return "Url[%s]".formatted(authority());
    }
  }
}
