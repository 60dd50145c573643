package io.github.shortlived.metrics;

import com.google.common.base.CaseFormat;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.CredentialEvent;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.SignBlobRequest;
import io.github.shortlived.model.SignJwtRequest;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Meters of what happens to credentials and policies, in a Micrometer registry: the listener to
 * give to the builder of the {@link ShortLivedCredentials}, together with those that edit policies.
 * Tags have few values: kinds of credentials and of failures, no accounts. {@code metrics.md} of
 * this library's documentation lists all.
 *
 * <p>A meter appears with the first event that it is of. One object may listen to any number of
 * {@code ShortLivedCredentials}. Whoever has a listener of their own too gives the builder {@code
 * metrics.andThen(listener)}. Thread-safe; never blocks.
 *
 * @see <a href="https://docs.micrometer.io/micrometer/reference/concepts/naming.html">Micrometer:
 *     Naming meters</a>
 */
public final class CredentialMetrics implements Consumer<CredentialEvent> {
  private static final String PREFIX = "shortlived.credentials.";
  private static final String CACHE_HITS = PREFIX + "cache.hits";
  private static final String SUCCESS = "success";

  private final MeterRegistry registry;
  private final Tags tags;
  private final MeterProvider<Timer> issue;
  private final MeterProvider<Timer> refresh;
  private final MeterProvider<Counter> retries;
  private final MeterProvider<Counter> policyChanges;
  private final MeterProvider<Counter> secretsExposed;

  private CredentialMetrics(MeterRegistry registry, Tags tags) {
    this.registry = registry;
    this.tags = tags;
    this.issue = timer("issue", "Asking for a credential that a caller waits for");
    this.refresh = timer("refresh", "Renewing a kept token in the background, ahead of its expiry");
    this.retries =
        counter("retries", "Failed calls, and overtaken edits of policies, that were made again");
    this.policyChanges =
        counter("policy.changes", "Bindings that were added to policies or removed");
    this.secretsExposed =
        counter(
            "secrets.exposed", "Files with a secret that were found open to more than their owner");
  }

  /**
   * Makes meters in this registry.
   *
   * @param tags what all of them carry beside their own tags; tells them apart from those of other
   *     {@link ShortLivedCredentials} in the same registry
   */
  public static CredentialMetrics of(MeterRegistry registry, Tag... tags) {
    return new CredentialMetrics(registry, Tags.of(tags));
  }

  /**
   * Adds the meter of {@link ShortLivedCredentials#servedFromCache()}, which no event tells. It is
   * that of the credentials monitored last; several at a time need tags of their own. Does not keep
   * the credentials from being collected.
   *
   * @return the same credentials
   */
  public ShortLivedCredentials monitor(ShortLivedCredentials credentials) {
    // A registry keeps the first one of equal meters, which may be that of closed credentials.
    registry.removeByPreFilterId(new Meter.Id(CACHE_HITS, tags, null, null, Meter.Type.COUNTER));
    FunctionCounter.builder(CACHE_HITS, credentials, ShortLivedCredentials::servedFromCache)
        .description("Requests that a kept token answered, as servedFromCache() counts them")
        .tags(tags)
        .register(registry);
    return credentials;
  }

  /** Records the event; of kinds that it does not know, nothing. */
  @Override
  public void accept(CredentialEvent event) {
    if (event instanceof CredentialEvent.Issued issued) {
      record(issue, issued.request(), SUCCESS, issued.duration());
    } else if (event instanceof CredentialEvent.Refused refused) {
      record(issue, refused.request(), nameOf(refused.failure()), refused.duration());
    } else if (event instanceof CredentialEvent.Refreshed refreshed) {
      record(refresh, refreshed.request(), SUCCESS, refreshed.duration());
    } else if (event instanceof CredentialEvent.RefreshFailed failed) {
      record(refresh, failed.request(), nameOf(failed.failure()), failed.duration());
    } else if (event instanceof CredentialEvent.Retried retried) {
      count(retried.failure());
    } else if (event instanceof CredentialEvent.Granted) {
      countChange("granted");
    } else if (event instanceof CredentialEvent.Revoked) {
      countChange("revoked");
    } else if (event instanceof CredentialEvent.Swept) {
      countChange("swept");
    } else if (event instanceof CredentialEvent.SecretExposed) {
      secretsExposed.withTags().increment();
    }
  }

  private static void record(
      MeterProvider<Timer> timer, CredentialRequest<?> request, String outcome, Duration duration) {
    timer.withTags("credential", kindOf(request), "outcome", outcome).record(duration);
  }

  private void count(CredentialException repeated) {
    String method = repeated.method().orElse("unknown");
    retries.withTags("method", method, "reason", nameOf(repeated)).increment();
  }

  private void countChange(String change) {
    policyChanges.withTags("change", change).increment();
  }

  private static String kindOf(CredentialRequest<?> request) {
    if (request instanceof SignJwtRequest) {
      return "signed_jwt";
    } else if (request instanceof SignBlobRequest) {
      return "signed_blob";
    }
    return request instanceof IdTokenRequest ? "id_token" : "access_token"; // a user's too
  }

  /** By its type, such as {@code permission_denied}. */
  private static String nameOf(CredentialException failure) {
    return CaseFormat.UPPER_CAMEL.to(
        CaseFormat.LOWER_UNDERSCORE, failure.getClass().getSimpleName());
  }

  private MeterProvider<Timer> timer(String name, String description) {
    return Timer.builder(PREFIX + name).description(description).tags(tags).withRegistry(registry);
  }

  private MeterProvider<Counter> counter(String name, String description) {
    return Counter.builder(PREFIX + name)
        .description(description)
        .tags(tags)
        .withRegistry(registry);
  }
}
