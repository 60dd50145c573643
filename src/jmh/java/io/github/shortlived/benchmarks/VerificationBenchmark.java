package io.github.shortlived.benchmarks;

import com.google.api.client.json.webtoken.JsonWebSignature;
import com.google.auth.oauth2.TokenVerifier;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.Target;
import io.github.shortlived.testing.IamEmulator;
import io.github.shortlived.verify.TokenVerification;
import io.github.shortlived.verify.VerifiedIdToken;
import io.github.shortlived.verify.VerifiedJwt;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Verifies an ID token and a JWT with cached keys, beside google-auth's {@code TokenVerifier}. The
 * emulator publishes the keys, once.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Benchmark)
public class VerificationBenchmark {
  private static final String AUDIENCE = "https://service.example.com";
  private static final ServiceAccount SIGNER = ServiceAccount.of(DemoCalls.CALLER);

  private IamEmulator emulator;
  private TokenVerification verification;
  private TokenVerifier googleAuth;
  private String idToken;
  private String jwt;

  @Setup
  public void issue() {
    emulator = DemoCalls.start();
    try (ShortLivedCredentials caller =
        ShortLivedCredentials.builder()
            .keyJson(emulator.serviceAccountKey(DemoCalls.CALLER))
            .endpoints(emulator.endpoints())
            .build()) {
      idToken = caller.idToken(Target.self(), AUDIENCE).token();
      JwtClaims claims =
          JwtClaims.expiringIn(Duration.ofHours(12)).issuer(SIGNER.id()).audience(AUDIENCE);
      jwt = caller.signJwt(Target.self(), claims).token();
    }
    verification = emulator.tokenVerification();
    googleAuth =
        TokenVerifier.newBuilder()
            .setAudience(AUDIENCE)
            .setIssuer("https://accounts.google.com")
            .setCertificatesLocation(emulator.httpEndpoint() + "/oauth2/v3/certs")
            .build();
  }

  @TearDown
  public void close() {
    verification.close();
    emulator.close();
  }

  @Benchmark
  public JsonWebSignature googleAuthIdToken() throws TokenVerifier.VerificationException {
    return googleAuth.verify(idToken);
  }

  @Benchmark
  public VerifiedIdToken idToken() {
    return verification.verifyIdToken(idToken, AUDIENCE);
  }

  @Benchmark
  public VerifiedJwt jwt() {
    return verification.verifyJwt(jwt, SIGNER, AUDIENCE);
  }
}
