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
 * Issues the four kinds of credentials; each class does so in another way. Methods block, and cache
 * nothing. The given retrier retries each call. Thread-safe.
 */
interface Issuer {
  AccessToken accessToken(AccessTokenRequest request, Retrier retrier);

  IdToken idToken(IdTokenRequest request, Retrier retrier);

  SignedJwt signJwt(SignJwtRequest request, Retrier retrier);

  SignedBlob signBlob(SignBlobRequest request, Retrier retrier);
}
