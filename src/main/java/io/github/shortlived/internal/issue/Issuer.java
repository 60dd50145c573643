package io.github.shortlived.internal.issue;

import io.github.shortlived.internal.client.Retrier;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.IdToken;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.ShortLivedCredential;
import io.github.shortlived.model.SignBlobRequest;
import io.github.shortlived.model.SignJwtRequest;
import io.github.shortlived.model.SignedBlob;
import io.github.shortlived.model.SignedJwt;

/** Something that issues all four kinds of credentials. Calls block and are never cached here. */
public interface Issuer {
  /** The same, telling this observer of each repetition. */
  Issuer observedBy(Retrier.Observer observer);

  /** The same, each call of which has to be over then. */
  Issuer within(Deadline deadline);

  AccessToken accessToken(AccessTokenRequest request);

  IdToken idToken(IdTokenRequest request);

  SignedJwt signJwt(SignJwtRequest request);

  SignedBlob signBlob(SignBlobRequest request);

  /** Issues whatever kind the request is for. */
  @SuppressWarnings("unchecked") // A request's type parameter is what its own method returns.
  default <C extends ShortLivedCredential> C issue(CredentialRequest<C> request) {
    if (request instanceof AccessTokenRequest accessToken) {
      return (C) accessToken(accessToken);
    } else if (request instanceof IdTokenRequest idToken) {
      return (C) idToken(idToken);
    } else if (request instanceof SignJwtRequest signJwt) {
      return (C) signJwt(signJwt);
    }
    return (C) signBlob((SignBlobRequest) request);
  }
}
