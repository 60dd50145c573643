package io.github.shortlived;

/**
 * A request for one short-lived credential, with every option spelled out. Immutable and checked
 * when made, before any network call.
 *
 * @param <C> what is issued
 */
public sealed interface CredentialRequest<C extends ShortLivedCredential>
    permits AccessTokenRequest, IdTokenRequest, SignJwtRequest, SignBlobRequest {

  /** {@return whose credential is asked for} */
  Target target();
}
