package io.github.shortlived;

import static io.github.shortlived.AdapterWorld.CALLER;
import static io.github.shortlived.AdapterWorld.PROJECT;
import static io.github.shortlived.AdapterWorld.TARGET;
import static io.github.shortlived.AdapterWorld.USER;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.oauth2.GoogleCredentials;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.RequiredGrant;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.Target;
import io.github.shortlived.testing.IamEmulator;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The chain of an impersonating source is sent as it is, as Google's own clients send it, even if
 * it breaks the rules for a {@link io.github.shortlived.model.DelegationChain}.
 */
class ImpersonatingSourceChainTest {
  private static final String TOKEN_CREATOR = "roles/iam.serviceAccountTokenCreator";

  private final IamEmulator emulator =
      IamEmulator.builder()
          .project(PROJECT)
          .serviceAccount(CALLER.id())
          .serviceAccount(TARGET.id())
          .binding(TARGET.id(), TOKEN_CREATOR, Member.of(CALLER).id())
          .binding(TARGET.id(), TOKEN_CREATOR, Member.of(TARGET).id())
          .domainWideDelegation(TARGET.id(), USER, CLOUD_PLATFORM)
          .start();

  @AfterEach
  void close() {
    emulator.close();
  }

  static Stream<Arguments> chains() {
    String target = TARGET.id();
    return Stream.of(
            List.of(target),
            List.of(target, target),
            List.of(TARGET.resourceName(), target),
            List.<String>of())
        .flatMap(chain -> Stream.of(Arguments.of(chain, false), Arguments.of(chain, true)));
  }

  @ParameterizedTest
  @MethodSource("chains")
  void self_everyKindOfCredential_isIssued(List<String> chain, boolean grpc) throws Exception {
    try (ShortLivedCredentials credentials = from(chain, grpc)) {
      assertThat(credentials.accessToken(Target.self(), CLOUD_PLATFORM).token())
          .startsWith("ya29.");
      assertThat(credentials.idToken(Target.self(), "https://a.example").token()).isNotEmpty();
      assertThat(credentials.signBlob(Target.self(), new byte[8]).signature()).isNotEmpty();
      JwtClaims claims = JwtClaims.expiringIn(Duration.ofMinutes(10));
      assertThat(credentials.signJwt(Target.self(), claims).token()).isNotEmpty();
      GoogleCredentials self = credentials.googleCredentials(Target.self(), CLOUD_PLATFORM);
      assertThat(self.createDelegated(USER).refreshAccessToken().getTokenValue())
          .startsWith("ya29.");
    }
    assertThat(emulator.calls())
        .filteredOn(call -> call.method().matches("generate.*|sign.*"))
        .hasSizeGreaterThanOrEqualTo(5)
        .allSatisfy(call -> assertThat(call.delegates()).isEqualTo(chain));
  }

  @ParameterizedTest
  @MethodSource("chains")
  void sourceGrants_everyChain_listsEachGrantOnce(List<String> chain, boolean grpc) {
    RequiredGrant first = grant(CALLER);
    try (ShortLivedCredentials credentials = from(chain, grpc)) {
      assertThat(credentials.sourceGrants())
          .isEqualTo(chain.isEmpty() ? List.of(first) : List.of(first, grant(TARGET)));
    }
  }

  private static RequiredGrant grant(ServiceAccount member) {
    return new RequiredGrant(TARGET, TOKEN_CREATOR, Optional.of(Member.of(member)));
  }

  @Test
  void self_nameThatIsNoServiceAccount_isRefusedByTheServiceAndNotHere() {
    List<String> chain = List.of(TARGET.id().toUpperCase(Locale.ROOT));
    try (ShortLivedCredentials credentials = from(chain, false)) {
      assertThatThrownBy(() -> credentials.idToken(Target.self(), "https://a.example"))
          .isInstanceOf(CredentialException.NotFound.class)
          .hasMessageStartingWith("generateIdToken for " + TARGET + " via " + chain.get(0));
      assertThat(credentials.sourceGrants()).isEmpty();
    }
  }

  private ShortLivedCredentials from(List<String> chain, boolean grpc) {
    GoogleCredentials source =
        ImpersonatingSources.of(
            emulator.googleCredentials(Member.of(CALLER).id()),
            emulator,
            TARGET,
            chain.toArray(String[]::new));
    ShortLivedCredentials.Builder builder =
        ShortLivedCredentials.builder().source(source).endpoints(emulator.endpoints());
    return grpc ? builder.grpc().build() : builder.build();
  }
}
