package io.github.shortlived.model;

import io.github.shortlived.internal.text.Secrets;
import java.time.Instant;

/**
 * A token that anyone who has it can use until it expires. Immutable; {@code toString} shows a
 * fingerprint, never the secret.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6750">RFC 6750, Bearer Token Usage</a>
 */
public sealed interface BearerToken extends ShortLivedCredential permits AccessToken, IdToken {

  /** {@return the secret, sent as {@code Authorization: Bearer TOKEN}} */
  String token();

  /** {@return the time after which it is no longer accepted} */
  Instant expireTime();

  @Override
  default String fingerprint() {
    return Secrets.fingerprint(token());
  }
}
