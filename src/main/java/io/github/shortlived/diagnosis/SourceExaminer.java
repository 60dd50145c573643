package io.github.shortlived.diagnosis;

import static io.github.shortlived.diagnosis.Fact.Evidence.INFERRED;
import static io.github.shortlived.diagnosis.Fact.Evidence.OBSERVED;

import com.google.api.gax.rpc.StatusCode.Code;
import io.github.shortlived.InternalCredentials;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.diagnosis.Diagnosis.Step;
import io.github.shortlived.diagnosis.Finding.Kind;
import io.github.shortlived.internal.client.ClientContext;
import io.github.shortlived.internal.client.DaemonCalls.IoCallable;
import io.github.shortlived.internal.client.SourceCredentials;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.RequiredGrant;
import io.github.shortlived.model.ServiceAccount;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Examines the source credentials. The caller is empty if they do not name it. */
record SourceExaminer(ShortLivedCredentials credentials, Optional<Member> caller) {
  private static final Stage SOURCE = new Stage.Source();
  private static final String FETCH = "Fetching a token of the source credentials";

  // Messages of the token endpoint, whose status and reason are the same for both causes.
  private static final String NO_ACCOUNT = "account not found";
  private static final String BAD_SIGNATURE = "Invalid JWT Signature";

  private static final Finding UNAVAILABLE =
      Finding.observed(
          Kind.UNAVAILABLE,
          "the service that issues tokens to the source credentials could not be reached, or did"
              + " not respond properly",
          "try again; if that does not help, check proxy, firewall and metadata server");
  private static final Finding BROKEN_OTHERWISE =
      Finding.observed(
          Kind.SOURCE_BROKEN,
          "the source credentials returned no token, so no other request was possible",
          "correct what the message names, or log in again",
          ServiceFindings.LOGIN);

  /** Looks up the caller. */
  static SourceExaminer of(ShortLivedCredentials credentials) {
    try {
      return new SourceExaminer(credentials, credentials.callerMember());
    } catch (CredentialException e) {
      FailureClassifier.throwIfInterrupted(e);
      return new SourceExaminer(credentials, Optional.empty()); // probe() reports the cause
    }
  }

  /** Fetches a token of the source credentials; returns the failure. */
  Optional<CredentialException> probe() {
    ClientContext context = InternalCredentials.context(credentials);
    SourceCredentials source = context.source();
    URI service = context.endpoints().iamCredentials();
    IoCallable<Map<String, List<String>>> fetch = () -> source.scoped().getRequestMetadata(service);
    return FailureClassifier.failureOf(
        () -> context.call(FETCH, deadline -> source.call(fetch, deadline)));
  }

  Step works() {
    return Step.observedToWork(SOURCE, tokenText());
  }

  /** Returns the step of source credentials that returned no token. */
  Step broken(CredentialException failure) {
    return Step.fails(SOURCE, failure, noToken(failure));
  }

  /** Returns the step of source credentials whose token a service does not accept. */
  Step notAccepted(CredentialException failure) {
    List<Fact> facts = List.of(Fact.observed(tokenText()), Fact.of(failure));
    return Step.fails(SOURCE, OBSERVED, facts, ServiceFindings.ofToken(failure));
  }

  private String tokenText() {
    String owner =
        caller.map(member -> "for " + RequestText.name(member)).orElse("of an unknown account");
    Class<?> type = InternalCredentials.context(credentials).source().scoped().getClass();
    return "%s returned a token %s".formatted(type.getSimpleName(), owner);
  }

  /** Explains why the source credentials returned no token. */
  Finding noToken(CredentialException failure) {
    return impersonation(failure).orElseGet(() -> ofLogin(failure));
  }

  private Finding ofLogin(CredentialException failure) {
    String message = FailureClassifier.serviceMessage(failure);
    if (FailureClassifier.isAboutJwtTimes(failure)) {
      return ServiceFindings.jwtTimes(failure);
    } else if (message.contains(NO_ACCOUNT)) {
      return keyWithoutAccount(callerId());
    } else if (message.contains(BAD_SIGNATURE)) {
      return badKey(callerId());
    }
    return failure instanceof CredentialException.Unavailable ? UNAVAILABLE : BROKEN_OTHERWISE;
  }

  private String callerId() {
    return caller.map(RequestText::name).orElse("ACCOUNT");
  }

  private static Finding keyWithoutAccount(String account) {
    return Finding.inferred(
        Kind.ACCOUNT_NOT_FOUND,
        "the account of the key, %s, was deleted or is disabled".formatted(account),
        "enable or restore it, or call as another account",
        ServiceFindings.describeCommand(account));
  }

  private static Finding badKey(String account) {
    return Finding.inferred(
        Kind.SOURCE_BROKEN,
        "the key was deleted or disabled, or belongs to another account",
        "use a key from this list, or better, source credentials without a key",
        "gcloud iam service-accounts keys list --iam-account=" + account);
  }

  /** Explains why IAM refuses impersonating source credentials; empty if it does not. */
  Optional<Finding> impersonation(CredentialException failure) {
    List<RequiredGrant> grants = credentials.sourceGrants();
    // A service before IAM, such as the Security Token Service, has other methods.
    boolean fromIam = failure.method().filter(name -> name.startsWith("generate")).isPresent();
    if (failure instanceof CredentialException.ServiceDisabled disabled) {
      return Optional.of(ServiceFindings.apiDisabled(disabled));
    } else if (grants.isEmpty() || !fromIam) {
      return Optional.empty();
    }
    return switch (failure.status().orElse(Code.OK)) {
      case PERMISSION_DENIED -> Optional.of(denied(failure, grants));
      case NOT_FOUND, FAILED_PRECONDITION -> Optional.of(accountState(failure, grants));
      default -> Optional.empty();
    };
  }

  private static Finding denied(CredentialException failure, List<RequiredGrant> grants) {
    return switch (failure.reason().orElse("")) {
      case "IAM_PERMISSION_DENIED" -> GrantFindings.mayNotImpersonate(grants);
      case "ACCESS_TOKEN_SCOPE_INSUFFICIENT" -> ServiceFindings.MISSING_SCOPE;
      default -> ServiceFindings.REFUSED_OTHERWISE;
    };
  }

  /** Explains the state of the account that the service names, or else of the last one. */
  private static Finding accountState(CredentialException failure, List<RequiredGrant> grants) {
    List<ServiceAccount> accounts = grants.stream().map(RequiredGrant::account).toList();
    Optional<ServiceAccount> named =
        accounts.stream()
            .filter(each -> accounts.size() == 1 || FailureClassifier.names(each, failure))
            .findFirst();
    ServiceAccount account = named.orElseGet(() -> accounts.get(accounts.size() - 1));
    Finding finding = GrantFindings.accountState(account, failure);
    return named.isPresent() ? finding : finding.withEvidence(INFERRED);
  }
}
