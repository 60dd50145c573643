package io.github.shortlived.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.shortlived.model.AccessBoundaryRule;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.DownscopedTokenRequest;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.SelfSignedJwtRequest;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.SignBlobRequest;
import io.github.shortlived.model.SignJwtRequest;
import io.github.shortlived.model.TokenRequest;
import io.github.shortlived.model.UserTokenRequest;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RequestTextTest {
  /** {@link RequestText#permission} has a branch for each of these types, and for no other. */
  @Test
  void permission_everyTypeOfRequest_isHandled() {
    assertThat(CredentialRequest.class.getPermittedSubclasses())
        .containsExactlyInAnyOrder(TokenRequest.class, SignJwtRequest.class, SignBlobRequest.class);
    assertThat(TokenRequest.class.getPermittedSubclasses())
        .containsExactlyInAnyOrder(
            AccessTokenRequest.class,
            DownscopedTokenRequest.class,
            IdTokenRequest.class,
            SelfSignedJwtRequest.class,
            UserTokenRequest.class);
  }

  @Test
  void describe_derivedTokens_namesThem() {
    ServiceAccount target = ServiceAccount.of("target@p.iam.gserviceaccount.com");
    assertThat(
            RequestText.describe(
                SelfSignedJwtRequest.forAudience(target, "https://pubsub.googleapis.com/")))
        .isEqualTo("a self-signed JWT");
    assertThat(
            RequestText.describe(
                DownscopedTokenRequest.of(
                    target, AccessBoundaryRule.onBucket("reports", "roles/storage.admin"))))
        .isEqualTo("a downscoped access token");
    assertThat(RequestText.describe(UserTokenRequest.of(target, "me@example.com", "openid")))
        .isEqualTo("a user's access token");
  }

  @Test
  void serviceAccount_member_isThatOfAnEmailAddressInAnyCase() {
    assertThat(serviceAccount("serviceAccount:Target@P.iam.gserviceaccount.com"))
        .contains(ServiceAccount.of("target@p.iam.gserviceaccount.com"));
    assertThat(serviceAccount("serviceAccount:p.svc.id.goog[default/ksa]")).isEmpty();
    assertThat(serviceAccount("user:me@example.com")).isEmpty();
  }

  private static Optional<ServiceAccount> serviceAccount(String member) {
    return RequestText.serviceAccount(Member.of(member));
  }
}
