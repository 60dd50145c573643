package io.github.shortlived.testing;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;

/**
 * What Google says of itself as an OpenID provider. The URLs are Google's: a client that was led
 * here by its transport is led on the same way.
 */
final class OpenIdDiscovery {
  private OpenIdDiscovery() {}

  static JsonObject document() {
    JsonObject document = new JsonObject();
    document.addProperty("issuer", TokenMint.ISSUER);
    document.addProperty("authorization_endpoint", "https://accounts.google.com/o/oauth2/v2/auth");
    document.addProperty("token_endpoint", "https://oauth2.googleapis.com/token");
    document.addProperty("jwks_uri", "https://www.googleapis.com/oauth2/v3/certs");
    document.add("response_types_supported", array("code", "id_token"));
    document.add("subject_types_supported", array("public"));
    document.add("id_token_signing_alg_values_supported", array("RS256"));
    document.add("scopes_supported", array("openid", "email", "profile"));
    document.add(
        "claims_supported", array("aud", "email", "email_verified", "exp", "iat", "iss", "sub"));
    document.add("grant_types_supported", array(RefreshGrant.TYPE, JwtBearerGrant.TYPE));
    return document;
  }

  private static JsonArray array(String... values) {
    JsonArray array = new JsonArray();
    List.of(values).forEach(array::add);
    return array;
  }
}
