package io.github.shortlived.verify;

import static io.github.shortlived.model.VerificationCheck.ACCOUNT;
import static io.github.shortlived.model.VerificationCheck.ALGORITHM;
import static io.github.shortlived.model.VerificationCheck.AUDIENCE;
import static io.github.shortlived.model.VerificationCheck.AUTHORIZED_PARTY;
import static io.github.shortlived.model.VerificationCheck.EMAIL;
import static io.github.shortlived.model.VerificationCheck.EXPIRY;
import static io.github.shortlived.model.VerificationCheck.FORMAT;
import static io.github.shortlived.model.VerificationCheck.HEADER;
import static io.github.shortlived.model.VerificationCheck.ISSUER;
import static io.github.shortlived.model.VerificationCheck.KEY_ID;
import static io.github.shortlived.model.VerificationCheck.NOT_YET_VALID;
import static io.github.shortlived.model.VerificationCheck.SIGNATURE;
import static io.github.shortlived.model.VerificationCheck.SIGNATURE_REMOVED;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.shortlived.model.VerificationCheck;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Valid and forged ID tokens, for the verifiers that must tell them apart. */
final class Forgeries {
  /** Two keys that Google publishes. */
  static final TestSigner GOOGLE = TestSigner.rsa("google-1");

  static final TestSigner GOOGLE_2 = TestSigner.rsa("google-2");

  /** The key of a service account, which Google does not publish as its own. */
  static final TestSigner ACCOUNT_KEY = TestSigner.rsa("account-1");

  static final TestSigner ATTACKER = TestSigner.rsa("attacker");

  static final IdTokenExpectation EXPECTED =
      IdTokenExpectation.of(TestToken.AUDIENCE)
          .account(TestToken.ACCOUNT)
          .authorizedParty(TestToken.UNIQUE_ID);

  private static final String VALID = TestToken.id().signedBy(GOOGLE);

  private final Map<String, Forgery> all = new LinkedHashMap<>();

  /**
   * A forged token.
   *
   * @param check the check that it fails
   */
  record Forgery(String name, VerificationCheck check, String token) {
    @Override
    public String toString() {
      return name;
    }
  }

  private Forgeries() {
    addForms();
    addJson();
    addAlgorithms();
    addHeaders();
    addKeys();
    addSignatures();
    addTimes();
    addParties();
  }

  static List<Forgery> list() {
    return List.copyOf(new Forgeries().all.values());
  }

  /** Returns tokens that are all valid, by their names. */
  static Map<String, String> valid() {
    Map<String, String> valid = new LinkedHashMap<>();
    valid.put("as Google issues it", VALID);
    valid.put("by the other key", TestToken.id().signedBy(GOOGLE_2));
    valid.put("without typ", TestToken.id().without("typ").signedBy(GOOGLE));
    valid.put("typ in lower case", TestToken.id().header("typ", "jwt").signedBy(GOOGLE));
    valid.put("unknown header", TestToken.id().header("ver", 2).signedBy(GOOGLE));
    valid.put("more claims", TestToken.id().claim("hd", "example.com").signedBy(GOOGLE));
    valid.put("short issuer", TestToken.id().claim("iss", "accounts.google.com").signedBy(GOOGLE));
    valid.put("list of one audience", withAudience(List.of(TestToken.AUDIENCE)));
    valid.put("expired within the skew", TestToken.id().at("exp", -29).signedBy(GOOGLE));
    valid.put("issued within the skew", TestToken.id().at("iat", 30).signedBy(GOOGLE));
    return valid;
  }

  private static String withAudience(Object audience) {
    return TestToken.id().claim("aud", audience).signedBy(GOOGLE);
  }

  private void add(String name, VerificationCheck check, String token) {
    if (all.put(name, new Forgery(name, check, token)) != null) {
      throw new AssertionError("Two forgeries are named " + name);
    }
  }

  private void add(String name, VerificationCheck check, TestToken token) {
    add(name, check, token.signedBy(GOOGLE));
  }

  private static String part(int index) {
    return VALID.split("\\.", -1)[index];
  }

  private void addForms() {
    add("nothing", FORMAT, "");
    add("two parts", FORMAT, part(0) + "." + part(1));
    add("five parts of an encrypted token", FORMAT, VALID + ".aa.bb");
    add("a part that follows", FORMAT, VALID + ".");
    add("a blank that follows", FORMAT, VALID + " ");
    add("a line break that follows", FORMAT, VALID + "\n");
    add("a character of zero that follows", FORMAT, VALID + "\0");
    add("Bearer before it", FORMAT, "Bearer " + VALID);
    add("a quote around it", FORMAT, '"' + VALID + '"');
    add("padding", FORMAT, VALID + "==");
    add("unused bits in the signature", FORMAT, withUnusedBits());
    add("a character that base64 ignores", FORMAT, part(0) + "." + part(1) + ".*" + part(2));
    add("more than 64 KiB", FORMAT, TestToken.id().claim("x", "x".repeat(64 * 1024)));
    add("a header of more than 4 KiB", FORMAT, TestToken.id().header("x", "x".repeat(4 * 1024)));
    add("no signature", FORMAT, part(0) + "." + part(1) + ".");
    add("no payload", FORMAT, part(0) + ".." + part(2));
    add("no header", FORMAT, "." + part(1) + "." + part(2));
  }

  /** Changes the last character of the signature, but none of the bytes that it encodes. */
  private static String withUnusedBits() {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    int last = alphabet.indexOf(VALID.charAt(VALID.length() - 1));
    return VALID.substring(0, VALID.length() - 1) + alphabet.charAt(last + 1);
  }

  private void addJson() {
    String header = "{\"alg\":\"RS256\",\"kid\":\"google-1\"}";
    String payload = TestToken.id().claims.toString();
    String body = payload.substring(1);
    add("an object after the payload", FORMAT, GOOGLE.sign(header, payload + "{}"));
    add("a letter after the payload", FORMAT, GOOGLE.sign(header, payload + "x"));
    add("a list as payload", FORMAT, GOOGLE.sign(header, "[" + payload + "]"));
    add("a text as payload", FORMAT, GOOGLE.sign(header, "hello"));
    add("two audiences by name", FORMAT, GOOGLE.sign(header, "{\"aud\":\"evil\"," + body));
    add(
        "two audiences, one escaped",
        FORMAT,
        GOOGLE.sign(header, "{\"\\u0061ud\":\"evil\"," + body));
    add("two algorithms", FORMAT, GOOGLE.sign("{\"alg\":\"none\"," + header.substring(1), payload));
    add(
        "two key IDs",
        FORMAT,
        GOOGLE.sign("{\"kid\":\"attacker\"," + header.substring(1), payload));
    add("a comment", FORMAT, GOOGLE.sign(header, "/* */" + payload));
    add("names without quotes", FORMAT, GOOGLE.sign(header, "{x:1," + body));
    String deep = "[".repeat(100) + "]".repeat(100);
    add("a deep payload", FORMAT, GOOGLE.sign(header, "{\"x\":" + deep + "," + body));
    add(
        "a deep header",
        FORMAT,
        GOOGLE.sign("{\"x\":" + deep + "," + header.substring(1), payload));
    add("a byte order mark before the header", FORMAT, GOOGLE.sign("\uFEFF" + header, payload));
    add("a byte order mark before the payload", FORMAT, GOOGLE.sign(header, "\uFEFF" + payload));
    byte[] latin = "{\"name\":\"\u00e9\"}".getBytes(ISO_8859_1);
    String encoded = Base64.getUrlEncoder().withoutPadding().encodeToString(latin);
    add("a payload in another encoding", FORMAT, part(0) + "." + encoded + "." + part(2));
  }

  private void addAlgorithms() {
    add("algorithm none", ALGORITHM, unsigned("none"));
    add("algorithm None", ALGORITHM, unsigned("None"));
    add("algorithm none with a signature", ALGORITHM, TestToken.id().header("alg", "none"));
    add("HMAC with the public key", ALGORITHM, hmac(GOOGLE.pair().getPublic().getEncoded()));
    add("HMAC with the key ID", ALGORITHM, hmac(GOOGLE.id().getBytes(UTF_8)));
    add("HMAC with nothing", ALGORITHM, hmac(new byte[1]));
    TestToken longer = TestToken.id().header("alg", "RS512").header("kid", GOOGLE.id());
    add(
        "another hash",
        ALGORITHM,
        GOOGLE.sign("SHA512withRSA", longer.header.toString(), longer.claims.toString()));
    add("another padding", ALGORITHM, TestToken.id().header("alg", "PS256"));
    add("another kind of key", ALGORITHM, TestToken.id().header("alg", "ES256"));
    add("an encryption", ALGORITHM, TestToken.id().header("alg", "RSA-OAEP"));
    add("no algorithm", ALGORITHM, TestToken.id().without("alg"));
    add("a list of algorithms", ALGORITHM, TestToken.id().header("alg", List.of("RS256")));
    add("an algorithm in lower case", ALGORITHM, TestToken.id().header("alg", "rs256"));
  }

  private static String unsigned(String algorithm) {
    TestToken token = TestToken.id().header("alg", algorithm);
    String header = TestSigner.encode(token.header.toString());
    return header + "." + TestSigner.encode(token.claims.toString()) + ".";
  }

  private static String hmac(byte[] secret) {
    TestToken token = TestToken.id().header("alg", "HS256").header("kid", GOOGLE.id());
    String signed =
        TestSigner.encode(token.header.toString())
            + "."
            + TestSigner.encode(token.claims.toString());
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      byte[] signature = mac.doFinal(signed.getBytes(UTF_8));
      return signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private void addHeaders() {
    Map<String, Object> key = ATTACKER.jwk().toJSONObject();
    add("the attacker's jwk", HEADER, TestToken.id().header("jwk", key).signedBy(ATTACKER));
    add(
        "the published key as jwk",
        HEADER,
        TestToken.id().header("jwk", GOOGLE.jwk().toJSONObject()));
    add("a URL of keys", HEADER, TestToken.id().header("jku", "https://evil.example/jwks"));
    add("a URL of certificates", HEADER, TestToken.id().header("x5u", "https://evil.example/x"));
    add("a certificate", HEADER, TestToken.id().header("x5c", List.of("MIIB")));
    add("an extension", HEADER, TestToken.id().header("crit", List.of("exp")));
    add("no encoding of the payload", HEADER, TestToken.id().header("b64", false));
    add("a compression", HEADER, TestToken.id().header("zip", "DEF"));
    add("a token in the token", HEADER, TestToken.id().header("cty", "JWT"));
    String headerWithNull = "{\"alg\":\"RS256\",\"kid\":\"google-1\",\"jwk\":null}";
    add("null as jwk", HEADER, GOOGLE.sign(headerWithNull, TestToken.id().claims.toString()));
    String typeNull = headerWithNull.replace("jwk", "typ");
    add("null as type", HEADER, GOOGLE.sign(typeNull, TestToken.id().claims.toString()));
    add("the type of an access token", HEADER, TestToken.id().header("typ", "at+jwt"));
    add("the type of a logout token", HEADER, TestToken.id().header("typ", "logout+jwt"));
    add("a type that is no text", HEADER, TestToken.id().header("typ", 1));
  }

  private void addKeys() {
    add("no key ID", KEY_ID, GOOGLE.sign("{\"alg\":\"RS256\"}", TestToken.id().claims.toString()));
    add("a blank key ID", KEY_ID, TestToken.id().header("kid", " "));
    add("a key ID that is no text", KEY_ID, TestToken.id().header("kid", 1));
    add("a long key ID", KEY_ID, TestToken.id().header("kid", "k".repeat(201)));
    add("an unknown key ID", KEY_ID, TestToken.id().header("kid", "google-3"));
    add("a path as key ID", KEY_ID, TestToken.id().header("kid", "../../dev/null"));
    add("SQL as key ID", KEY_ID, TestToken.id().header("kid", "' OR '1'='1"));
    add("a key ID in upper case", KEY_ID, TestToken.id().header("kid", "GOOGLE-1"));
    add("a key ID with a blank", KEY_ID, TestToken.id().header("kid", "google-1 "));
    add("the key of a service account", KEY_ID, TestToken.id().signedBy(ACCOUNT_KEY));
    add("the attacker's key", KEY_ID, TestToken.id().signedBy(ATTACKER));
  }

  private void addSignatures() {
    add(
        "the attacker's key by Google's ID",
        SIGNATURE,
        TestToken.id().signedBy(ATTACKER.named("google-1")));
    add("swapped keys", SIGNATURE, TestToken.id().header("kid", "google-2"));
    String altered = TestSigner.encode(TestToken.id().claim("hd", "evil").claims.toString());
    add("altered claims", SIGNATURE, part(0) + "." + altered + "." + part(2));
    add(
        "an altered header",
        SIGNATURE,
        TestSigner.encode("{\"kid\":\"google-1\",\"alg\":\"RS256\"}")
            + VALID.substring(VALID.indexOf('.')));
    String other = TestToken.id().claim("sub", "1").signedBy(GOOGLE);
    add(
        "the signature of another token",
        SIGNATURE,
        VALID.substring(0, VALID.lastIndexOf('.')) + other.substring(other.lastIndexOf('.')));
    add("a short signature", SIGNATURE, part(0) + "." + part(1) + ".AAAA");
    add("a signature of zeros", SIGNATURE, part(0) + "." + part(1) + "." + "A".repeat(342));
    add("a long signature", SIGNATURE, part(0) + "." + part(1) + "." + "A".repeat(6840));
    add(
        "a signature that Cloud Run removed",
        SIGNATURE_REMOVED,
        part(0) + "." + part(1) + ".SIGNATURE_REMOVED_BY_GOOGLE");
  }

  private void addTimes() {
    add("expired", EXPIRY, TestToken.id().at("exp", -31));
    add("expired at the limit of the skew", EXPIRY, TestToken.id().at("exp", -30));
    add("expired long ago", EXPIRY, TestToken.id().claim("exp", 0));
    add("issued in the future", NOT_YET_VALID, TestToken.id().at("iat", 31));
    add("valid later", NOT_YET_VALID, TestToken.id().at("nbf", 31));
    add("no expiry", FORMAT, TestToken.id().without("exp"));
    add("no time of issue", FORMAT, TestToken.id().without("iat"));
    add("an expiry as text", FORMAT, TestToken.id().claim("exp", "4102444800"));
    add("an expiry with a fraction", FORMAT, TestToken.id().claim("exp", 4102444800.5));
    add("a negative expiry", FORMAT, TestToken.id().claim("exp", -1));
    add("an expiry beyond all times", FORMAT, TestToken.id().claim("exp", 1e300));
    add("an expiry in milliseconds", FORMAT, TestToken.id().claim("exp", 4102444800000L));
  }

  private void addParties() {
    add("another issuer", ISSUER, TestToken.id().claim("iss", "https://evil.example"));
    add("no issuer", ISSUER, TestToken.id().without("iss"));
    add("an issuer without TLS", ISSUER, TestToken.id().claim("iss", "http://accounts.google.com"));
    add(
        "an issuer with a slash",
        ISSUER,
        TestToken.id().claim("iss", "https://accounts.google.com/"));
    add(
        "an issuer that is no text",
        FORMAT,
        TestToken.id().claim("iss", List.of("https://accounts.google.com")));
    add("another audience", AUDIENCE, TestToken.id().claim("aud", "https://evil.example"));
    add("no audience", AUDIENCE, TestToken.id().without("aud"));
    add(
        "several audiences",
        AUDIENCE,
        TestToken.id().claim("aud", List.of(TestToken.AUDIENCE, "https://evil.example")));
    add("an empty list of audiences", AUDIENCE, TestToken.id().claim("aud", List.of()));
    add("an audience that is no text", AUDIENCE, TestToken.id().claim("aud", Map.of("x", 1)));
    add(
        "an audience in upper case",
        AUDIENCE,
        TestToken.id().claim("aud", "https://ORDERS.example.com"));
    add("a longer audience", AUDIENCE, TestToken.id().claim("aud", TestToken.AUDIENCE + "/"));
    add("no subject", FORMAT, TestToken.id().without("sub"));
    add("a subject that is no text", FORMAT, TestToken.id().claim("sub", 1));
    add(
        "another account",
        ACCOUNT,
        TestToken.id().claim("email", "other@demo-project.iam.gserviceaccount.com"));
    add("no email address", EMAIL, TestToken.id().without("email"));
    add(
        "an email address that is not verified",
        EMAIL,
        TestToken.id().claim("email_verified", false));
    add(
        "an email address that is verified by a text",
        EMAIL,
        TestToken.id().claim("email_verified", "true"));
    add("no word about the email address", EMAIL, TestToken.id().without("email_verified"));
    add("another authorized party", AUTHORIZED_PARTY, TestToken.id().claim("azp", "1"));
    add("no authorized party", AUTHORIZED_PARTY, TestToken.id().without("azp"));
  }
}
