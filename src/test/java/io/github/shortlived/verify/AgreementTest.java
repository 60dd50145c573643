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
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Compares the verdicts on valid and forged ID tokens with those of google-auth and of the JOSE
 * library's own verification. Where they differ, the reason is listed here.
 */
class AgreementTest {
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

  /** Accepts a token by the audience alone, which is all that the others check, too. */
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
    assertThat(corpus().values()).anyMatch(AgreementTest::oursAccepts);
    assertThat(corpus().values()).anyMatch(AgreementTest::googleAuthAccepts);
    assertThat(corpus().values()).anyMatch(AgreementTest::nimbusAccepts);
  }

  @Test
  void googleAuth_tokensThatOnlyItRefuses_areListed() {
    assertThat(differences(true, AgreementTest::googleAuthAccepts)).containsExactlyInAnyOrder();
  }

  @Test
  void googleAuth_tokensThatOnlyItAccepts_areListed() {
    assertThat(differences(false, AgreementTest::googleAuthAccepts)).containsExactlyInAnyOrder();
  }

  @Test
  void nimbus_tokensThatOnlyItRefuses_areListed() {
    assertThat(differences(true, AgreementTest::nimbusAccepts)).containsExactlyInAnyOrder();
  }

  @Test
  void nimbus_tokensThatOnlyItAccepts_areListed() {
    assertThat(differences(false, AgreementTest::nimbusAccepts)).containsExactlyInAnyOrder();
  }
}
