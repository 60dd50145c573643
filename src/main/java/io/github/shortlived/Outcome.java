package io.github.shortlived;

import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.ShortLivedCredential;
import java.util.Optional;

/**
 * What became of one request of a {@link BulkIssuer}: issued or failed. An immutable value; {@code
 * toString} shows no secret.
 *
 * @param <C> what was asked for
 */
public sealed interface Outcome<C extends ShortLivedCredential> {

  /** {@return what was asked for} */
  CredentialRequest<C> request();

  /** {@return what was issued; empty if it failed} */
  Optional<C> credential();

  /** {@return why it was not; empty if it was} */
  Optional<CredentialException> failure();

  /**
   * The credential was issued, or was kept from before.
   *
   * @param request what was asked for
   * @param issued what came of it
   */
  record Issued<C extends ShortLivedCredential>(CredentialRequest<C> request, C issued)
      implements Outcome<C> {
    @Override
    public Optional<C> credential() {
      return Optional.of(issued);
    }

    @Override
    public Optional<CredentialException> failure() {
      return Optional.empty();
    }
  }

  /**
   * The credential was not issued, after all repetitions.
   *
   * @param request what was asked for
   * @param cause the failure
   */
  record Failed<C extends ShortLivedCredential>(
      CredentialRequest<C> request, CredentialException cause) implements Outcome<C> {
    @Override
    public Optional<C> credential() {
      return Optional.empty();
    }

    @Override
    public Optional<CredentialException> failure() {
      return Optional.of(cause);
    }
  }
}
