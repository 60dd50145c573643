package io.github.shortlived.diagnosis;

import static io.github.shortlived.diagnosis.Evidence.INFERRED;
import static io.github.shortlived.diagnosis.Evidence.OBSERVED;

import com.google.api.gax.rpc.StatusCode.Code;
import io.github.shortlived.diagnosis.Finding.Kind;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialException.ServiceDisabled;
import io.github.shortlived.model.CredentialException.Unavailable;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.RequiredGrant;
import io.github.shortlived.model.ServiceAccount;
import java.util.List;
import java.util.Optional;

/** Why the source credentials give no token, in words, and what to do about it. */
final class SourceFindings {
  static final String LOGIN = "gcloud auth application-default login";

  // The token endpoint's words, of which nothing but the text tells the causes apart.
  private static final String NO_ACCOUNT = "account not found";
  private static final String SIGNATURE = "Invalid JWT Signature";

  // IAM's reason for a missing grant.
  private static final String NOT_GRANTED = "IAM_PERMISSION_DENIED";

  private SourceFindings() {}

  static Finding of(CredentialException failure, Optional<Member> caller) {
    String answer = FailureClassifier.firstLine(failure);
    String account =
        caller.map(Member::id).map(id -> id.replaceFirst("^\\w+:", "")).orElse("ACCOUNT");
    if (FailureClassifier.isClockSkew(failure)) {
      return ClockFindings.ofAssertion(failure);
    } else if (answer.contains(NO_ACCOUNT)) {
      return noAccount(account);
    } else if (answer.contains(SIGNATURE)) {
      return key(account);
    }
    return failure instanceof Unavailable ? unavailable() : broken();
  }

  /** What IAM says to source credentials that ask it for an account's token. */
  static Optional<Finding> ofImpersonation(
      CredentialException failure, List<RequiredGrant> grants) {
    if (failure instanceof ServiceDisabled disabled) {
      return Optional.of(Findings.disabledApi(disabled));
    } else if (grants.isEmpty() || !wasAskedOfIam(failure)) {
      return Optional.empty();
    }
    return switch (failure.status().orElse(Code.OK)) {
      case PERMISSION_DENIED -> Optional.of(denied(failure, grants));
      case NOT_FOUND, FAILED_PRECONDITION -> Optional.of(inAState(failure, grants));
      default -> Optional.empty();
    };
  }

  /**
   * Others are asked before: an identity provider, the Security Token Service, a token endpoint.
   */
  private static boolean wasAskedOfIam(CredentialException failure) {
    return failure.method().filter(method -> method.startsWith("generate")).isPresent();
  }

  private static Finding denied(CredentialException failure, List<RequiredGrant> grants) {
    return switch (failure.reason().orElse("")) {
      case NOT_GRANTED -> notGranted(grants);
      case "ACCESS_TOKEN_SCOPE_INSUFFICIENT" -> Findings.scope();
      default -> Findings.refusedOtherwise();
    };
  }

  private static Finding notGranted(List<RequiredGrant> grants) {
    String who = grants.get(0).member().map(Names::of).orElse("MEMBER");
    return new Finding(
        Kind.LINK_REFUSED,
        INFERRED,
        "the source credentials act as %s, and nothing in effect lets %s do so: %s"
            .formatted(last(grants), who, LinkFindings.UNSEEN),
        Remedy.granting(
                "grant it, which changes nothing where it is granted" + LinkFindings.DELAY, grants)
            .first(LinkFindings.describe(last(grants).id())));
  }

  /** One of the accounts: which, may be left unsaid. */
  private static Finding inAState(CredentialException failure, List<RequiredGrant> grants) {
    Optional<ServiceAccount> named =
        grants.stream()
            .map(RequiredGrant::account)
            .filter(account -> grants.size() == 1 || FailureClassifier.names(account, failure))
            .findFirst();
    return named
        .map(account -> LinkFindings.answered(account, failure))
        .orElseGet(() -> LinkFindings.answered(last(grants), failure).by(INFERRED));
  }

  private static ServiceAccount last(List<RequiredGrant> grants) {
    return grants.get(grants.size() - 1).account();
  }

  private static Finding noAccount(String account) {
    return new Finding(
        Kind.ACCOUNT_NOT_FOUND,
        INFERRED,
        "the account of the key, %s, was deleted or is disabled".formatted(account),
        Remedy.of(
            "enable or restore it, or call as another account", LinkFindings.describe(account)));
  }

  private static Finding key(String account) {
    return new Finding(
        Kind.SOURCE_BROKEN,
        INFERRED,
        "the key was deleted or disabled, or is another account's",
        Remedy.of(
            "use a key that is in this list, or better a source without one",
            "gcloud iam service-accounts keys list --iam-account=" + account));
  }

  private static Finding unavailable() {
    return new Finding(
        Kind.UNAVAILABLE,
        OBSERVED,
        "whoever gives tokens to the source could not be reached, or did not answer properly",
        Remedy.of("ask again; if that does not help, check proxy, firewall and metadata server"));
  }

  private static Finding broken() {
    return new Finding(
        Kind.SOURCE_BROKEN,
        OBSERVED,
        "the source credentials gave no token, so nothing else could be asked",
        Remedy.of("mend what the answer names, or log in anew", LOGIN));
  }
}
