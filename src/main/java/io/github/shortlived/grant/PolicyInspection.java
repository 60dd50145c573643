package io.github.shortlived.grant;

import io.github.shortlived.grant.PolicyInspection.Result.Kind;
import io.github.shortlived.internal.policy.PolicyEditor;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialException.NotFound;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.Condition;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads in the policies whether a refused binding can start to work. For one wait, one thread. */
final class PolicyInspection {
  // A read may be older than the latest write, so a binding must be missing for this long.
  private static final Duration SETTLING_TIME = Duration.ofSeconds(10);

  private final PolicyEditor editor;
  private final InstantSource clock;
  private final CrossAccountGrant grant;
  private @Nullable Instant missingSince;
  private @Nullable Result unreadable;

  PolicyInspection(PolicyEditor editor, InstantSource clock, CrossAccountGrant grant) {
    this.editor = editor;
    this.clock = clock;
    this.grant = grant;
  }

  /** Returns the worst result among the policies of the accounts from the caller to this one. */
  Result inspect(ProbedBinding probed, CredentialException refusal) {
    Result worst =
        probed.bindingsFromCaller().stream()
            .map(each -> inspect(each, refusal))
            .max(Comparator.comparing(Result::kind))
            .orElseThrow();
    if (worst.kind() != Kind.MISSING && worst.kind() != Kind.GONE) {
      missingSince = null;
    } else if (missingSince == null) {
      missingSince = clock.instant();
    }
    return worst;
  }

  /** Returns whether waiting cannot change the latest result. */
  boolean isFinal(Result latest) {
    return latest.kind() == Kind.EXPIRED
        || (missingSince != null && !clock.instant().isBefore(missingSince.plus(SETTLING_TIME)));
  }

  private Result inspect(Binding granted, CredentialException refusal) {
    if (unreadable != null && !(refusal instanceof NotFound)) {
      return unreadable;
    }
    try {
      return find(granted, editor.policies().bindings(granted.account()));
    } catch (NotFound e) {
      return Result.gone(e);
    } catch (PermissionDenied e) {
      // For a name without its project, Google does not reveal whether the account exists.
      if (refusal instanceof NotFound notFound) {
        return Result.gone(notFound);
      }
      unreadable = Result.unreadable(e);
      return unreadable;
    } catch (CredentialException e) {
      return Result.unreadable(e);
    }
  }

  private Result find(Binding granted, List<Binding> policy) {
    List<Binding> found = policy.stream().filter(binding -> matches(binding, granted)).toList();
    Instant now = clock.instant();
    if (found.isEmpty()) {
      return Result.of(
          Kind.MISSING,
          "The policy of %s lacks this binding: %s. Apply the grant first."
              .formatted(granted.account(), granted));
    } else if (found.stream().allMatch(binding -> binding.isExpiredAt(now))) {
      return Result.of(
          Kind.EXPIRED, "The grant has expired: %s. Apply it again.".formatted(found.get(0)));
    }
    return Result.of(Kind.IN_PLACE, "The binding is in the policy. " + Result.PROPAGATION);
  }

  private boolean matches(Binding inPolicy, Binding granted) {
    return inPolicy.role().equals(granted.role())
        && inPolicy.member().isSameAs(granted.member())
        && inPolicy.condition().equals(conditionOf(granted, inPolicy));
  }

  /** A relative expiry became an instant when the grant was applied: any instant matches. */
  private Optional<Condition> conditionOf(Binding granted, Binding inPolicy) {
    return grant.lifetime().isEmpty()
        ? granted.condition()
        : inPolicy.expiry().map(granted::withExpiry).orElse(granted).condition();
  }

  /**
   * The state of a binding in its policy.
   *
   * @param notFound the failure to read the policy, if the account does not exist
   */
  record Result(Kind kind, String text, Optional<NotFound> notFound) {
    private static final String PROPAGATION =
        "It takes effect typically after 2 minutes, sometimes after 7 or more. You can wait again.";

    /** Ordered from the best state to the worst. */
    enum Kind {
      IN_PLACE,
      UNREADABLE,
      EXPIRED,
      MISSING,
      GONE
    }

    static Result of(Kind kind, String text) {
      return new Result(kind, text, Optional.empty());
    }

    static Result unreadable(CredentialException failure) {
      return of(
          Kind.UNREADABLE,
          "The policy could not be read, so the binding may be missing. %s %s"
              .formatted(PROPAGATION, InternalExceptions.summary(failure)));
    }

    static Result gone(NotFound failure) {
      return new Result(Kind.GONE, "The account does not exist.", Optional.of(failure));
    }
  }
}
