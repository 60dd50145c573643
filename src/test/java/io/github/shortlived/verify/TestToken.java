package io.github.shortlived.verify;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.github.shortlived.model.ServiceAccount;
import java.time.Instant;

/** A token that is valid until a test changes it. */
final class TestToken {
  static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");
  static final String AUDIENCE = "https://orders.example.com";
  static final ServiceAccount ACCOUNT =
      ServiceAccount.of("caller@demo-project.iam.gserviceaccount.com");
  static final String UNIQUE_ID = "103456789012345678901";

  private static final Gson GSON = new Gson();

  final JsonObject header = new JsonObject();
  final JsonObject claims = new JsonObject();

  private TestToken() {
    header("alg", "RS256").header("typ", "JWT");
    claim("aud", AUDIENCE)
        .claim("iat", NOW.getEpochSecond())
        .claim("exp", NOW.getEpochSecond() + 3600);
  }

  /** Creates an ID token of the account with its email address. */
  static TestToken id() {
    return new TestToken()
        .claim("iss", "https://accounts.google.com")
        .claim("sub", UNIQUE_ID)
        .claim("azp", UNIQUE_ID)
        .claim("email", ACCOUNT.id())
        .claim("email_verified", true);
  }

  /** Creates a token of Identity-Aware Proxy. */
  static TestToken iap() {
    return new TestToken()
        .header("alg", "ES256")
        .claim("iss", "https://cloud.google.com/iap")
        .claim("sub", "accounts.google.com:" + UNIQUE_ID)
        .claim("email", "me@example.com");
  }

  /** Creates a JWT that the account signs. */
  static TestToken jwt() {
    return new TestToken().claim("iss", ACCOUNT.id()).claim("sub", "order-42");
  }

  TestToken header(String name, Object value) {
    header.add(name, GSON.toJsonTree(value));
    return this;
  }

  TestToken claim(String name, Object value) {
    claims.add(name, GSON.toJsonTree(value));
    return this;
  }

  TestToken without(String name) {
    header.remove(name);
    claims.remove(name);
    return this;
  }

  /** Moves a time by this many seconds from now. */
  TestToken at(String claim, long seconds) {
    return claim(claim, NOW.getEpochSecond() + seconds);
  }

  /** Signs with this key, and names it unless the header names another. */
  String signedBy(TestSigner signer) {
    if (!header.has("kid")) {
      header("kid", signer.id());
    }
    return signer.sign(header.toString(), claims.toString());
  }
}
