package io.github.shortlived.grant;

import io.github.shortlived.grant.InspectionResult.Kind;
import io.github.shortlived.internal.policy.PolicyEditor;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialException.NotFound;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.Condition;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells from the policies whether a refused hop can still come to work. For one waiting, and one
 * thread.
 */
final class PolicyInspection {
  /**
   * How long a binding has to be missing until that is believed: Google's reads may be older than
   * the latest write.
   */
  private static final Duration SETTLING = Duration.ofSeconds(10);

  private final PolicyEditor editor;
  private final InstantSource clock;
  private final CrossAccountGrant grant;
  private @Nullable Instant missingSince;
  private @Nullable InspectionResult blind;

  PolicyInspection(PolicyEditor editor, InstantSource clock, CrossAccountGrant grant) {
    this.editor = editor;
    this.clock = clock;
    this.grant = grant;
  }

  /** The worst that the policies of the hop's way say about this refusal. */
  InspectionResult inspect(ProbedHop hop, CredentialException refusal) {
    InspectionResult worst =
        hop.way().stream()
            .map(binding -> inspect(binding, refusal))
            .max(Comparator.comparing(InspectionResult::kind))
            .orElseGet(InspectionResult::inPlace);
    if (!worst.kind().mayPass()) {
      missingSince = null;
    } else if (missingSince == null) {
      missingSince = clock.instant();
    }
    return worst;
  }

  /** Whether what was found just now will not pass. */
  boolean isFinal(InspectionResult finding) {
    return finding.kind() == Kind.EXPIRED
        || (missingSince != null && !clock.instant().isBefore(missingSince.plus(SETTLING)));
  }

  private InspectionResult inspect(Binding binding, CredentialException refusal) {
    if (blind != null && !(refusal instanceof NotFound)) {
      return blind;
    }
    try {
      return judge(binding, editor.bindings(binding.account()));
    } catch (NotFound e) {
      return InspectionResult.gone(e);
    } catch (PermissionDenied e) {
      // Without a project in its name, what does not exist is refused like what may not be read.
      if (refusal instanceof NotFound missing) {
        return InspectionResult.gone(missing);
      }
      blind = InspectionResult.unreadable(e);
      return blind;
    } catch (CredentialException e) {
      return InspectionResult.unreadable(e);
    }
  }

  private InspectionResult judge(Binding granted, List<Binding> policy) {
    List<Binding> found = policy.stream().filter(binding -> isOf(granted, binding)).toList();
    Instant now = clock.instant();
    if (found.isEmpty()) {
      return InspectionResult.of(
          Kind.MISSING,
          "The policy of %s lacks it: %s. Apply the grant first."
              .formatted(granted.account(), granted));
    } else if (found.stream().allMatch(binding -> hasEnded(binding, now))) {
      return InspectionResult.of(
          Kind.EXPIRED, "It has ended: %s. Grant anew.".formatted(found.get(0)));
    }
    return InspectionResult.inPlace();
  }

  private static boolean hasEnded(Binding binding, Instant now) {
    return binding.isExpiredAt(now);
  }

  private boolean isOf(Binding granted, Binding inPolicy) {
    return inPolicy.role().equals(granted.role())
        && inPolicy.member().isSameAs(granted.member())
        && inPolicy.condition().equals(conditionOf(granted, inPolicy));
  }

  /** A relative end became an instant when the grant was made: whichever the policy says. */
  private Optional<Condition> conditionOf(Binding granted, Binding inPolicy) {
    return grant.lifetime().isEmpty()
        ? granted.condition()
        : inPolicy.expiry().map(granted::withExpiry).orElse(granted).condition();
  }
}
