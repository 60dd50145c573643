package io.github.shortlived.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.SignBlobRequest;
import io.github.shortlived.model.SignJwtRequest;
import io.github.shortlived.model.TokenRequest;
import org.junit.jupiter.api.Test;

class RequestTextTest {
  /** A kind that is added has to be told apart from a user's token, which no other type is. */
  @Test
  void isOfAUser_ofTheKindsThereAre_isForOneAlone() {
    assertThat(CredentialRequest.class.getPermittedSubclasses())
        .containsExactlyInAnyOrder(TokenRequest.class, SignJwtRequest.class, SignBlobRequest.class);
    assertThat(TokenRequest.class.getPermittedSubclasses())
        .hasSize(3)
        .contains(AccessTokenRequest.class, IdTokenRequest.class);
  }
}
