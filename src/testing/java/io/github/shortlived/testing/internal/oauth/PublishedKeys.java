package io.github.shortlived.testing.internal.oauth;

import com.google.common.io.BaseEncoding;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.github.shortlived.testing.internal.http.HttpReply;
import io.github.shortlived.testing.internal.http.HttpRoute;
import io.github.shortlived.testing.internal.key.Certificates;
import io.github.shortlived.testing.internal.key.KeyRing;
import io.github.shortlived.testing.internal.key.Pem;
import io.github.shortlived.testing.internal.key.PublishedKey;
import io.github.shortlived.testing.internal.key.SigningKey;
import io.github.shortlived.testing.internal.world.World;
import java.math.BigInteger;
import java.util.Collection;
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
        ofGoogle("/oauth2/v3/certs", PublishedKeys::jwks),
        HttpRoute.of(
            "GET",
            "/.well-known/openid-configuration",
            (world, call, none) -> published(OpenIdDiscovery.document())),
        HttpRoute.of(
            "GET",
            "/workload-identity/{project}/{pool}/{provider}/jwks",
            (world, call, none) -> HttpReply.json(200, jwks(keysOfProvider(world, call.path())))));
  }

  private static HttpRoute ofAccount(
      String path, Function<Collection<PublishedKey>, JsonObject> form) {
    return HttpRoute.of(
        "GET",
        path,
        (world, call, variables) ->
            published(form.apply(keysOf(world, variables.getOrDefault("email", "")))));
  }

  private static HttpRoute ofGoogle(
      String path, Function<Collection<PublishedKey>, JsonObject> form) {
    return HttpRoute.of(
        "GET", path, (world, call, none) -> published(form.apply(published(world.googleKeys()))));
  }

  private static List<PublishedKey> keysOf(World world, String emailOrUniqueId) {
    return world
        .accounts()
        .find(emailOrUniqueId)
        .map(account -> published(account.keys()))
        .orElseThrow(GoogleErrors::notFound);
  }

  /** Creates the key that signs first, so that a verifier which caches the keys has it. */
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

  private static JsonObject certificates(Collection<PublishedKey> keys) {
    JsonObject byId = new JsonObject();
    keys.forEach(key -> byId.addProperty(key.id(), Certificates.pem(key)));
    return byId;
  }

  /** Public keys without a certificate; the format is unverified. */
  private static JsonObject raw(Collection<PublishedKey> keys) {
    JsonObject byId = new JsonObject();
    keys.forEach(
        key ->
            byId.addProperty(key.id(), Pem.of("PUBLIC KEY", key.key().publicKey().getEncoded())));
    return byId;
  }

  private static JsonObject jwks(Collection<PublishedKey> keys) {
    JsonArray array = new JsonArray();
    keys.forEach(key -> array.add(jwk(key.key())));
    JsonObject set = new JsonObject();
    set.add("keys", array);
    return set;
  }

  private static JsonObject jwk(SigningKey key) {
    JsonObject jwk = new JsonObject();
    jwk.addProperty("kty", "RSA");
    jwk.addProperty("alg", "RS256");
    jwk.addProperty("use", "sig");
    jwk.addProperty("kid", key.id());
    jwk.addProperty("n", unsigned(key.publicKey().getModulus()));
    jwk.addProperty("e", unsigned(key.publicKey().getPublicExponent()));
    return jwk;
  }

  private static String unsigned(BigInteger number) {
    byte[] bytes = number.toByteArray();
    int sign = bytes[0] == 0 ? 1 : 0;
    return BASE64_URL.encode(bytes, sign, bytes.length - sign);
  }
}
