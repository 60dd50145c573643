package io.github.shortlived;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.github.shortlived.internal.text.JwtPayload;
import io.github.shortlived.internal.text.Secrets;
import io.github.shortlived.model.AccessBoundaryRule;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.DownscopedTokenRequest;
import io.github.shortlived.model.IdToken;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.InternalClaims;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.Scopes;
import io.github.shortlived.model.SelfSignedJwtRequest;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.ShortLivedCredential;
import io.github.shortlived.model.SignBlobRequest;
import io.github.shortlived.model.SignJwtRequest;
import io.github.shortlived.model.SignedBlob;
import io.github.shortlived.model.SignedJwt;
import io.github.shortlived.model.UserTokenRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Checks that no value prints its secret. A new type of a sealed family fails until it is covered.
 */
class SecrecyTest {
  private static final String SECRET = "the-secret";
  private static final Instant EXPIRY = Instant.EPOCH;
  private static final ServiceAccount TARGET =
      ServiceAccount.of("target@p.iam.gserviceaccount.com");

  private static final Map<Class<?>, ShortLivedCredential> CREDENTIALS =
      ImmutableMap.of(
          AccessToken.class, new AccessToken(SECRET, EXPIRY),
          IdToken.class, new IdToken(SECRET, EXPIRY),
          SignedJwt.class, new SignedJwt(SECRET, "key", EXPIRY),
          SignedBlob.class, new SignedBlob(SECRET.getBytes(UTF_8), "key"));

  private static final Map<Class<?>, CredentialRequest<?>> REQUESTS =
      ImmutableMap.of(
          DownscopedTokenRequest.class,
              DownscopedTokenRequest.of(
                  TARGET, AccessBoundaryRule.onBucket("reports", "roles/storage.objectViewer")),
          SelfSignedJwtRequest.class,
              SelfSignedJwtRequest.forAudience(TARGET, "https://pubsub.googleapis.com/"),
          AccessTokenRequest.class, AccessTokenRequest.of(TARGET, Scopes.CLOUD_PLATFORM),
          IdTokenRequest.class, IdTokenRequest.of(TARGET, "orders"),
          UserTokenRequest.class,
              UserTokenRequest.of(TARGET, "user@example.com", Scopes.CLOUD_PLATFORM),
          SignJwtRequest.class, SignJwtRequest.of(TARGET, claims()),
          SignBlobRequest.class, SignBlobRequest.of(TARGET, SECRET.getBytes(UTF_8)));

  @Test
  void credentials_everyPermittedType_isCovered() {
    assertThat(CREDENTIALS.keySet()).isEqualTo(leaves(ShortLivedCredential.class));
  }

  @Test
  void requests_everyPermittedType_isCovered() {
    assertThat(REQUESTS.keySet()).isEqualTo(leaves(CredentialRequest.class));
  }

  @ParameterizedTest
  @MethodSource("credentials")
  void toString_credential_showsOnlyTheFingerprint(ShortLivedCredential credential) {
    assertThat(credential.toString())
        .startsWith(credential.getClass().getSimpleName() + "[" + Secrets.fingerprint(SECRET))
        .doesNotContain(SECRET)
        .doesNotContain(Arrays.toString(SECRET.getBytes(UTF_8)));
  }

  @ParameterizedTest
  @MethodSource("credentials")
  void fingerprint_credential_isOfItsSecret(ShortLivedCredential credential) {
    assertThat(credential.fingerprint()).isEqualTo(Secrets.fingerprint(SECRET));
  }

  @ParameterizedTest
  @MethodSource("requests")
  void toString_request_namesTheTargetWithoutSecrets(CredentialRequest<?> request) {
    assertThat(request.toString())
        .startsWith(request.getClass().getSimpleName() + "[target=" + TARGET)
        .doesNotContain(SECRET)
        .doesNotContain(Arrays.toString(SECRET.getBytes(UTF_8)));
  }

  @Test
  void toString_claimsReadyToSign_showsOnlyTheirFingerprint() {
    JwtPayload payload = InternalClaims.payload(claims(), EXPIRY);

    assertThat(payload.toString())
        .contains(Secrets.fingerprint(payload.json()))
        .doesNotContain(SECRET);
  }

  @Test
  void toString_googleCredentials_showNoToken() throws Exception {
    FakeHttp http = new FakeHttp().respond(200, IamJson.accessToken(SECRET));
    try (ShortLivedCredentials credentials =
        ShortLivedCredentials.builder()
            .source(TestKeys.source(new FakeHttp().respond(200, IamJson.oauthToken("source"))))
            .httpTransportFactory(http)
            .build()) {
      var google = credentials.googleCredentials(TARGET, Scopes.CLOUD_PLATFORM);
      google.refresh();

      assertThat(google.getRequestMetadata().get("Authorization"))
          .containsExactly("Bearer " + SECRET);
      assertThat(google.toString()).doesNotContain(SECRET);
    }
  }

  @Test
  void toString_tokenSource_showsOnlyTheRequest() {
    FakeHttp http = new FakeHttp().respond(200, IamJson.accessToken(SECRET));
    AccessTokenRequest request = AccessTokenRequest.of(TARGET, Scopes.CLOUD_PLATFORM);
    try (ShortLivedCredentials credentials =
        ShortLivedCredentials.builder()
            .source(TestKeys.source(new FakeHttp().respond(200, IamJson.oauthToken("source"))))
            .httpTransportFactory(http)
            .build()) {
      TokenSource<AccessToken> source = credentials.tokenSource(request);

      assertThat(source.get().token()).isEqualTo(SECRET);
      assertThat(source.toString()).isEqualTo("TokenSource[" + request + "]");
    }
  }

  static Stream<ShortLivedCredential> credentials() {
    return CREDENTIALS.values().stream();
  }

  static Stream<CredentialRequest<?>> requests() {
    return REQUESTS.values().stream();
  }

  private static JwtClaims claims() {
    return JwtClaims.expiringIn(Duration.ofHours(1)).subject(SECRET).claim("roles", SECRET);
  }

  private static Set<Class<?>> leaves(Class<?> type) {
    if (!type.isSealed()) {
      return ImmutableSet.of(type);
    }
    Set<Class<?>> leaves = new HashSet<>();
    for (Class<?> permitted : type.getPermittedSubclasses()) {
      leaves.addAll(leaves(permitted));
    }
    return leaves;
  }
}
