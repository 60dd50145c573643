package io.github.shortlived.testing.internal.oauth;

import com.google.common.collect.ImmutableMap;
import com.google.common.io.BaseEncoding;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.github.shortlived.testing.internal.http.HttpReply;
import io.github.shortlived.testing.internal.http.HttpRoute;
import io.github.shortlived.testing.internal.json.Json;
import io.github.shortlived.testing.internal.key.Certificates;
import io.github.shortlived.testing.internal.key.KeyRing;
import io.github.shortlived.testing.internal.key.Pem;
import io.github.shortlived.testing.internal.key.PublishedKey;
import io.github.shortlived.testing.internal.key.SigningKey;
import io.github.shortlived.testing.internal.token.TokenIssuer;
import io.github.shortlived.testing.internal.world.World;
import java.math.BigInteger;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Publishes the public keys of Google, of service accounts and of the external identity providers,
 * as certificates and as JSON Web Keys.
 */
public final class PublishedKeys {
  private static final BaseEncoding BASE64_URL = BaseEncoding.base64Url().omitPadding();

  private PublishedKeys() {}

  public static Stream<HttpRoute> routes() {
    return Stream.of(
        ofAccount("/service_accounts/v1/metadata/x509/{email}", PublishedKeys::certificates),
        ofAccount("/robot/v1/metadata/x509/{email}", PublishedKeys::certificates),
        ofAccount("/service_accounts/v1/metadata/raw/{email}", PublishedKeys::raw),
        ofAccount("/service_accounts/v1/jwk/{email}", PublishedKeys::jwks),
        ofAccount("/service_accounts/v1/metadata/jwk/{email}", PublishedKeys::jwks),
        ofGoogle("/oauth2/v1/certs", PublishedKeys::certificates),
        ofGoogle("/oauth2/v2/certs", PublishedKeys::jwks),
        ofGoogle("/oauth2/v3/certs", PublishedKeys::jwks),
        HttpRoute.of(
            "GET",
            "/.well-known/openid-configuration",
            (world, call, none) -> published(discovery())),
        HttpRoute.of(
            "GET",
            "/workload-identity/{project}/{pool}/{provider}/jwks",
            (world, call, none) -> HttpReply.json(200, jwks(keysOfProvider(world, call.path())))));
  }

  private static HttpRoute ofAccount(String path, Function<List<PublishedKey>, JsonObject> form) {
    return HttpRoute.of(
        "GET",
        path,
        (world, call, variables) ->
            published(form.apply(keysOf(world, variables.getOrDefault("email", "")))));
  }

  private static HttpRoute ofGoogle(String path, Function<List<PublishedKey>, JsonObject> form) {
    return HttpRoute.of(
        "GET", path, (world, call, none) -> published(form.apply(published(world.googleKeys()))));
  }

  /**
   * Returns the OpenID discovery document of Google. Its URLs are Google's: the transport that
   * redirects a client to the emulator redirects these as well.
   */
  private static JsonObject discovery() {
    ImmutableMap.Builder<String, Object> document = ImmutableMap.builder();
    document.put("issuer", TokenIssuer.ISSUER);
    document.put("authorization_endpoint", "https://accounts.google.com/o/oauth2/v2/auth");
    document.put("token_endpoint", "https://oauth2.googleapis.com/token");
    document.put("userinfo_endpoint", "https://openidconnect.googleapis.com/v1/userinfo");
    document.put("revocation_endpoint", "https://oauth2.googleapis.com/revoke");
    document.put("jwks_uri", "https://www.googleapis.com/oauth2/v3/certs");
    document.put("response_types_supported", List.of("code", "id_token"));
    document.put("subject_types_supported", List.of("public"));
    document.put("id_token_signing_alg_values_supported", List.of("RS256"));
    document.put("scopes_supported", List.of("openid", "email", "profile"));
    document.put(
        "claims_supported", List.of("aud", "email", "email_verified", "exp", "iat", "iss", "sub"));
    document.put("grant_types_supported", List.of(RefreshTokenGrant.TYPE, JwtBearerGrant.TYPE));
    return Json.tree(document.build()).getAsJsonObject();
  }

  private static List<PublishedKey> keysOf(World world, String emailOrUniqueId) {
    return world
        .accounts()
        .find(emailOrUniqueId)
        .map(account -> published(account.keys()))
        .orElseThrow(GoogleErrors::notFound);
  }

  /** Returns the keys after creating the signing key, for verifiers that cache the keys. */
  private static List<PublishedKey> published(KeyRing keys) {
    keys.systemManaged();
    return keys.all();
  }

  private static List<PublishedKey> keysOfProvider(World world, String path) {
    return world.identityProviders().providers().stream()
        .filter(provider -> provider.jwksPath().equals(path))
        .findFirst()
        .map(provider -> List.of(provider.keys().systemManaged()))
        .orElseThrow(GoogleErrors::notFound);
  }

  private static HttpReply published(JsonObject keys) {
    return HttpReply.json(200, keys)
        .with("Cache-Control", "public, max-age=21600, must-revalidate, no-transform");
  }

  private static JsonObject certificates(List<PublishedKey> keys) {
    JsonObject byId = new JsonObject();
    keys.forEach(key -> byId.addProperty(key.id(), Certificates.pem(key)));
    return byId;
  }

  /** Public keys without a certificate; the format is unverified. */
  private static JsonObject raw(List<PublishedKey> keys) {
    JsonObject byId = new JsonObject();
    keys.forEach(
        key ->
            byId.addProperty(key.id(), Pem.of("PUBLIC KEY", key.key().publicKey().getEncoded())));
    return byId;
  }

  private static JsonObject jwks(List<PublishedKey> keys) {
    JsonArray array = new JsonArray();
    keys.forEach(key -> array.add(jwk(key.key())));
    JsonObject set = new JsonObject();
    set.add("keys", array);
    return set;
  }

  private static JsonElement jwk(SigningKey key) {
    return Json.tree(
        ImmutableMap.of(
            "kty",
            "RSA",
            "alg",
            "RS256",
            "use",
            "sig",
            "kid",
            key.id(),
            "n",
            unsigned(key.publicKey().getModulus()),
            "e",
            unsigned(key.publicKey().getPublicExponent())));
  }

  private static String unsigned(BigInteger number) {
    byte[] bytes = number.toByteArray();
    int sign = bytes[0] == 0 ? 1 : 0;
    return BASE64_URL.encode(bytes, sign, bytes.length - sign);
  }
}
