package io.github.shortlived.internal.text;

import java.util.regex.Pattern;

/** The names of Google's hosts that do not depend on the universe domain. */
public final class GoogleHosts {
  /** The universe domain of Google Cloud. */
  public static final String DEFAULT_UNIVERSE = "googleapis.com";

  /** The audience of every JWT for the token endpoint, even if it is sent to another host. */
  public static final String TOKEN_AUDIENCE = "https://oauth2." + DEFAULT_UNIVERSE + "/token";

  /** The host where users sign in. */
  public static final String ACCOUNTS = "accounts.google.com";

  /** The issuer of ID tokens. */
  public static final String ID_TOKEN_ISSUER = "https://" + ACCOUNTS;

  /** The issuer of the tokens that Identity-Aware Proxy adds to requests. */
  public static final String IAP_ISSUER = "https://cloud.google.com/iap";

  /** The server of the public keys of Identity-Aware Proxy, in all universes. */
  public static final String IAP_KEYS = "https://www.gstatic.com";

  /** The metadata server of machines on Google Cloud. */
  public static final String METADATA = "metadata.google.internal";

  /** The prefix of pools in the identifiers of principals, in all universes. */
  public static final String IAM = "iam." + DEFAULT_UNIVERSE;

  /** The prefix of projects, folders and organizations in the identifiers of principals. */
  public static final String RESOURCE_MANAGER = "cloudresourcemanager." + DEFAULT_UNIVERSE;

  /** The prefix of the full resource name of a bucket; that of other universes is unverified. */
  public static final String BUCKETS = "//storage." + DEFAULT_UNIVERSE + "/projects/_/buckets/";

  // The label of a region; also that of two multi-regions.
  private static final String REGION = "(?:us|eu|[a-z]+-[a-z]+[0-9]+)";
  private static final Pattern DOMAIN = Pattern.compile("[a-z0-9-]++(?:\\.[a-z0-9-]++)++");

  private GoogleHosts() {}

  /**
   * Returns whether this is the host of the global, a regional, a private or the mutual-TLS
   * endpoint of a Google service. Customers may choose other labels before the domain, such as
   * bucket names.
   *
   * @param host in lower case; with a port it is no such endpoint
   */
  public static boolean isEndpoint(String host, String service, String universe) {
    String form = "(?:%1$s[.-])?%2$s(?:\\.%1$s(?:\\.rep)?|\\.mtls|-[a-z0-9-]+\\.p)?\\.%3$s";
    return host.matches(form.formatted(REGION, service, Pattern.quote(universe)));
  }

  /** Returns whether the text is a domain name of at least two labels. */
  public static boolean isDomain(String text) {
    return DOMAIN.matcher(text).matches();
  }
}
