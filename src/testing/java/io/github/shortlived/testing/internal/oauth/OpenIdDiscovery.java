package io.github.shortlived.testing.internal.oauth;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.shortlived.testing.internal.token.TokenIssuer;
import java.util.List;

/**
 * The OpenID discovery document of Google. Its URLs are Google's: the transport that redirects a
 * client to the emulator redirects these as well.
 */
final class OpenIdDiscovery {
  private OpenIdDiscovery() {}

  static JsonObject document() {
    JsonObject document = new JsonObject();
    document.addProperty("issuer", TokenIssuer.ISSUER);
    document.addProperty("authorization_endpoint", "https://accounts.google.com/o/oauth2/v2/auth");
    document.addProperty("token_endpoint", "https://oauth2.googleapis.com/token");
    document.addProperty("jwks_uri", "https://www.googleapis.com/oauth2/v3/certs");
    document.add("response_types_supported", array("code", "id_token"));
    document.add("subject_types_supported", array("public"));
    document.add("id_token_signing_alg_values_supported", array("RS256"));
    document.add("scopes_supported", array("openid", "email", "profile"));
    document.add(
        "claims_supported", array("aud", "email", "email_verified", "exp", "iat", "iss", "sub"));
    document.add("grant_types_supported", array(RefreshTokenGrant.TYPE, JwtBearerGrant.TYPE));
    return document;
  }

  private static JsonArray array(String... values) {
    JsonArray array = new JsonArray();
    List.of(values).forEach(array::add);
    return array;
  }
}
