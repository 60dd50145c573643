package io.github.shortlived.model;

/**
 * A request for one short-lived credential, with all options. Immutable; its values are checked
 * when it is created, without a network call.
 *
 * @param <C> the type of the credential
 */
public sealed interface CredentialRequest<C extends ShortLivedCredential>
    permits TokenRequest, SignJwtRequest, SignBlobRequest {

  /** {@return the identity whose credential is requested} */
  Target target();

  /** {@return the same request for a new credential; signatures are never cached} */
  default CredentialRequest<C> fresh() {
    return this;
  }
}
