package io.github.shortlived.verify;

import static io.github.shortlived.model.VerificationCheck.ALGORITHM;
import static io.github.shortlived.model.VerificationCheck.FORMAT;
import static io.github.shortlived.model.VerificationCheck.HEADER;
import static io.github.shortlived.model.VerificationCheck.KEY_ID;
import static io.github.shortlived.model.VerificationCheck.SIGNATURE_REMOVED;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Ascii;
import com.google.common.base.Splitter;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.nimbusds.jose.JWSObject;
import io.github.shortlived.internal.text.StrictJson;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.text.ParseException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A JSON Web Token of an allowed form, whose signature and claims are not yet verified. There is
 * one way to read it: names are unique, base64url is canonical, and nothing follows.
 *
 * @param keyId the header {@code kid}
 * @param jws the token as the JOSE library reads it
 * @param claims the payload
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8725">RFC 8725, JSON Web Token Best Current
 *     Practices</a>
 */
record CompactToken(String keyId, JWSObject jws, JsonObject claims) {
  static final int MAX_CHARACTERS = 64 * 1024;

  private static final int MAX_HEADER_CHARACTERS = 4 * 1024;
  private static final int MAX_KEY_ID = 200;
  // Cloud Run puts this in the place of a signature that it has checked.
  private static final String REMOVED = "SIGNATURE_REMOVED_BY_GOOGLE";

  // They name a key of the sender's choice, change what is signed, or require an extension.
  private static final Set<String> REFUSED_HEADERS =
      Set.of("jwk", "jku", "x5u", "x5c", "crit", "b64", "zip", "enc", "cty");

  // Keeps members that are null: a refused header is refused with any value.
  private static final StrictJson HEADER_JSON =
      new StrictJson(MAX_HEADER_CHARACTERS, StrictJson.UNTRUSTED.maxDepth(), true);
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private static final Splitter PARTS = Splitter.on('.').limit(4);
  private static final String NO_JWT = "Pass a JWT in compact form, without 'Bearer ' before it";
  private static final String FORGED = "Treat it as forged";

  /** {@return the ID of the key alone, because nobody has verified the claims} */
  @Override
  public String toString() {
    return "CompactToken[keyId=" + Refusals.quoted(keyId) + "]";
  }

  /**
   * Parses a token.
   *
   * @param algorithm the only algorithm that is allowed
   */
  static CompactToken parse(String token, String algorithm, Refusals refusals) {
    if (token.length() > MAX_CHARACTERS) {
      throw refusals.because(
          FORMAT,
          "it has %d characters, more than %d".formatted(token.length(), MAX_CHARACTERS),
          "Refer to large data instead of including it");
    }
    List<String> parts = PARTS.splitToList(token);
    refusals.require(
        parts.size() == 3,
        FORMAT,
        "it does not consist of a header, a payload and a signature",
        NO_JWT);
    refusals.require(
        !parts.get(2).equals(REMOVED),
        SIGNATURE_REMOVED,
        "Cloud Run checked it and replaced its signature by " + REMOVED,
        "Rely on the check of Cloud Run; or have the sender pass the token for Cloud Run as"
            + " X-Serverless-Authorization, and another token as Authorization");
    return parse(token, parts, algorithm, refusals);
  }

  private static CompactToken parse(
      String token, List<String> parts, String algorithm, Refusals refusals) {
    refusals.require(
        parts.get(0).length() <= MAX_HEADER_CHARACTERS, FORMAT, "its header is too large", FORGED);
    JsonObject header = json("header", HEADER_JSON, parts.get(0), refusals);
    checkHeader(header, algorithm, refusals);
    JsonObject claims = json("payload", StrictJson.UNTRUSTED, parts.get(1), refusals);
    refusals.require(
        decoded(parts.get(2)).isPresent(), FORMAT, "its signature is not base64url", NO_JWT);
    try {
      return new CompactToken(keyId(header, refusals), JWSObject.parse(token), claims);
    } catch (ParseException | IllegalArgumentException e) {
      throw refusals.because(FORMAT, "it cannot be parsed", NO_JWT); // The cause quotes the token.
    }
  }

  private static void checkHeader(JsonObject header, String algorithm, Refusals refusals) {
    String named = text(header, "alg").orElse("");
    if (!named.equals(algorithm)) {
      throw refusals.because(
          ALGORITHM,
          "its algorithm is %s, not %s".formatted(Refusals.quotedOrMissing(named), algorithm),
          FORGED);
    }
    Stream.concat(header.keySet().stream().filter(REFUSED_HEADERS::contains), wrongType(header))
        .findFirst()
        .ifPresent(
            name -> {
              String reason = "its header has %s, which is not allowed".formatted(name);
              throw refusals.because(HEADER, reason, FORGED);
            });
  }

  /** A type distinguishes other tokens of the same signer, such as logout tokens. */
  private static Stream<String> wrongType(JsonObject header) {
    boolean isJwt =
        !header.has("typ")
            || text(header, "typ").filter(type -> Ascii.equalsIgnoreCase(type, "JWT")).isPresent();
    return isJwt ? Stream.empty() : Stream.of("a 'typ' other than JWT");
  }

  private static String keyId(JsonObject header, Refusals refusals) {
    return text(header, "kid")
        .filter(id -> !id.isBlank() && id.length() <= MAX_KEY_ID)
        .orElseThrow(() -> refusals.because(KEY_ID, "its header names no key", FORGED));
  }

  private static Optional<String> text(JsonObject object, String name) {
    return object.get(name) instanceof JsonPrimitive value && value.isString()
        ? Optional.of(value.getAsString())
        : Optional.empty();
  }

  private static JsonObject json(
      String part, StrictJson parser, String encoded, Refusals refusals) {
    try {
      byte[] bytes =
          decoded(encoded)
              .orElseThrow(
                  () -> refusals.because(FORMAT, "its " + part + " is not base64url", NO_JWT));
      String json = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      refusals.require(
          json.indexOf(BYTE_ORDER_MARK) != 0,
          FORMAT,
          "its " + part + " begins with a byte order mark",
          FORGED);
      return parser.parse(json);
    } catch (StrictJson.Malformed e) {
      String reason = "its %s is refused, because %s".formatted(part, e.getMessage());
      throw refusals.because(FORMAT, reason, FORGED);
    } catch (CharacterCodingException e) {
      throw refusals.because(FORMAT, "its %s is not UTF-8".formatted(part), FORGED);
    }
  }

  /** Decodes base64url without padding; empty for any other way to write the same bytes. */
  private static Optional<byte[]> decoded(String encoded) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(encoded);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(encoded)
          ? Optional.of(bytes)
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
