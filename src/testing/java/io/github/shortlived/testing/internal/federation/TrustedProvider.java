package io.github.shortlived.testing.internal.federation;

import com.google.api.client.json.webtoken.JsonWebSignature;
import com.google.gson.JsonObject;
import io.github.shortlived.testing.internal.key.Jwts;
import io.github.shortlived.testing.internal.key.KeyRing;

/** An identity provider outside Google that a workload identity pool trusts, and its keys. */
public record TrustedProvider(WorkloadPool pool, KeyRing keys) {
  /** The name that a token exchange gives as its audience. */
  public String audience() {
    return pool.name();
  }

  /** Where the emulator publishes the provider's keys. */
  public String jwksPath() {
    return "/workload-identity/" + String.join("/", pool.key()) + "/jwks";
  }

  boolean hasSigned(JsonWebSignature jwt) {
    return keys.find(jwt.getHeader().getKeyId()).filter(key -> Jwts.verifies(key, jwt)).isPresent();
  }

  public String sign(JsonObject claims) {
    return Jwts.sign(keys.systemManaged().key(), claims.toString());
  }
}
