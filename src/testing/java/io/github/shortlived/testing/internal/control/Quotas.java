package io.github.shortlived.testing.internal.control;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableMap;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.rpc.Code;
import io.github.shortlived.testing.internal.account.StableIds;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.github.shortlived.testing.internal.error.RpcException;
import io.github.shortlived.testing.internal.error.RpcNames;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts the calls per minute for each project and group of methods that has a limit. A new minute
 * starts with the first call after the end of the previous one. Safe for concurrent use.
 */
public final class Quotas {
  /** A group of methods that share a quota. */
  public enum Group {
    GENERATE,
    SIGN,
    IAM_READ,
    IAM_WRITE
  }

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private record Key(String projectId, Group group) {}

  private record Window(int limit, Instant start, int used) {
    Instant end() {
      return start.plus(MINUTE);
    }

    /** A clock that was set back starts a new minute, too. */
    Window at(Instant now) {
      boolean running = !now.isBefore(start) && now.isBefore(end());
      return running ? this : new Window(limit, now, 0);
    }

    Window plusOne() {
      return new Window(limit, start, used + 1);
    }
  }

  private final InstantSource clock;
  private final Map<Key, Window> windows = new ConcurrentHashMap<>();

  Quotas(InstantSource clock) {
    this.clock = clock;
  }

  public void limit(String projectId, Group group, int perMinute) {
    windows.put(new Key(projectId, group), new Window(perMinute, clock.instant(), 0));
  }

  /** Counts a call, or throws the error of an exhausted quota. */
  public void spend(String projectId, MethodDescriptor method) {
    groupOf(method)
        .ifPresent(
            group ->
                windows.computeIfPresent(
                    new Key(projectId, group), (key, window) -> spent(key, window, method)));
  }

  private Window spent(Key key, Window last, MethodDescriptor method) {
    Instant now = clock.instant();
    Window window = last.at(now);
    if (window.used() >= window.limit()) {
      throw exceeded(key, window, Duration.between(now, window.end()), method);
    }
    return window.plusOne();
  }

  private static Optional<Group> groupOf(MethodDescriptor method) {
    String name = method.getName();
    return switch (method.getService().getName()) {
      case "IAMCredentials" ->
          Optional.of(name.startsWith("Generate") ? Group.GENERATE : Group.SIGN);
      case "IAM" -> Optional.of(isRead(name) ? Group.IAM_READ : Group.IAM_WRITE);
      default -> Optional.empty();
    };
  }

  private static boolean isRead(String name) {
    return name.matches("(Get|List|Query|Test|Lint).*");
  }

  /** The code, reason and shape are Google's; the text and the metric names are unverified. */
  private static RpcException exceeded(
      Key key, Window window, Duration wait, MethodDescriptor method) {
    String service = RpcNames.host(method);
    String metric = service + "/" + Ascii.toLowerCase(key.group().name()) + "_requests";
    String consumer = "projects/" + StableIds.projectNumber(key.projectId());
    return new RpcException(
        Code.RESOURCE_EXHAUSTED,
        ("Quota exceeded for quota metric '%s' and limit 'Requests per minute' of service '%s' for"
                + " consumer '%s'.")
            .formatted(metric, service, consumer),
        GoogleErrors.errorInfo(
            "RATE_LIMIT_EXCEEDED",
            ImmutableMap.of(
                "consumer", consumer,
                "quota_limit_value", Integer.toString(window.limit()),
                "quota_metric", metric,
                "service", service)),
        FaultEffects.retryAfter(wait));
  }
}
