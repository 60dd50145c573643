package io.github.shortlived.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.auth.oauth2.TokenVerifier;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import io.github.shortlived.model.CredentialException.VerificationFailed;
import io.github.shortlived.verify.Forgeries.Forgery;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Compares the verdicts on valid and forged ID tokens with those of google-auth and of the JOSE
 * library's own verification. Where they differ, the reason is listed here.
 */
class AgreementTest {
  /** Both have base64 decoders that skip or ignore something, and no limits. */
  private static final Set<String> LENIENT_FORM =
      Set.of(
          "a blank that follows",
          "a line break that follows",
          "a character of zero that follows",
          "padding",
          "a byte order mark before the header",
          "a byte order mark before the payload",
          "unused bits in the signature",
          "more than 64 KiB",
          "a header of more than 4 KiB",
          "a deep header",
          "a deep payload");

  /** Both ignore headers that other libraries obey, to the sender's advantage. */
  private static final Set<String> IGNORED_HEADERS =
      Set.of(
          "a URL of keys",
          "a URL of certificates",
          "a certificate",
          "the published key as jwk",
          "null as jwk",
          "null as type",
          "a compression",
          "a token in the token");

  private static KeyServer server;
  private static TokenVerification ours;
  private static TokenVerifier googleAuth;
  private static DefaultJWTProcessor<SecurityContext> nimbus;

  @BeforeAll
  static void start() {
    server = KeyServer.publishing(Forgeries.GOOGLE, Forgeries.GOOGLE_2);
    ours =
        TokenVerification.builder()
            .endpoints(server.endpoints())
            .clock(InstantSource.fixed(TestToken.NOW))
            .build();
    googleAuth =
        TokenVerifier.newBuilder()
            .setAudience(TestToken.AUDIENCE)
            .setIssuer("https://accounts.google.com")
            .setCertificatesLocation(server.uri() + "/oauth2/v3/certs")
            .setClock(TestToken.NOW::toEpochMilli)
            .build();
    nimbus = nimbus();
  }

  private static DefaultJWTProcessor<SecurityContext> nimbus() {
    List<JWK> keys = List.of(Forgeries.GOOGLE.jwk(), Forgeries.GOOGLE_2.jwk());
    DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    processor.setJWSKeySelector(
        new JWSVerificationKeySelector<>(
            JWSAlgorithm.RS256, new ImmutableJWKSet<>(new JWKSet(keys))));
    DefaultJWTClaimsVerifier<SecurityContext> claims =
        new DefaultJWTClaimsVerifier<>(
            TestToken.AUDIENCE,
            new JWTClaimsSet.Builder().issuer("https://accounts.google.com").build(),
            Set.of("sub", "iat", "exp")) {
          @Override
          protected Date currentTime() {
            return Date.from(TestToken.NOW);
          }
        };
    claims.setMaxClockSkew(30);
    processor.setJWTClaimsSetVerifier(claims);
    return processor;
  }

  @AfterAll
  static void stop() {
    ours.close();
    server.close();
  }

  /** Accepts a token by its audience, since the others check neither account nor email address. */
  private static boolean oursAccepts(String token) {
    try {
      return !ours.verifyIdToken(token, TestToken.AUDIENCE).subject().isEmpty();
    } catch (VerificationFailed e) {
      return false;
    }
  }

  private static boolean googleAuthAccepts(String token) {
    try {
      return googleAuth.verify(token) != null;
    } catch (TokenVerifier.VerificationException | RuntimeException e) {
      return false;
    }
  }

  private static boolean nimbusAccepts(String token) {
    try {
      return nimbus.process(token, null) != null;
    } catch (BadJOSEException | JOSEException | ParseException | RuntimeException e) {
      return false;
    }
  }

  private static Map<String, String> corpus() {
    Map<String, String> corpus = new LinkedHashMap<>(Forgeries.valid());
    for (Forgery forgery : Forgeries.list()) {
      assertThat(corpus.put(forgery.name(), forgery.token())).isNull();
    }
    return corpus;
  }

  /** Returns the names of the tokens on which the verdicts differ. */
  private static Set<String> differences(boolean accepted, Predicate<String> other) {
    Set<String> names = new TreeSet<>();
    corpus()
        .forEach(
            (name, token) -> {
              if (oursAccepts(token) == accepted && other.test(token) != accepted) {
                names.add(name);
              }
            });
    return names;
  }

  @Test
  void corpus_isAcceptedAndRefused() {
    String valid = Objects.requireNonNull(corpus().get("as Google issues it"));
    String forged = Objects.requireNonNull(corpus().get("altered claims"));
    assertThat(oursAccepts(valid) && googleAuthAccepts(valid) && nimbusAccepts(valid)).isTrue();
    assertThat(oursAccepts(forged) || googleAuthAccepts(forged) || nimbusAccepts(forged)).isFalse();
  }

  @Test
  void googleAuth_tokensThatOnlyItRefuses_areListed() {
    assertThat(differences(true, AgreementTest::googleAuthAccepts))
        .containsExactlyInAnyOrder(
            "expired within the skew", // It allows no skew.
            "list of one audience", // The audience must be a text.
            "short issuer"); // It is set to one issuer.
  }

  @Test
  void googleAuth_tokensThatOnlyItAccepts_areListed() {
    Set<String> lenientJson = // The last of two names counts, and nothing after the object.
        Set.of(
            "a letter after the payload",
            "an object after the payload",
            "two algorithms",
            "two audiences by name",
            "two audiences, one escaped",
            "two key IDs");
    Set<String> moreHeaders = // It ignores all but the algorithm and the key ID.
        Set.of(
            "an extension",
            "no encoding of the payload",
            "the type of an access token",
            "the type of a logout token");
    Set<String> claims = // It requires none but the audience and the issuer, if they are set.
        Set.of(
            "no expiry",
            "no time of issue",
            "no subject",
            "issued in the future",
            "valid later",
            "an expiry in milliseconds");
    assertThat(differences(false, AgreementTest::googleAuthAccepts))
        .containsExactlyInAnyOrderElementsOf(
            union(List.of(LENIENT_FORM, lenientJson, IGNORED_HEADERS, moreHeaders, claims)));
  }

  @Test
  void nimbus_tokensThatOnlyItRefuses_areListed() {
    assertThat(differences(true, AgreementTest::nimbusAccepts))
        .containsExactlyInAnyOrder("short issuer"); // It is set to one issuer.
  }

  @Test
  void nimbus_tokensThatOnlyItAccepts_areListed() {
    Set<String> form = Set.of("a character that base64 ignores");
    Set<String> key = Set.of("no key ID"); // It tries all keys.
    Set<String> claims = // One audience of several is enough, and other types are converted.
        Set.of(
            "several audiences",
            "a subject that is no text",
            "issued in the future",
            "an expiry in milliseconds",
            "an expiry with a fraction");
    assertThat(differences(false, AgreementTest::nimbusAccepts))
        .containsExactlyInAnyOrderElementsOf(
            union(List.of(LENIENT_FORM, form, IGNORED_HEADERS, key, claims)));
  }

  private static Set<String> union(List<Set<String>> sets) {
    return sets.stream().flatMap(Set::stream).collect(Collectors.toSet());
  }
}
