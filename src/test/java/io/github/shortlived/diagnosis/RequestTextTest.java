package io.github.shortlived.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.SignBlobRequest;
import io.github.shortlived.model.SignJwtRequest;
import io.github.shortlived.model.TokenRequest;
import io.github.shortlived.model.UserTokenRequest;
import org.junit.jupiter.api.Test;

class RequestTextTest {
  /** {@link RequestText#permission} has a branch for each of these types, and for no other. */
  @Test
  void permission_everyTypeOfRequest_isHandled() {
    assertThat(CredentialRequest.class.getPermittedSubclasses())
        .containsExactlyInAnyOrder(TokenRequest.class, SignJwtRequest.class, SignBlobRequest.class);
    assertThat(TokenRequest.class.getPermittedSubclasses())
        .containsExactlyInAnyOrder(
            AccessTokenRequest.class, IdTokenRequest.class, UserTokenRequest.class);
  }
}
