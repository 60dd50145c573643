package io.github.shortlived.config;

import io.github.shortlived.config.CredentialConfigPolicy.Host;
import io.github.shortlived.config.CredentialConfigPolicy.Machine;
import io.github.shortlived.internal.text.GoogleHosts;
import java.util.regex.Pattern;

/**
 * What the URLs of a credential configuration may be: each is of the Google service that its field
 * is for, or on a host that the policy allows. Not any host of Google's will do: some store what
 * anybody sends, or serve what anybody stored.
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
  // The host of many services, some of which take uploads.
  private static final Pattern SHARED_HOST_PATH = Pattern.compile("/(?:oauth2|robot)/.*");

  private static final Pattern SIGN_IN_PATH = Pattern.compile("/o/oauth2/(?:v2/)?(?:auth|token)");

  private ConfigUrlRules() {}

  static void securityTokenService(ConfigField field) {
    requireService("sts", field, false);
  }

  static void iamCredentials(ConfigField field) {
    requireService("iamcredentials", field, false);
  }

  /** The token endpoint, where users sign in, and where certificates are published. */
  static void oauth(ConfigField field) {
    ConfigUrl url = field.url();
    String universe = field.policy().universe();
    boolean shared =
        url.authority().equals("www." + universe) && SHARED_HOST_PATH.matcher(url.path()).matches();
    boolean signIn =
        url.authority().equals(GoogleHosts.ACCOUNTS)
            && SIGN_IN_PATH.matcher(url.path()).matches()
            && universe.equals(GoogleHosts.DEFAULT_UNIVERSE);
    requireService("oauth2", field, url.isHttps() && (shared || signIn));
  }

  /** Where a subject token is fetched: an identity provider's, which Google is not. */
  static void subjectToken(ConfigField field) {
    if (field.text().startsWith(AZURE_METADATA)) {
      field.requireAllowed(
          Machine.AZURE, "asks for this machine's identity in Azure", "allowingAzure");
    } else {
      requireHost(field, false, "names a host, which the policy does not allow");
    }
  }

  static void awsMetadata(ConfigField field) {
    field.require(
        AWS_METADATA.matcher(field.text()).matches(),
        "is not of the metadata server of AWS, http://169.254.169.254",
        "Correct it");
  }

  static void awsVerification(ConfigField field) {
    field.require(
        AWS_VERIFICATION.matcher(field.text()).matches(),
        "is not GetCallerIdentity of AWS,"
            + " https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15",
        "Correct it");
  }

  private static void requireService(String name, ConfigField field, boolean otherwise) {
    String universe = field.policy().universe();
    requireHost(
        field,
        otherwise || field.url().isGoogle(name, universe),
        "names neither %s.%s, with its regional and private endpoints, nor a host that the policy allows"
            .formatted(name, universe));
  }

  private static void requireHost(ConfigField field, boolean google, String wrong) {
    ConfigUrl url = field.url();
    field.require(url.isConfidential(), "is not of https", "Write https");
    field.require(
        google || field.policy().allows(new Host(url.authority())),
        wrong,
        "If its host is to be trusted, allow it by name with CredentialConfigPolicy.allowingHost");
  }
}
