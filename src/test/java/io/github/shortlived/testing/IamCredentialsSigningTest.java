package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.SA3;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.member;
import static io.github.shortlived.testing.Demo.name;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.client.json.webtoken.JsonWebSignature;
import com.google.api.gax.rpc.InvalidArgumentException;
import com.google.cloud.iam.credentials.v1.IamCredentialsClient;
import com.google.cloud.iam.credentials.v1.SignBlobResponse;
import com.google.cloud.iam.credentials.v1.SignJwtResponse;
import com.google.common.io.BaseEncoding;
import com.google.protobuf.ByteString;
import io.github.shortlived.testing.Clients.Transport;
import io.github.shortlived.testing.internal.key.Jwts;
import io.github.shortlived.testing.internal.oauth.PublishedKeysTest;
import java.io.IOException;
import java.security.Signature;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Signing through the generated client of the IAM Credentials API over both transports; sa-1 calls.
 */
class IamCredentialsSigningTest {
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
  void signJwt_granted_signsThePayloadAsSent(Transport transport) throws Exception {
    String payload = "{ \"sub\":\"x\",  \"exp\":" + (CLOCK.instant().getEpochSecond() + 60) + "}";
    try (IamCredentialsClient client = as(member(SA1), transport)) {
      SignJwtResponse signed = client.signJwt(name(SA2), List.of(), payload);
      JsonWebSignature jwt = parsed(signed.getSignedJwt());
      assertThat(jwt.getHeader())
          .containsEntry("alg", "RS256")
          .containsEntry("typ", "JWT")
          .containsEntry("kid", signed.getKeyId());
      assertThat(new String(jwt.getSignedContentBytes(), US_ASCII))
          .endsWith("." + BaseEncoding.base64Url().omitPadding().encode(payload.getBytes(UTF_8)));
      assertThat(
              jwt.verifySignature(PublishedKeysTest.accountKey(emulator, SA2, signed.getKeyId())))
          .isTrue();
    }
  }

  @Test
  void signJwt_payloadRules_areEnforced() throws IOException {
    long now = CLOCK.instant().getEpochSecond();
    try (IamCredentialsClient client = as(member(SA1), Transport.REST)) {
      List<String> acceptable =
          List.of("{}", exp(now), exp(now + 43_200), "{\"sub\":\"x\",\"iat\":1}");
      for (String payload : acceptable) {
        assertThat(client.signJwt(name(SA2), List.of(), payload).getSignedJwt()).isNotEmpty();
      }
      List<String> unacceptable =
          List.of(
              "",
              "x",
              "[]",
              "\"{}\"",
              "{} {}",
              exp(now - 1),
              exp(now + 43_201),
              exp("\"" + now + "\""),
              exp(now + ".5"),
              exp("null"),
              exp("1e10"));
      for (String payload : unacceptable) {
        assertThatThrownBy(() -> client.signJwt(name(SA2), List.of(), payload))
            .as(payload)
            .isInstanceOf(InvalidArgumentException.class);
      }
    }
  }

  @Test
  void signJwt_notGranted_namesThePermission() throws IOException {
    try (IamCredentialsClient client = as(member(SA1), Transport.GRPC)) {
      Refused denied = Refused.by(() -> client.signJwt(name(SA3), List.of(), "{}"));
      assertThat(denied.permission()).isEqualTo("iam.serviceAccounts.signJwt");
    }
  }

  @ParameterizedTest
  @EnumSource
  void signBlob_granted_verifiesWithThePublishedKey(Transport transport) throws Exception {
    ByteString blob = ByteString.copyFromUtf8("any bytes \u0000 at all");
    try (IamCredentialsClient client = as(member(SA1), transport)) {
      SignBlobResponse signed = client.signBlob(name(SA3), List.of(name(SA2)), blob);
      Signature verifier = Signature.getInstance("SHA256withRSA");
      verifier.initVerify(PublishedKeysTest.accountKey(emulator, SA3, signed.getKeyId()));
      verifier.update(blob.toByteArray());
      assertThat(verifier.verify(signed.getSignedBlob().toByteArray())).isTrue();
    }
  }

  @Test
  void signBlob_notGranted_namesThePermission() throws IOException {
    try (IamCredentialsClient client = as(member(SA1), Transport.REST)) {
      Refused denied = Refused.by(() -> client.signBlob(name(SA3), List.of(), ByteString.EMPTY));
      assertThat(denied.permission()).isEqualTo("iam.serviceAccounts.signBlob");
    }
  }

  private IamCredentialsClient as(String member, Transport transport) throws IOException {
    return Clients.iamCredentials(emulator, emulator.googleCredentials(member), transport);
  }

  private static String exp(Object value) {
    return "{\"exp\":" + value + "}";
  }

  private static JsonWebSignature parsed(String jwt) {
    return Jwts.parse(jwt).orElseThrow();
  }
}
