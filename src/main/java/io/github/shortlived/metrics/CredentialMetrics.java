package io.github.shortlived.metrics;

import static java.util.stream.Collectors.joining;

import io.github.shortlived.InternalCredentials;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.internal.text.Arguments;
import io.github.shortlived.internal.text.Phrases;
import io.github.shortlived.model.CredentialEvent;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.InternalExceptions;
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
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * A listener that records the events of {@link ShortLivedCredentials} as meters in a Micrometer
 * registry. Pass it to {@link ShortLivedCredentials.Builder#listener}; to add a listener of your
 * own, pass {@code metrics.andThen(listener)}. One listener can serve several {@code
 * ShortLivedCredentials}. {@code metrics.md} in the documentation lists all meters and tags; no
 * account is a tag. A meter appears with its first event. Thread-safe; never blocks.
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
    this.issue = timer("issue", "Requests for a credential for which a caller waits");
    this.refresh = timer("refresh", "Background refreshes of a cached token before its expiry");
    this.retries =
        counter("retries", "Retries of failed calls, and of policy edits after a conflict");
    this.policyChanges =
        counter("policy.changes", "Bindings that were added to policies or removed from them");
    this.secretsExposed =
        counter("secrets.exposed", "Files with a secret that others than their owner can access");
  }

  /**
   * Creates a listener that records into this registry.
   *
   * @param tags tags that are added to every meter; they distinguish several {@link
   *     ShortLivedCredentials} in the same registry
   * @throws CredentialException.UnmetDependency if the library micrometer-core is missing or too
   *     old
   */
  public static CredentialMetrics of(MeterRegistry registry, Tag... tags) {
    try {
      Tags all = Tags.of(Arguments.copy(tags, "tags")); // First, because it needs the library.
      return new CredentialMetrics(Objects.requireNonNull(registry, "registry"), all);
    } catch (LinkageError e) {
      InternalExceptions.throwIfUnmetDependency(e);
      throw e;
    }
  }

  /**
   * Adds a meter for {@link ShortLivedCredentials#cacheHitCount()}, for which there are no events.
   * The meter shows the credentials that were monitored last; to monitor several at a time, give
   * each a listener with different tags. The registry holds no reference to them, and shows their
   * last count when they are closed.
   *
   * @return the same credentials
   */
  public ShortLivedCredentials monitor(ShortLivedCredentials credentials) {
    Objects.requireNonNull(credentials, "credentials");
    // Of equal meters a registry uses the first, which may belong to closed credentials.
    registry.removeByPreFilterId(new Meter.Id(CACHE_HITS, tags, null, null, Meter.Type.COUNTER));
    LongSupplier hits = InternalCredentials.cacheHits(credentials);
    // The registry has a weak reference to the object, and a strong one to the function.
    FunctionCounter.builder(CACHE_HITS, registry, any -> hits.getAsLong())
        .description("Requests served from the cache, as counted by cacheHitCount()")
        .tags(tags)
        .register(registry);
    return credentials;
  }

  /** Records the event; ignores events of unknown types. */
  @Override
  public void accept(CredentialEvent event) {
    Objects.requireNonNull(event, "event");
    if (event instanceof CredentialEvent.Issued issued) {
      record(issue, issued.request(), SUCCESS, issued.duration());
    } else if (event instanceof CredentialEvent.IssueFailed failed) {
      record(issue, failed.request(), Phrases.typeName(failed.failure()), failed.duration());
    } else if (event instanceof CredentialEvent.Refreshed refreshed) {
      record(refresh, refreshed.request(), SUCCESS, refreshed.duration());
    } else if (event instanceof CredentialEvent.RefreshFailed failed) {
      record(refresh, failed.request(), Phrases.typeName(failed.failure()), failed.duration());
    } else if (event instanceof CredentialEvent.Retried retried) {
      String method = retried.failure().method().orElse("unknown");
      retries.withTags("method", method, "reason", Phrases.typeName(retried.failure())).increment();
    } else if (event instanceof CredentialEvent.Granted
        || event instanceof CredentialEvent.Revoked
        || event instanceof CredentialEvent.Swept) {
      policyChanges.withTags("change", Phrases.typeName(event)).increment();
    } else if (event instanceof CredentialEvent.SecretExposed) {
      secretsExposed.withTags().increment();
    }
  }

  private static void record(
      MeterProvider<Timer> timer, CredentialRequest<?> request, String outcome, Duration duration) {
    timer.withTags("credential", kindOf(request), "outcome", outcome).record(duration);
  }

  private static String kindOf(CredentialRequest<?> request) {
    if (request instanceof SignJwtRequest) {
      return "signed_jwt";
    } else if (request instanceof SignBlobRequest) {
      return "signed_blob";
    }
    return request instanceof IdTokenRequest
        ? "id_token"
        : "access_token"; // Tokens of users, self-signed JWTs and downscoped tokens count as such.
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

  /** {@return the tags that are added to every meter} */
  @Override
  public String toString() {
    return "CredentialMetrics[%s]"
        .formatted(tags.stream().map(Tag::toString).collect(joining(", ")));
  }
}
