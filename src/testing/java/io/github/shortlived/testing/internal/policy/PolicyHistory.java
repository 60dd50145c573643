package io.github.shortlived.testing.internal.policy;

import com.google.iam.v1.Policy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The versions of one policy that are in effect or will be, oldest first. */
record PolicyHistory(List<Version> versions) {
  private record Version(Policy policy, Instant from) {}

  static PolicyHistory startingWith(Policy policy) {
    return new PolicyHistory(List.of(new Version(policy, Instant.MIN)));
  }

  Policy latest() {
    return versions.get(versions.size() - 1).policy();
  }

  /** Returns the latest version in effect, even if an earlier one takes effect after it. */
  Policy effectiveAt(Instant now) {
    return versions.get(effectiveIndex(now)).policy();
  }

  PolicyHistory followedBy(Policy next, Instant now, Duration delay) {
    if (delay.isZero()) {
      return startingWith(next);
    }
    List<Version> remaining = versions.subList(effectiveIndex(now), versions.size());
    Version version = new Version(next, now.plus(delay));
    return new PolicyHistory(Stream.concat(remaining.stream(), Stream.of(version)).toList());
  }

  /** Returns the same versions, each changed. */
  PolicyHistory with(UnaryOperator<Policy> change) {
    return new PolicyHistory(
        versions.stream()
            .map(version -> new Version(change.apply(version.policy()), version.from()))
            .toList());
  }

  private int effectiveIndex(Instant now) {
    int index = versions.size() - 1;
    while (index > 0 && versions.get(index).from().isAfter(now)) {
      index--;
    }
    return index;
  }
}
