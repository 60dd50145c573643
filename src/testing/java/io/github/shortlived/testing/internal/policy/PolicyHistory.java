package io.github.shortlived.testing.internal.policy;

import com.google.iam.v1.Policy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The versions of one policy that decide or will, oldest first. */
record PolicyHistory(List<Version> versions) {
  private record Version(Policy policy, Instant from) {}

  static PolicyHistory startingWith(Policy policy) {
    return new PolicyHistory(List.of(new Version(policy, Instant.MIN)));
  }

  Policy latest() {
    return versions.get(versions.size() - 1).policy();
  }

  /** The latest of those in force; one that overtook another on its way replaces it for good. */
  Policy effectiveAt(Instant now) {
    return versions.get(effectiveIndex(now)).policy();
  }

  PolicyHistory followedBy(Policy next, Instant now, Duration delay) {
    if (delay.isZero()) {
      return startingWith(next);
    }
    List<Version> stillNeeded = versions.subList(effectiveIndex(now), versions.size());
    Version version = new Version(next, now.plus(delay));
    return new PolicyHistory(Stream.concat(stillNeeded.stream(), Stream.of(version)).toList());
  }

  /** The same versions, each changed. */
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
