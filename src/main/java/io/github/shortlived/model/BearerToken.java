package io.github.shortlived.model;

import java.time.Instant;

/**
 * A token that whoever holds it may use until it expires. An immutable value; {@code toString}
 * shows a fingerprint, never the secret.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6750">RFC 6750, Bearer Token Usage</a>
 */
public sealed interface BearerToken extends ShortLivedCredential permits AccessToken, IdToken {

  /** {@return the secret, to be sent as {@code Authorization: Bearer TOKEN}} */
  String token();

  /** {@return when it is accepted no longer} */
  Instant expireTime();
}
