package io.github.shortlived.model;

import io.github.shortlived.ShortLivedCredentials;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What happened to a credential or a policy, for logs and meters. Told to the listener of {@link
 * ShortLivedCredentials.Builder#listener}, by the thread on which it happened, after it did. An
 * immutable value that holds no secret: credentials are told by their {@link
 * ShortLivedCredential#fingerprint() fingerprint}. Durations include repetitions and the delays
 * between them; attempts count from 1.
 *
 * <p>A kept token that is served is no event; {@link ShortLivedCredentials#servedFromCache()}
 * counts those. Kinds may be added in later versions.
 */
public sealed interface CredentialEvent {

  /**
   * A credential was issued because a caller asked.
   *
   * @param request what was asked for, with target and chain
   * @param fingerprint of the credential
   * @param duration how long that took
   * @param attempts how many it took
   */
  record Issued(CredentialRequest<?> request, String fingerprint, Duration duration, int attempts)
      implements CredentialEvent {}

  /**
   * A kept token was renewed in the background, ahead of its expiry.
   *
   * @param request what is kept
   * @param fingerprint of the new token
   * @param duration how long that took
   * @param attempts how many it took
   */
  record Refreshed(TokenRequest<?> request, String fingerprint, Duration duration, int attempts)
      implements CredentialEvent {}

  /**
   * A kept token was to be renewed in the background and was not. It is served on while it is
   * usable, and asked for again. Callers who came when it no longer was, and waited for this
   * request, fail with it, and are told by no event of their own.
   *
   * @param request what is kept
   * @param failure why not
   * @param duration how long that took
   * @param attempts how many were made; 0 if nobody could be set to make one
   */
  record RefreshFailed(
      TokenRequest<?> request, CredentialException failure, Duration duration, int attempts)
      implements CredentialEvent {}

  /**
   * A call failed with a transient fault and will be repeated; or a policy was changed by somebody
   * else since it was read, and will be read, changed and written once more.
   *
   * @param request what is asked for; empty where it is no credential: policies, Compute Engine's
   *     instances, who calls
   * @param attempt which one failed
   * @param delay how long it waits before the next one
   * @param failure what it failed with: its message says what was done
   */
  record Retried(
      Optional<CredentialRequest<?>> request,
      int attempt,
      Duration delay,
      CredentialException failure)
      implements CredentialEvent {}

  /**
   * A credential that a caller asked for was not issued.
   *
   * @param request what was asked for
   * @param failure why not, and by whom it was refused
   * @param duration how long that took
   * @param attempts how many were made; 0 if nobody could be set to make one, or none was needed to
   *     know
   */
  record Refused(
      CredentialRequest<?> request, CredentialException failure, Duration duration, int attempts)
      implements CredentialEvent {}

  /**
   * A binding was added to a policy. One that is perhaps in place, for the answer to its write was
   * lost and the edit failed with that, is told by that failure's message alone.
   *
   * @param grant role, account and member
   * @param duration how long editing the policy took, with whatever else was changed in it at once
   * @param attempts how many cycles of reading, changing and writing it took
   */
  record Granted(RequiredGrant grant, Duration duration, int attempts) implements CredentialEvent {}

  /**
   * A binding was removed from a policy.
   *
   * @param grant role, account and member
   * @param duration how long editing the policy took, with whatever else was changed in it at once
   * @param attempts how many cycles of reading, changing and writing it took
   */
  record Revoked(RequiredGrant grant, Duration duration, int attempts) implements CredentialEvent {}

  /**
   * A binding that had ended was removed from a policy.
   *
   * @param grant role, account and member
   * @param duration how long editing the policy took, with whatever else was changed in it at once
   * @param attempts how many cycles of reading, changing and writing it took
   */
  record Swept(RequiredGrant grant, Duration duration, int attempts) implements CredentialEvent {}

  /**
   * A file with a private key or another secret can be read by more than its owner.
   *
   * @param file which
   * @param advice how to close it
   */
  record SecretExposed(Path file, String advice) implements CredentialEvent {}
}
