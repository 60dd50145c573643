package io.github.shortlived.model;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * An event of a credential or a policy, for logs and meters. The thread that caused it passes it to
 * the listener of {@link io.github.shortlived.ShortLivedCredentials.Builder#listener}. Immutable
 * and without secrets: credentials appear by their {@link ShortLivedCredential#fingerprint()
 * fingerprint}. Durations include retries and the delays between them; attempts count from 1.
 *
 * <p>Returning a cached token is not an event; {@link
 * io.github.shortlived.ShortLivedCredentials#cacheHitCount()} counts those. Later versions may add
 * types of events.
 */
public sealed interface CredentialEvent {

  /** A credential was issued for a caller. */
  record Issued(CredentialRequest<?> request, String fingerprint, Duration duration, int attempts)
      implements CredentialEvent {
    public Issued {
      Objects.requireNonNull(request, "request");
      Objects.requireNonNull(fingerprint, "fingerprint");
      Objects.requireNonNull(duration, "duration");
    }
  }

  /** A cached token was replaced in the background, by this new one, before it expired. */
  record Refreshed(TokenRequest<?> request, String fingerprint, Duration duration, int attempts)
      implements CredentialEvent {
    public Refreshed {
      Objects.requireNonNull(request, "request");
      Objects.requireNonNull(fingerprint, "fingerprint");
      Objects.requireNonNull(duration, "duration");
    }
  }

  /**
   * The background refresh of a cached token failed. The token is returned as long as it is usable,
   * and the refresh is repeated. Callers that waited for this request fail with the same failure,
   * without a further event.
   *
   * @param attempts 0 if the executor rejected the request
   */
  record RefreshFailed(
      TokenRequest<?> request, CredentialException failure, Duration duration, int attempts)
      implements CredentialEvent {
    public RefreshFailed {
      Objects.requireNonNull(request, "request");
      Objects.requireNonNull(failure, "failure");
      Objects.requireNonNull(duration, "duration");
    }
  }

  /**
   * A call failed and will be retried: because of a transient failure, or because another writer
   * changed a policy after it was read.
   *
   * @param request the request; empty for policies, instances of Compute Engine and the identity of
   *     the caller, which the failure's message describes
   * @param attempt the number of the failed attempt
   * @param delay the delay before the next attempt
   */
  record Retried(
      Optional<CredentialRequest<?>> request,
      int attempt,
      Duration delay,
      CredentialException failure)
      implements CredentialEvent {
    public Retried {
      Objects.requireNonNull(request, "request");
      Objects.requireNonNull(delay, "delay");
      Objects.requireNonNull(failure, "failure");
    }
  }

  /**
   * A caller's request for a credential failed.
   *
   * @param attempts 0 if the request was invalid or the executor rejected it
   */
  record IssueFailed(
      CredentialRequest<?> request, CredentialException failure, Duration duration, int attempts)
      implements CredentialEvent {
    public IssueFailed {
      Objects.requireNonNull(request, "request");
      Objects.requireNonNull(failure, "failure");
      Objects.requireNonNull(duration, "duration");
    }
  }

  /**
   * A binding was added to a policy, by an edit of this duration, which may contain other changes,
   * and this number of cycles of reading and writing. If the response to the write is lost and the
   * edit fails, the binding may be in place without this event; the failure's message says so.
   */
  record Granted(RequiredGrant grant, Duration duration, int attempts) implements CredentialEvent {
    public Granted {
      Objects.requireNonNull(grant, "grant");
      Objects.requireNonNull(duration, "duration");
    }
  }

  /** A binding was removed from a policy. The other values are those of {@link Granted}. */
  record Revoked(RequiredGrant grant, Duration duration, int attempts) implements CredentialEvent {
    public Revoked {
      Objects.requireNonNull(grant, "grant");
      Objects.requireNonNull(duration, "duration");
    }
  }

  /** An expired binding was removed from a policy. Other values are those of {@link Granted}. */
  record Swept(RequiredGrant grant, Duration duration, int attempts) implements CredentialEvent {
    public Swept {
      Objects.requireNonNull(grant, "grant");
      Objects.requireNonNull(duration, "duration");
    }
  }

  /**
   * The environment variable {@code SHORTLIVED_IAM_EMULATOR_HOST} directs these credentials to an
   * emulator, which issues credentials that Google does not accept.
   */
  record EmulatorUsed(URI emulator) implements CredentialEvent {
    public EmulatorUsed {
      Objects.requireNonNull(emulator, "emulator");
    }
  }

  /** Other users can read a file with a secret; the advice says how to restrict that. */
  record SecretExposed(Path file, String advice) implements CredentialEvent {
    public SecretExposed {
      Objects.requireNonNull(file, "file");
      Objects.requireNonNull(advice, "advice");
    }
  }
}
