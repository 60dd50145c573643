package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.CLOUD_PLATFORM;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.SA3;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.member;
import static io.github.shortlived.testing.Demo.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.client.json.webtoken.JsonWebSignature;
import com.google.api.gax.rpc.InvalidArgumentException;
import com.google.api.gax.rpc.NotFoundException;
import com.google.api.gax.rpc.PermissionDeniedException;
import com.google.api.gax.rpc.StatusCode;
import com.google.api.gax.rpc.UnauthenticatedException;
import com.google.cloud.iam.credentials.v1.GenerateAccessTokenRequest;
import com.google.cloud.iam.credentials.v1.GenerateAccessTokenResponse;
import com.google.cloud.iam.credentials.v1.GenerateIdTokenRequest;
import com.google.cloud.iam.credentials.v1.IamCredentialsClient;
import com.google.protobuf.Duration;
import io.github.shortlived.testing.Clients.Transport;
import io.github.shortlived.testing.internal.key.Jwts;
import io.github.shortlived.testing.internal.oauth.PublishedKeysTest;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The generated client of the IAM Credentials API over both of its transports: sa-1 calls, sa-3 is
 * the target.
 */
class IamCredentialsClientTest {
  private static final TestClock CLOCK = TestClock.startingAt("2026-05-04T10:00:00.750Z");

  private final IamEmulator emulator =
      Demo.world()
          .clock(CLOCK)
          .binding(SA2, TOKEN_CREATOR, member(SA1))
          .binding(SA3, TOKEN_CREATOR, member(SA2))
          .start();

  @AfterEach
  void stop() {
    emulator.close();
  }

  @ParameterizedTest
  @EnumSource
  void generateAccessToken_granted_returnsAValidTokenOfTheTarget(Transport transport)
      throws IOException {
    try (IamCredentialsClient client = as(member(SA1), transport)) {
      GenerateAccessTokenResponse issued =
          client.generateAccessToken(
              name(SA2),
              List.of(),
              List.of(CLOUD_PLATFORM),
              Duration.newBuilder().setSeconds(600).build());
      assertThat(issued.getExpireTime().getSeconds())
          .isEqualTo(Instant.parse("2026-05-04T10:10:00Z").getEpochSecond());
      assertThat(issued.getExpireTime().getNanos()).isZero();
      assertThat(issued.getAccessToken()).startsWith("ya29.c.b0");
      assertThat(
              Wire.anonymous(emulator)
                  .with(issued.getAccessToken())
                  .post("/v1/" + name(SA3) + ":generateIdToken", "{\"audience\":\"a\"}")
                  .statusCode())
          .isEqualTo(200);
    }
  }

  @ParameterizedTest
  @EnumSource
  void generateAccessToken_notGranted_isDeniedWithPermission(Transport transport)
      throws IOException {
    try (IamCredentialsClient client = as(member(SA1), transport)) {
      Refused denied = Refused.by(() -> client.generateAccessToken(accessToken(SA3).build()));
      assertThat(denied.code()).isEqualTo(StatusCode.Code.PERMISSION_DENIED);
      assertThat(denied.message())
          .endsWith(
              "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not"
                  + " exist).");
      assertThat(denied.reason()).isEqualTo("IAM_PERMISSION_DENIED");
      assertThat(denied.permission()).isEqualTo("iam.serviceAccounts.getAccessToken");
    }
  }

  @ParameterizedTest
  @EnumSource
  void anyMethod_tokenOfAnotherEmulator_isUnauthenticated(Transport transport) throws IOException {
    try (IamEmulator other = Demo.world().start();
        IamCredentialsClient stranger =
            Clients.iamCredentials(emulator, other.googleCredentials(ADMIN), transport)) {
      assertThatThrownBy(() -> stranger.generateAccessToken(accessToken(SA2).build()))
          .isInstanceOf(UnauthenticatedException.class);
    }
  }

  @Test
  void generateAccessToken_ownerOfTheProject_isDeniedAsOnGoogle() throws IOException {
    try (IamCredentialsClient client = as(ADMIN, Transport.REST)) {
      assertThatThrownBy(() -> client.generateAccessToken(accessToken(SA1).build()))
          .isInstanceOf(PermissionDeniedException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void generateAccessToken_alongTheChain_isIssued(Transport transport) throws IOException {
    try (IamCredentialsClient client = as(member(SA1), transport)) {
      String uniqueId = uniqueId(SA2);
      for (String delegate : List.of(SA2, name(SA2), uniqueId, name(uniqueId))) {
        assertThat(
                client
                    .generateAccessToken(accessToken(SA3).addDelegates(delegate).build())
                    .getAccessToken())
            .isNotEmpty();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void generateAccessToken_missingFirstGrant_namesImplicitDelegation(Transport transport)
      throws IOException {
    try (IamCredentialsClient client = as(member(SA1), transport)) {
      Refused denied =
          Refused.by(() -> client.generateAccessToken(accessToken(SA2).addDelegates(SA3).build()));
      assertThat(denied.permission()).isEqualTo("iam.serviceAccounts.implicitDelegation");
    }
  }

  @Test
  void generateAccessToken_delegateMayNotReachTarget_isDenied() throws IOException {
    try (IamCredentialsClient client = as(member(SA1), Transport.REST)) {
      Refused denied =
          Refused.by(() -> client.generateAccessToken(accessToken(SA1).addDelegates(SA2).build()));
      assertThat(denied.permission()).isEqualTo("iam.serviceAccounts.getAccessToken");
    }
  }

  @ParameterizedTest
  @EnumSource
  void generateAccessToken_unknownAccounts_areNotFound(Transport transport) throws IOException {
    String ghost = Demo.email("ghost");
    try (IamCredentialsClient client = as(member(SA1), transport)) {
      Refused unknown = Refused.by(() -> client.generateAccessToken(accessToken(ghost).build()));
      assertThat(unknown.code()).isEqualTo(StatusCode.Code.NOT_FOUND);
      assertThat(unknown.message()).endsWith("Not found; Gaia id not found for email " + ghost);
      assertThatThrownBy(
              () -> client.generateAccessToken(accessToken(SA2).addDelegates(ghost).build()))
          .isInstanceOf(NotFoundException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void generateAccessToken_invalidArguments_areRefused(Transport transport) throws IOException {
    try (IamCredentialsClient client = as(member(SA1), transport)) {
      List<GenerateAccessTokenRequest> requests =
          List.of(
              accessToken(SA2).clearScope().build(),
              accessToken(SA2).addScope(" ").build(),
              lasting(0),
              lasting(-1),
              lasting(43_201),
              accessToken(SA2).addDelegates("").build(),
              accessToken(SA2).setName("projects/demo-project/serviceAccounts/" + SA2).build());
      for (GenerateAccessTokenRequest request : requests) {
        assertThatThrownBy(() -> client.generateAccessToken(request))
            .isInstanceOf(InvalidArgumentException.class);
      }
    }
  }

  @Test
  void generateAccessToken_beyondAnHour_namesTheOrgPolicy() throws IOException {
    try (IamCredentialsClient client = as(member(SA1), Transport.GRPC)) {
      assertThat(client.generateAccessToken(lasting(3600)).getAccessToken()).isNotEmpty();
      assertThatThrownBy(() -> client.generateAccessToken(lasting(3601)))
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContaining("The access token lifetime cannot exceed 3600 seconds.");
    }
  }

  @ParameterizedTest
  @EnumSource
  void generateIdToken_granted_hasTheClaimsOfGoogle(Transport transport) throws Exception {
    try (IamCredentialsClient client = as(member(SA1), transport)) {
      JsonWebSignature jwt =
          parsed(client.generateIdToken(name(SA2), List.of(), "orders", true).getToken());
      assertThat(jwt.verifySignature(PublishedKeysTest.googleKey(emulator, jwt))).isTrue();
      assertThat(jwt.getPayload())
          .containsEntry("iss", "https://accounts.google.com")
          .containsEntry("aud", "orders")
          .containsEntry("sub", uniqueId(SA2))
          .containsEntry("azp", uniqueId(SA2))
          .containsEntry("email", SA2)
          .containsEntry("email_verified", true);
      assertThat(jwt.getPayload().getIssuedAtTimeSeconds())
          .isEqualTo(CLOCK.instant().getEpochSecond());
      assertThat(jwt.getPayload().getExpirationTimeSeconds())
          .isEqualTo(CLOCK.instant().getEpochSecond() + 3600);
    }
  }

  @Test
  void generateIdToken_withoutIncludeEmail_hasNoEmail() throws IOException {
    try (IamCredentialsClient client = as(member(SA1), Transport.REST)) {
      JsonWebSignature jwt =
          parsed(client.generateIdToken(name(SA2), List.of(), "orders", false).getToken());
      assertThat(jwt.getPayload()).doesNotContainKeys("email", "email_verified");
    }
  }

  @Test
  void generateIdToken_withoutAudienceOrGrant_isRefused() throws IOException {
    try (IamCredentialsClient client = as(member(SA1), Transport.GRPC)) {
      GenerateIdTokenRequest.Builder request = GenerateIdTokenRequest.newBuilder();
      assertThatThrownBy(() -> client.generateIdToken(request.setName(name(SA2)).build()))
          .isInstanceOf(InvalidArgumentException.class);
      Refused denied =
          Refused.by(
              () -> client.generateIdToken(request.setName(name(SA3)).setAudience("a").build()));
      assertThat(denied.permission()).isEqualTo("iam.serviceAccounts.getOpenIdToken");
    }
  }

  private IamCredentialsClient as(String member, Transport transport) throws IOException {
    return Clients.iamCredentials(emulator, emulator.googleCredentials(member), transport);
  }

  private static GenerateAccessTokenRequest.Builder accessToken(String target) {
    return GenerateAccessTokenRequest.newBuilder().setName(name(target)).addScope(CLOUD_PLATFORM);
  }

  private static GenerateAccessTokenRequest lasting(long seconds) {
    return accessToken(SA2).setLifetime(Duration.newBuilder().setSeconds(seconds)).build();
  }

  private static JsonWebSignature parsed(String jwt) {
    return Jwts.parse(jwt).orElseThrow();
  }

  private String uniqueId(String email) {
    return Wire.json(Wire.as(emulator, ADMIN).get("/v1/" + name(email)))
        .get("uniqueId")
        .getAsString();
  }
}
