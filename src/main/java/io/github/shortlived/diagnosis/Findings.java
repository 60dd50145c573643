package io.github.shortlived.diagnosis;

import static io.github.shortlived.diagnosis.Evidence.INFERRED;
import static io.github.shortlived.diagnosis.Evidence.OBSERVED;

import com.google.api.gax.rpc.StatusCode.Code;
import io.github.shortlived.diagnosis.Finding.Kind;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialException.ServiceDisabled;
import io.github.shortlived.model.CredentialException.Unavailable;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.DelegationChain;
import io.github.shortlived.model.Scopes;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.Target;
import io.github.shortlived.policy.TokenPermission;
import java.util.Optional;

/** What is wrong with the service or the request, in words, and what to do about it. */
final class Findings {
  private static final String EXTENSION =
      "constraints/iam.allowServiceAccountCredentialLifetimeExtension";

  private static final String LIFETIME = " token lifetime "; // in the service's words

  private Findings() {}

  /** Why the service did not get to judge the request. */
  static Finding ofService(CredentialException failure) {
    if (failure instanceof ServiceDisabled disabled) {
      return disabledApi(disabled);
    } else if (!(failure instanceof Unavailable)) {
      return refusedOtherwise();
    }
    return failure.status().equals(Optional.of(Code.RESOURCE_EXHAUSTED))
        ? quota(failure)
        : unavailable(failure);
  }

  static Finding disabledApi(ServiceDisabled failure) {
    String service = failure.metadata().getOrDefault("service", "SERVICE");
    return new Finding(
        Kind.API_DISABLED,
        OBSERVED,
        "%s is not enabled in project %s, which is charged for the call"
            .formatted(service, project(failure)),
        Remedy.of("enable it; that takes effect after some minutes", failure.gcloudCommand()));
  }

  private static Finding quota(CredentialException failure) {
    return new Finding(
        Kind.QUOTA_EXCEEDED,
        OBSERVED,
        Optional.ofNullable(failure.metadata().get("consumer"))
                .map(consumer -> "project " + project(failure))
                .orElse("the project that is charged for the call")
            + " has no calls left for now",
        Remedy.of(
            "wait a minute; keep tokens until they expire, as a TokenSource does; or request more"
                + " quota"));
  }

  private static String project(CredentialException failure) {
    return failure
        .metadata()
        .getOrDefault("consumer", "projects/PROJECT")
        .replaceFirst("^projects/", "");
  }

  private static Finding unavailable(CredentialException failure) {
    return new Finding(
        Kind.UNAVAILABLE,
        OBSERVED,
        "it could not be reached, or did not answer properly"
            + (failure.attempts() > 1 ? ", in spite of repetitions" : ""),
        Remedy.of("ask again; if that does not help, check proxy, firewall and endpoint"));
  }

  static Finding refusedOtherwise() {
    return new Finding(
        Kind.REFUSED_OTHERWISE,
        INFERRED,
        "no missing grant refuses here, but something else, such as a service perimeter, an"
            + " organization policy or a proxy",
        Remedy.of("show the answer to whoever runs the organization or the network"));
  }

  /** Why a request is refused for what it says, if the least one in its place came to this. */
  static Finding ofRequest(
      CredentialRequest<?> request,
      CredentialException failure,
      Optional<CredentialException> ofLeast) {
    if (FailureClassifier.isDomainNotDelegated(failure)) {
      return notDelegated(request.target());
    } else if (FailureClassifier.isClockSkew(failure)) {
      return ClockFindings.ofAssertion(failure);
    } else if (failure instanceof Unavailable) {
      return unavailable(failure);
    } else if (RequestText.isLong(request)
        && FailureClassifier.firstLine(failure).contains(LIFETIME)) {
      return lifetime(request.target());
    }
    return invalid(request, failure, ofLeast);
  }

  private static Finding invalid(
      CredentialRequest<?> request,
      CredentialException failure,
      Optional<CredentialException> ofLeast) {
    boolean here = failure.status().isEmpty();
    boolean jwt = RequestText.permission(request) == TokenPermission.SIGN_JWT;
    if (jwt && !here && ofLeast.filter(FailureClassifier::isAboutTheRequest).isPresent()) {
      return ClockFindings.ofJwt();
    }
    return new Finding(
        Kind.REQUEST_INVALID,
        here || ofLeast.isEmpty() ? OBSERVED : INFERRED,
        "it is refused for what it says",
        Remedy.of("correct what the answer names; " + RequestText.likelyCauses(request)));
  }

  private static Finding notDelegated(Target target) {
    String account = account(target);
    return new Finding(
        Kind.DOMAIN_NOT_DELEGATED,
        INFERRED,
        "the user's domain does not let %s act for its users, or not with each of these scopes"
            .formatted(account),
        Remedy.of(
            "have an administrator of the domain delegate each scope to the account's client ID,"
                + " its unique ID: Admin console, Security, API controls, Domain-wide delegation",
            LinkFindings.describe(account) + " --format='value(uniqueId)'"));
  }

  private static Finding lifetime(Target target) {
    return new Finding(
        Kind.LIFETIME_TOO_LONG,
        OBSERVED,
        "a lifetime of more than 1 hour takes the organization policy " + EXTENSION,
        Remedy.of(
            "ask for 1 hour, and again after it; or let the organization's administrator list the"
                + " account",
            "gcloud resource-manager org-policies allow %s %s --organization=ORGANIZATION_ID"
                .formatted(EXTENSION.replaceFirst("^constraints/", ""), account(target))));
  }

  private static String account(Target target) {
    if (target instanceof DelegationChain chain) {
      return chain.target().id();
    }
    return target instanceof ServiceAccount account ? account.id() : "ACCOUNT";
  }

  /** What a service that was reached says of the token that the source gave. */
  static Finding ofToken(CredentialException failure) {
    String reason = failure.reason().orElse("");
    return switch (reason) {
      case "ACCESS_TOKEN_SCOPE_INSUFFICIENT" -> scope();
      case "ACCOUNT_STATE_INVALID" -> callerState(failure);
      default -> failure.status().isPresent() ? notAccepted() : unable();
    };
  }

  static Finding scope() {
    return new Finding(
        Kind.SCOPE_INSUFFICIENT,
        OBSERVED,
        "the source's token lacks the scope that the API wants",
        Remedy.of(
            "make the source credentials with the scope %s; of a virtual machine, change its access scopes"
                .formatted(Scopes.CLOUD_PLATFORM)));
  }

  private static Finding callerState(CredentialException failure) {
    String caller = failure.metadata().getOrDefault("email", "CALLER");
    return new Finding(
        Kind.ACCOUNT_DISABLED,
        INFERRED,
        "the account that calls, %s, is disabled, or was deleted".formatted(caller),
        Remedy.of(
            "enable it, if whoever disabled it agrees",
            LinkFindings.describe(caller),
            "gcloud iam service-accounts enable " + caller));
  }

  private static Finding notAccepted() {
    return new Finding(
        Kind.TOKEN_NOT_ACCEPTED,
        OBSERVED,
        "the service does not accept the token that the source credentials gave",
        Remedy.of(
            "check that it is an access token, has not expired, and is for this endpoint; or log in"
                + " anew",
            SourceFindings.LOGIN));
  }

  private static Finding unable() {
    return new Finding(
        Kind.SOURCE_UNABLE,
        OBSERVED,
        "source credentials of this type cannot issue that",
        Remedy.of("name a service account as target: it is impersonated"));
  }
}
