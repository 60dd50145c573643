package io.github.shortlived.model;

/**
 * A request for one short-lived credential, with every option spelled out. Immutable and checked
 * when made, before any network call.
 *
 * @param <C> what is issued
 */
public sealed interface CredentialRequest<C extends ShortLivedCredential>
    permits TokenRequest, SignJwtRequest, SignBlobRequest {

  /** {@return whose credential is asked for} */
  Target target();

  /** {@return the same request, which no kept credential answers} Signatures never are kept. */
  default CredentialRequest<C> fresh() {
    return this;
  }
}
