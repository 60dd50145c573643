package io.github.shortlived.testing.internal.token;

import java.util.Set;

/** The types of tokens that Google publishes for token exchanges. */
public final class TokenTypes {
  private static final String PREFIX = "urn:ietf:params:oauth:token-type:";

  public static final String ACCESS_TOKEN = PREFIX + "access_token";
  public static final String ID_TOKEN = PREFIX + "id_token";
  public static final String JWT = PREFIX + "jwt";
  public static final String INTERMEDIARY_TOKEN = PREFIX + "access_boundary_intermediary_token";

  /** The types of external tokens that the emulator cannot verify. */
  public static final Set<String> NOT_EMULATED =
      Set.of(PREFIX + "saml2", PREFIX + "mtls", "urn:ietf:params:aws:token-type:aws4_request");

  private TokenTypes() {}
}
