package io.github.shortlived.internal.issue;

import io.github.shortlived.internal.client.Retrier;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.IdToken;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.SignBlobRequest;
import io.github.shortlived.model.SignJwtRequest;
import io.github.shortlived.model.SignedBlob;
import io.github.shortlived.model.SignedJwt;

/**
 * Issues all four kinds of credentials in one way. Methods block, and cache nothing; each call is
 * retried by the given retrier. Thread-safe.
 */
interface Issuer {
  AccessToken accessToken(AccessTokenRequest request, Retrier retrier);

  IdToken idToken(IdTokenRequest request, Retrier retrier);

  SignedJwt signJwt(SignJwtRequest request, Retrier retrier);

  SignedBlob signBlob(SignBlobRequest request, Retrier retrier);
}
