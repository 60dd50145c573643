package io.github.shortlived.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.auth.oauth2.ServiceAccountCredentials;
import io.github.shortlived.FakeHttp;
import io.github.shortlived.TestKeys;
import io.github.shortlived.model.RequiredGrant;
import io.github.shortlived.model.Scopes;
import io.github.shortlived.model.ServiceAccount;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestTargetTest {
  @Test
  void toString_namesOfCredentialsWithHiddenCharacters_inOneLineWithEscapes() {
    assertThat(new RequestTarget("projects/-/serviceAccounts/a\nb", List.of("c\u202Ed", "e")))
        .hasToString("a b via c\\u202ed, e");
  }

  @Test
  void requiredGrants_ownUniqueId_isAGrantOnItself() {
    ServiceAccountCredentials key =
        TestKeys.source(new FakeHttp()).toBuilder().setClientId("103456789012345678901").build();
    SourceCredentials source = SourceCredentials.of(key, Scopes.CLOUD_PLATFORM);

    assertThat(grants("103456789012345678901", source))
        .hasSize(1)
        .allMatch(RequiredGrant::isOnItself);
    assertThat(grants("103456789012345678902", source))
        .hasSize(1)
        .noneMatch(RequiredGrant::isOnItself);
  }

  private static List<RequiredGrant> grants(String account, SourceCredentials source) {
    return RequestTarget.of(ServiceAccount.of(account))
        .requiredGrants("roles/iam.serviceAccountTokenCreator", source);
  }
}
