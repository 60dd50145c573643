package io.github.shortlived.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.shortlived.AccessTokenRequest;
import io.github.shortlived.CredentialRequest;
import io.github.shortlived.IdTokenRequest;
import io.github.shortlived.SignBlobRequest;
import io.github.shortlived.SignJwtRequest;
import io.github.shortlived.TokenRequest;
import org.junit.jupiter.api.Test;

class WantedTest {
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
