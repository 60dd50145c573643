package io.github.shortlived.verify;

import static java.util.stream.Collectors.toMap;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A published key for one algorithm. Thread-safe. */
final class VerificationKey {
  private static final int MIN_RSA_BITS = 2048;
  private static final int MAX_RSA_BITS = 8192;
  private static final int MAX_EXPONENT_BITS = 32;

  private final PublicKey key;
  private final JWSVerifier verifier;

  private VerificationKey(PublicKey key, JWSVerifier verifier) {
    this.key = key;
    this.verifier = verifier;
  }

  /** Throws {@link LinkageError} if the JOSE library is missing, before a token arrives. */
  static void requireLibrary() {
    JWSAlgorithm unused = JWSAlgorithm.RS256;
  }

  /**
   * Reads the keys of a JWK set by their IDs. Leaves out keys for another algorithm or use, and
   * weak keys.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc7517#section-5">RFC 7517, JWK Set Format</a>
   */
  static Map<String, VerificationKey> readSet(JsonObject set, String algorithm) {
    return set.get("keys") instanceof JsonArray keys
        ? StreamSupport.stream(keys.spliterator(), false)
            .flatMap(key -> parse(key, algorithm))
            .flatMap(key -> read(key).map(read -> Map.entry(key.getKeyID(), read)).stream())
            .collect(toMap(Map.Entry::getKey, Map.Entry::getValue, (first, second) -> first))
        : Map.of();
  }

  private static Stream<JWK> parse(JsonElement json, String algorithm) {
    try {
      JWK key = JWK.parse(json.toString());
      boolean usable =
          key.getKeyID() != null
              && (key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE))
              && (key.getAlgorithm() == null || key.getAlgorithm().getName().equals(algorithm))
              && (algorithm.equals(JWSAlgorithm.ES256.getName())
                  ? key instanceof ECKey
                  : key instanceof RSAKey);
      return usable ? Stream.of(key) : Stream.empty();
    } catch (ParseException | RuntimeException e) { // Nimbus throws others, too.
      return Stream.empty();
    }
  }

  private static Optional<VerificationKey> read(JWK jwk) {
    try {
      if (jwk instanceof RSAKey rsa && isStrong(rsa.toRSAPublicKey())) {
        return Optional.of(
            new VerificationKey(rsa.toRSAPublicKey(), new RSASSAVerifier(rsa.toRSAPublicKey())));
      } else if (jwk instanceof ECKey ec && ec.getCurve().equals(Curve.P_256)) {
        return Optional.of(
            new VerificationKey(ec.toECPublicKey(), new ECDSAVerifier(ec.toECPublicKey())));
      }
    } catch (JOSEException | RuntimeException e) {
      // The key is malformed.
    }
    return Optional.empty();
  }

  private static boolean isStrong(RSAPublicKey key) {
    int bits = key.getModulus().bitLength();
    return bits >= MIN_RSA_BITS
        && bits <= MAX_RSA_BITS
        && key.getPublicExponent().bitLength() <= MAX_EXPONENT_BITS;
  }

  /** Returns whether this key signed the token, with the algorithm in its header. */
  boolean verifies(JWSObject token) {
    try {
      return token.verify(verifier);
    } catch (JOSEException | IllegalStateException e) {
      return false;
    }
  }

  /** Returns whether this key signed the bytes, with RSASSA-PKCS1-v1_5 and SHA-256. */
  boolean verifies(byte[] payload, byte[] signature) {
    try {
      Signature rsa = Signature.getInstance("SHA256withRSA");
      rsa.initVerify(key);
      rsa.update(payload);
      return rsa.verify(signature);
    } catch (GeneralSecurityException e) {
      return false; // For example, the signature is too short.
    }
  }
}
