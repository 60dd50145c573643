package io.github.shortlived.internal.issue;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.IdTokenProvider;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.auth.oauth2.UserCredentials;
import com.google.common.io.BaseEncoding;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.shortlived.FakeHttp;
import io.github.shortlived.IamJson;
import io.github.shortlived.RetryPolicy;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.TestKeys;
import io.github.shortlived.internal.failure.MalformedResponseException;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.IdToken;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.SignedBlob;
import io.github.shortlived.model.SignedJwt;
import io.github.shortlived.model.Target;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceIssuerTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
  private static final Instant FAR = Instant.parse("2100-01-01T00:00:00Z");
  private static final AccessTokenRequest FRESH =
      AccessTokenRequest.of(Target.self(), CLOUD_PLATFORM).fresh();
  private static final String NEEDS =
      ". Use a service account as target, on which the caller has roles/iam.serviceAccountTokenCreator.";
  private static final String NEEDS_FOR_ID_TOKENS =
      NEEDS.replace("TokenCreator", "OpenIdTokenCreator");

  // In seconds. google-auth uses the system clock, which these tests do not control.
  private static final int LONG = 20 * 365 * 24 * 3_600;

  private final FakeHttp http = new FakeHttp();
  private final FakeHttp oauth = new FakeHttp();

  @Test
  void signJwt_key_verifiesWithThePublicKey() throws Exception {
    String token = signedClaims().token();
    String signed = token.substring(0, token.lastIndexOf('.'));
    byte[] signature = BaseEncoding.base64Url().decode(token.substring(token.lastIndexOf('.') + 1));

    assertThat(TestKeys.verifies(signed.getBytes(US_ASCII), signature)).isTrue();
  }

  @Test
  void signJwt_key_usesNoNetwork() {
    signedClaims();

    assertThat(http.requests()).isEmpty();
    assertThat(oauth.requests()).isEmpty();
  }

  @Test
  void signJwt_key_headerNamesAlgorithmAndKey() {
    assertThat(TestKeys.part(signedClaims().token(), 0))
        .isEqualTo("{\"alg\":\"RS256\",\"kid\":\"" + TestKeys.KEY_ID + "\",\"typ\":\"JWT\"}");
  }

  @Test
  void signJwt_key_datesTheClaimsByTheClock() {
    JsonObject claims =
        JsonParser.parseString(TestKeys.part(signedClaims().token(), 1)).getAsJsonObject();

    assertThat(claims.get("iat").getAsLong()).isEqualTo(NOW.getEpochSecond());
    assertThat(claims.get("exp").getAsLong()).isEqualTo(NOW.getEpochSecond() + 600);
  }

  @Test
  void signJwt_key_returnsKeyIdAndExpiry() {
    SignedJwt jwt = signedClaims();

    assertThat(jwt.keyId()).isEqualTo(TestKeys.KEY_ID);
    assertThat(jwt.expireTime()).isEqualTo(NOW.plusSeconds(600));
  }

  @Test
  void signJwt_claimsBeyondAscii_areUtf8() {
    try (ShortLivedCredentials credentials = with(TestKeys.source(oauth))) {
      JwtClaims claims = JwtClaims.expiringIn(Duration.ofMinutes(10)).subject("Zoë ☃ 😀");

      assertThat(TestKeys.part(credentials.signJwt(Target.self(), claims).token(), 1))
          .startsWith("{\"sub\":\"Zoë ☃ 😀\"");
    }
  }

  @Test
  void signJwt_expiredClaims_refused() {
    try (ShortLivedCredentials credentials = with(TestKeys.source(oauth))) {
      JwtClaims past = JwtClaims.expiringAt(NOW.minusSeconds(1));

      assertThatThrownBy(() -> credentials.signJwt(Target.self(), past))
          .isInstanceOf(CredentialException.InvalidRequest.class);
    }
  }

  @Test
  void signJwt_keyWithoutId_refused() {
    try (ShortLivedCredentials credentials = with(TestKeys.unnamed(oauth).build())) {
      JwtClaims claims = JwtClaims.expiringIn(Duration.ofMinutes(10));

      assertThatThrownBy(() -> credentials.signJwt(Target.self(), claims))
          .isInstanceOf(CredentialException.SourceCredentials.class)
          .hasMessage(
              "The private key of the source credentials has no ID, so that signatures cannot be verified. Set private_key_id.");
    }
  }

  @Test
  void signBlob_key_verifiesWithThePublicKeyWithoutNetwork() throws Exception {
    byte[] payload = "manifest".getBytes(UTF_8);
    try (ShortLivedCredentials credentials = with(TestKeys.source(oauth))) {
      SignedBlob blob = credentials.signBlob(Target.self(), payload);

      assertThat(TestKeys.verifies(payload, blob.signature())).isTrue();
      assertThat(blob.keyId()).isEqualTo(TestKeys.KEY_ID);
      assertThat(http.requests()).isEmpty();
      assertThat(oauth.requests()).isEmpty();
    }
  }

  @Test
  void signBlob_otherBytes_doNotVerify() throws Exception {
    try (ShortLivedCredentials credentials = with(TestKeys.source(oauth))) {
      SignedBlob blob = credentials.signBlob(Target.self(), "manifest".getBytes(UTF_8));

      assertThat(TestKeys.verifies("forged".getBytes(UTF_8), blob.signature())).isFalse();
    }
  }

  @Test
  void signBlob_sourceWithoutAccount_refusedWithAnAlternative() {
    try (ShortLivedCredentials credentials = with(user())) {
      assertThatThrownBy(() -> credentials.signBlob(Target.self(), new byte[1]))
          .isInstanceOf(CredentialException.SourceCredentials.class)
          .hasMessage("Source credentials of type UserCredentials cannot sign bytes" + NEEDS);
    }
  }

  @Test
  void signJwt_sourceWithoutAccount_refusedWithAnAlternative() {
    try (ShortLivedCredentials credentials = with(user())) {
      JwtClaims claims = JwtClaims.expiringIn(Duration.ofMinutes(10));

      assertThatThrownBy(() -> credentials.signJwt(Target.self(), claims))
          .isInstanceOf(CredentialException.SourceCredentials.class)
          .hasMessage("Source credentials of type UserCredentials cannot sign a JWT" + NEEDS);
    }
  }

  @Test
  void idToken_key_isExchangedForTheAudience() {
    String token = idToken();
    oauth.respond(200, "{\"id_token\": \"" + token + "\"}");
    try (ShortLivedCredentials credentials = with(TestKeys.source(oauth))) {
      assertThat(credentials.idToken(Target.self(), "orders")).isEqualTo(new IdToken(token, FAR));
    }
  }

  @Test
  void idToken_provider_includesTheEmailOnlyOnRequest() {
    Provider provider = new Provider();
    IdTokenRequest request = IdTokenRequest.of(Target.self(), "orders");
    try (ShortLivedCredentials credentials = with(provider)) {
      credentials.issue(request);
      credentials.issue(request.withEmail());
    }

    assertThat(provider.requestedOptions)
        .containsExactly(
            List.of(),
            List.of(IdTokenProvider.Option.INCLUDE_EMAIL, IdTokenProvider.Option.FORMAT_FULL));
  }

  /** A provider that, like Compute Engine, includes the email address only on request. */
  @SuppressWarnings("serial") // It is never serialized.
  private static final class Provider extends GoogleCredentials implements IdTokenProvider {
    final List<List<Option>> requestedOptions = new ArrayList<>();

    @Override
    public com.google.auth.oauth2.IdToken idTokenWithAudience(
        @Nullable String audience, @Nullable List<Option> options) throws IOException {
      requestedOptions.add(Objects.requireNonNull(options));
      return com.google.auth.oauth2.IdToken.create(idToken());
    }
  }

  @Test
  void idToken_keyOfAnotherUniverse_callsIamThere() throws Exception {
    String token = idToken();
    http.respond(200, "{\"token\": \"" + token + "\"}")
        .respond(403, IamJson.permissionDenied("iam.serviceAccounts.getOpenIdToken"));
    try (ShortLivedCredentials credentials = with(keyOfAnotherUniverse())) {
      assertThat(credentials.idToken(Target.self(), "orders")).isEqualTo(new IdToken(token, FAR));
      PermissionDenied refusal =
          catchThrowableOfType(
              PermissionDenied.class, () -> credentials.idToken(Target.self(), "bills"));

      assertThat(refusal.service()).contains("iamcredentials.apis.example.fr");
      assertThat(refusal.method()).contains("generateIdToken");
      assertThat(refusal.requiredGrants()).hasSize(1);
    }
  }

  @Test
  void idToken_user_refused() {
    try (ShortLivedCredentials credentials = with(user())) {
      assertThatThrownBy(() -> credentials.idToken(Target.self(), "orders"))
          .isInstanceOf(CredentialException.SourceCredentials.class)
          .hasMessage(
              "Source credentials of type UserCredentials cannot issue an ID token for an audience"
                  + " (a user's ID token ignores it)"
                  + NEEDS_FOR_ID_TOKENS);
      assertThat(oauth.requests()).isEmpty();
    }
  }

  @Test
  void idToken_plainToken_refused() {
    try (ShortLivedCredentials credentials = with(plainToken(FAR))) {
      assertThatThrownBy(() -> credentials.idToken(Target.self(), "orders"))
          .isInstanceOf(CredentialException.SourceCredentials.class)
          .hasMessage(
              "Source credentials of type GoogleCredentials cannot issue an ID token"
                  + NEEDS_FOR_ID_TOKENS);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hidden",
        "{}.{}.",
        "e30.e30.AA", // without exp
        "e30.eyJleHAiOiJoaWRkZW4ifQ.AA", // exp is a word
        "e30.eyJleHAiOjkyMjMzNzIwMzY4NTQ3NzU4MDd9.AA" // exp is beyond the range of Instant
      })
  void idTokenOf_malformedToken_isNotQuoted(String response) {
    assertThatThrownBy(() -> SourceIssuer.idTokenOf(response))
        .isInstanceOf(MalformedResponseException.class)
        .hasMessage("The response is incomplete")
        .hasNoCause();
  }

  @Test
  void accessToken_key_isOneExchangeOfASignedJwt() {
    oauth.respond(200, IamJson.oauthToken("own", LONG));
    try (ShortLivedCredentials credentials = with(TestKeys.source(oauth))) {
      AccessToken token = credentials.issue(FRESH);

      assertThat(token.token()).isEqualTo("own");
      assertThat(oauth.urls()).containsExactly("https://oauth2.googleapis.com/token");
      assertThat(http.requests()).isEmpty();
    }
  }

  @Test
  void accessToken_transientFault_isRetried() {
    oauth.fault(new ConnectException("Refused"));
    oauth.respond(200, IamJson.oauthToken("own", LONG));
    try (ShortLivedCredentials credentials = with(TestKeys.source(oauth))) {
      assertThat(credentials.issue(FRESH).token()).isEqualTo("own");
    }
  }

  @Test
  void accessToken_keyRefused_quotesTheEndpoint() {
    oauth.respond(
        400, "{\"error\": \"invalid_grant\", \"error_description\": \"Invalid JWT Signature.\"}");
    try (ShortLivedCredentials credentials = with(TestKeys.source(oauth))) {
      assertThatThrownBy(() -> credentials.accessToken(Target.self(), CLOUD_PLATFORM))
          .isInstanceOf(CredentialException.SourceCredentials.class)
          .hasMessage(
              "Issuing an access token of the source credentials failed because the source credentials returned "
                  + "no token: invalid_grant: Invalid JWT Signature. (INVALID_ARGUMENT, "
                  + "invalid_grant)"
                  + " See https://shortlived.github.io/short-lived-credentials/troubleshooting.html#no-source-token.");
    }
  }

  @Test
  void accessToken_expiredFixedToken_isASourceFailure() {
    try (ShortLivedCredentials credentials = with(plainToken(Instant.EPOCH))) {
      assertThatThrownBy(() -> credentials.accessToken(Target.self(), CLOUD_PLATFORM))
          .isInstanceOf(CredentialException.SourceCredentials.class);
    }
  }

  @Test
  void accessToken_tokenWithoutExpiry_namesTheRemedy() {
    GoogleCredentials noExpiry =
        GoogleCredentials.create(
            com.google.auth.oauth2.AccessToken.newBuilder().setTokenValue("plain").build());
    try (ShortLivedCredentials credentials = with(noExpiry)) {
      assertThatThrownBy(() -> credentials.accessToken(Target.self(), CLOUD_PLATFORM))
          .isInstanceOf(CredentialException.SourceCredentials.class)
          .hasMessage(
              "The token of the source credentials has no expiry. Create them with an AccessToken that has one.");
    }
  }

  @Test
  void accessToken_sourceWithoutToken_isASourceFailure() {
    GoogleCredentials empty =
        new GoogleCredentials() {
          @Override
          public void refresh() {}
        };
    try (ShortLivedCredentials credentials = with(empty)) {
      assertThatThrownBy(() -> credentials.accessToken(Target.self(), CLOUD_PLATFORM))
          .isInstanceOf(CredentialException.SourceCredentials.class)
          .hasMessage(
              "Issuing an access token of the source credentials failed because the source credentials returned "
                  + "no token: The source credentials have no access token. (UNAUTHENTICATED) See"
                  + " https://shortlived.github.io/short-lived-credentials/troubleshooting.html#no-source-token.");
    }
  }

  @Test
  void accessToken_keyOfAnotherUniverse_isASelfSignedJwt() throws Exception {
    // google-auth dates it by the system clock.
    try (ShortLivedCredentials credentials = ShortLivedCredentials.from(keyOfAnotherUniverse())) {
      AccessToken token = credentials.accessToken(Target.self(), CLOUD_PLATFORM);
      String signed = token.token().substring(0, token.token().lastIndexOf('.'));
      JsonObject claims = JsonParser.parseString(TestKeys.part(token.token(), 1)).getAsJsonObject();

      assertThat(
              TestKeys.verifies(
                  signed.getBytes(US_ASCII),
                  BaseEncoding.base64Url().decode(token.token().substring(signed.length() + 1))))
          .isTrue();
      assertThat(claims.get("scope").getAsString()).isEqualTo(CLOUD_PLATFORM);
      assertThat(token.expireTime().getEpochSecond()).isEqualTo(claims.get("exp").getAsLong());
      assertThat(oauth.requests()).isEmpty();
    }
  }

  private ServiceAccountCredentials keyOfAnotherUniverse() throws IOException {
    return TestKeys.unnamed(oauth)
        .setPrivateKeyId(TestKeys.KEY_ID)
        .setUniverseDomain("apis.example.fr")
        .build();
  }

  private SignedJwt signedClaims() {
    try (ShortLivedCredentials credentials = with(TestKeys.source(oauth))) {
      JwtClaims claims = JwtClaims.expiringIn(Duration.ofMinutes(10)).audience("orders");
      return credentials.signJwt(Target.self(), claims);
    }
  }

  private ShortLivedCredentials with(GoogleCredentials source) {
    return ShortLivedCredentials.builder()
        .source(source)
        .httpTransportFactory(http)
        .clock(() -> NOW)
        .retryPolicy(
            new RetryPolicy(
                Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofSeconds(10), true))
        .build();
  }

  private UserCredentials user() {
    return UserCredentials.newBuilder()
        .setClientId("client")
        .setClientSecret("hidden")
        .setRefreshToken("hidden")
        .setHttpTransportFactory(oauth)
        .build();
  }

  private static GoogleCredentials plainToken(Instant expiry) {
    return GoogleCredentials.create(
        new com.google.auth.oauth2.AccessToken("plain", Date.from(expiry)));
  }

  /** Returns an ID token that is signed by the test key; tests do not verify the signature. */
  private static String idToken() {
    ServiceAccountCredentials key = TestKeys.source(new FakeHttp());
    try (ShortLivedCredentials issuer =
        ShortLivedCredentials.builder().source(key).clock(() -> FAR.minusSeconds(60)).build()) {
      return issuer.signJwt(Target.self(), JwtClaims.expiringAt(FAR).audience("orders")).token();
    }
  }
}
