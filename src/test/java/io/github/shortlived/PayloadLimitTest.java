package io.github.shortlived;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.DELEGATE_1;
import static io.github.shortlived.DemoProject.DELEGATE_2;
import static io.github.shortlived.DemoProject.TARGET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.model.CredentialException.InvalidRequest;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.SignedBlob;
import io.github.shortlived.model.Target;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signing payloads close to the limit of a request, and failures because of a size. */
class PayloadLimitTest {
  private static final int LIMIT = 4_000_000;
  // gRPC's text for a message that is too large, as Java's server and client report it.
  private static final String TOO_LARGE = "gRPC message exceeds maximum size 4194304: 5000000";
  private static final RetryPolicy QUICK =
      new RetryPolicy(Duration.ofNanos(1), Duration.ofNanos(1), Duration.ofSeconds(30), true);

  private final DemoProject demo = new DemoProject();

  @AfterEach
  void close() {
    demo.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void signBlob_overTheLimit_refusedBeforeTheNetwork(boolean grpc) {
    try (ShortLivedCredentials caller = demo.caller(grpc)) {
      int before = demo.emulator().calls().size();
      assertThatThrownBy(() -> caller.signBlob(TARGET, new byte[LIMIT + 1]))
          .isInstanceOf(InvalidRequest.class)
          .hasMessage(
              "Invalid payload '4000001 bytes': at most 4000000 bytes can be signed. Sign a"
                  + " digest (SHA-256) of it.");
      assertThat(demo.emulator().calls()).hasSize(before);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void signJwt_overTheLimit_refusedBeforeTheNetwork(boolean grpc) {
    try (ShortLivedCredentials caller = demo.caller(grpc)) {
      int before = demo.emulator().calls().size();
      assertThatThrownBy(() -> caller.signJwt(TARGET, claimsOf(LIMIT + 1)))
          .isInstanceOf(InvalidRequest.class)
          .hasMessage(
              "Invalid JWT claims '4000001 bytes': at most 4000000 bytes can be signed. Replace"
                  + " a large claim by a digest (SHA-256) of it.");
      assertThat(demo.emulator().calls()).hasSize(before);
    }
  }

  @Test
  void sign_exactlyTheLimitThroughAChainOverGrpc_signed() {
    grant(Member.of(CALLER), DELEGATE_1);
    grant(Member.of(DELEGATE_1), DELEGATE_2);
    grant(Member.of(DELEGATE_2), TARGET);
    try (ShortLivedCredentials caller = demo.caller(true)) {
      SignedBlob blob = caller.signBlob(DemoProject.CHAIN, new byte[LIMIT]);
      assertThat(blob.signature()).isNotEmpty();
      assertThat(caller.signJwt(DemoProject.CHAIN, claimsOf(LIMIT)).token())
          .hasSizeGreaterThan(LIMIT);
    }
  }

  @Test
  void sign_withTheKeyOfTheSource_hasTheSameLimit() {
    try (ShortLivedCredentials caller = demo.caller(false)) {
      assertThat(caller.signBlob(Target.self(), new byte[LIMIT]).signature()).isNotEmpty();
      assertThatThrownBy(() -> caller.signBlob(Target.self(), new byte[LIMIT + 1]))
          .isInstanceOf(InvalidRequest.class);
      assertThatThrownBy(() -> caller.signJwt(Target.self(), claimsOf(LIMIT + 1)))
          .isInstanceOf(InvalidRequest.class);
    }
  }

  @Test
  void signBlob_messageTooLargeOverGrpc_isNotRepeated() {
    try (FakeGrpc grpc = new FakeGrpc();
        ShortLivedCredentials caller =
            builder().endpoints(grpc.endpoints()).grpc().retryPolicy(QUICK).build()) {
      grpc.fail(Status.RESOURCE_EXHAUSTED.withDescription(TOO_LARGE), new byte[0]);

      assertThatThrownBy(() -> caller.signBlob(TARGET, new byte[1]))
          .isInstanceOf(InvalidRequest.class)
          .hasMessageContaining(TOO_LARGE + ". (RESOURCE_EXHAUSTED)");
      assertThat(grpc.calls()).containsExactly("SignBlob");
    }
  }

  @Test
  void signBlob_messageTooLargeOverHttp_isNotRepeated() {
    FakeHttp http =
        new FakeHttp()
            .respond(
                429,
                "{\"error\": {\"code\": 429, \"status\": \"RESOURCE_EXHAUSTED\", \"message\": \"%s\"}}"
                    .formatted(TOO_LARGE));
    try (ShortLivedCredentials caller =
        builder().httpTransportFactory(http).retryPolicy(QUICK).build()) {
      assertThatThrownBy(() -> caller.signBlob(TARGET, new byte[1]))
          .isInstanceOf(InvalidRequest.class)
          .hasMessageContaining(TOO_LARGE + ". (RESOURCE_EXHAUSTED)");
      assertThat(http.urls()).hasSize(1);
    }
  }

  private ShortLivedCredentials.Builder builder() {
    return ShortLivedCredentials.builder()
        .source(demo.emulator().googleCredentials(Member.of(CALLER).id()));
  }

  private void grant(Member caller, ServiceAccount account) {
    demo.grants().apply(CrossAccountGrant.tokenCreator(caller).on(account));
  }

  /** Returns claims whose JSON has this size, with a character of two bytes. */
  private static JwtClaims claimsOf(int size) {
    String begin =
        "{\"exp\":%d,\"text\":\"ä".formatted(Instant.now().plusSeconds(3600).getEpochSecond());
    String end = "\"}";
    return JwtClaims.ofJson(begin + "a".repeat(size - begin.length() - 1 - end.length()) + end);
  }
}
