package io.github.shortlived.testing.internal.oauth;

import java.util.Set;

/** The types of tokens that Google publishes for token exchanges. */
final class TokenTypes {
  private static final String PREFIX = "urn:ietf:params:oauth:token-type:";

  static final String ACCESS_TOKEN = PREFIX + "access_token";
  static final String ID_TOKEN = PREFIX + "id_token";
  static final String INTERMEDIARY_TOKEN = PREFIX + "access_boundary_intermediary_token";

  /** The types of external tokens that the emulator cannot verify. */
  static final Set<String> NOT_EMULATED =
      Set.of(PREFIX + "saml2", PREFIX + "mtls", "urn:ietf:params:aws:token-type:aws4_request");

  private TokenTypes() {}
}
