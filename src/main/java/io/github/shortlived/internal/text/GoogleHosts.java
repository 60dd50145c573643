package io.github.shortlived.internal.text;

import java.util.regex.Pattern;

/** The names of Google's hosts, which no other class spells. */
public final class GoogleHosts {
  /** The domain of Google Cloud, as opposed to Trusted Partner Cloud. */
  public static final String DEFAULT_UNIVERSE = "googleapis.com";

  /** The audience of a JWT for the token endpoint, wherever it is sent. */
  public static final String TOKEN_AUDIENCE = "https://oauth2." + DEFAULT_UNIVERSE + "/token";

  /** The host where users sign in, which is outside the domain of each universe. */
  public static final String ACCOUNTS = "accounts.google.com";

  /** The metadata server of machines on Google Cloud. */
  public static final String METADATA_SERVER = "metadata.google.internal";

  private static final Pattern DOMAIN = Pattern.compile("[a-z0-9-]++(?:\\.[a-z0-9-]++)++");

  private GoogleHosts() {}

  public static boolean isDomain(String name) {
    return DOMAIN.matcher(name).matches();
  }
}
