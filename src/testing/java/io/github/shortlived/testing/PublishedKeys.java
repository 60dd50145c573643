package io.github.shortlived.testing;

import com.google.common.io.BaseEncoding;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.rpc.Code;
import java.math.BigInteger;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The public halves of what signs here, for anybody to read: as certificates and as JSON Web Keys.
 */
final class PublishedKeys {
  private static final BaseEncoding BASE64_URL = BaseEncoding.base64Url().omitPadding();

  private final World world;

  PublishedKeys(World world) {
    this.world = world;
  }

  Stream<HttpRoute> routes() {
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
            (call, none) -> published(OpenIdDiscovery.document())));
  }

  private HttpRoute ofAccount(String path, Function<Collection<PublishedKey>, JsonObject> form) {
    return HttpRoute.of(
        "GET",
        path,
        (call, variables) -> published(form.apply(keysOf(variables.getOrDefault("email", "")))));
  }

  private HttpRoute ofGoogle(String path, Function<Collection<PublishedKey>, JsonObject> form) {
    return HttpRoute.of("GET", path, (call, none) -> published(form.apply(googleKeys())));
  }

  /** Google always has one, even before it signed anything. */
  private List<PublishedKey> googleKeys() {
    world.googleKeys().systemManaged();
    return world.googleKeys().all();
  }

  private List<PublishedKey> keysOf(String emailOrUniqueId) {
    return world
        .accounts()
        .find(emailOrUniqueId)
        .map(PublishedKeys::keysOf)
        .orElseThrow(() -> new RpcException(Code.NOT_FOUND, "Requested entity was not found."));
  }

  /** Whoever reads them early, and keeps them, finds the key that signs later. */
  private static List<PublishedKey> keysOf(Account account) {
    account.keys().systemManaged();
    return account.keys().all();
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

  /** Public keys without a certificate around them; how Google writes them is unverified. */
  private static JsonObject raw(Collection<PublishedKey> keys) {
    JsonObject byId = new JsonObject();
    keys.forEach(
        key ->
            byId.addProperty(key.id(), Pem.of("PUBLIC KEY", key.key().publicKey().getEncoded())));
    return byId;
  }

  static JsonObject jwks(Collection<PublishedKey> keys) {
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
