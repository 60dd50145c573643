package io.github.shortlived.diagnosis;

import static io.github.shortlived.diagnosis.Fact.Evidence.INFERRED;
import static io.github.shortlived.diagnosis.Fact.Evidence.OBSERVED;

import com.google.api.gax.rpc.StatusCode.Code;
import com.google.common.collect.Streams;
import io.github.shortlived.diagnosis.Finding.Kind;
import io.github.shortlived.internal.failure.HelpTopic;
import io.github.shortlived.internal.text.Phrases;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialException.ServiceDisabled;
import io.github.shortlived.model.CredentialException.Unavailable;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.DownscopedTokenRequest;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.Scopes;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.SignJwtRequest;
import io.github.shortlived.model.Target;
import io.github.shortlived.policy.TokenPermission;
import java.time.Duration;
import java.util.Optional;

/** Findings about the service, the token that it receives, and the content of a request. */
final class ServiceFindings {
  static final String LOGIN = "gcloud auth application-default login";
  private static final String EXTENSION = "iam.allowServiceAccountCredentialLifetimeExtension";
  private static final Remedy SET_CLOCK =
      Remedy.of("compare it with the correct time, and synchronize it by NTP", "date -u");

  static final Finding EXPIRED_ON_ARRIVAL =
      clockSkew(
          "this machine's clock is ahead of Google's: tokens are already expired when they arrive");
  static final Finding MISSING_SCOPE =
      Finding.observed(
          Kind.SCOPE_INSUFFICIENT,
          "the source's token lacks the scope that the API requires",
          "create the source credentials with the scope "
              + Scopes.CLOUD_PLATFORM
              + "; for a virtual machine, change its access scopes");
  static final Finding REFUSED_OTHERWISE =
      Finding.inferred(
          Kind.REFUSED_OTHERWISE,
          "the cause is not a missing grant, but for example a service perimeter, an organization"
              + " policy or a proxy",
          "show the response to the administrators of the organization or the network");
  private static final Finding TOKEN_NOT_ACCEPTED =
      Finding.observed(
          Kind.TOKEN_NOT_ACCEPTED,
          "the service does not accept the token that the source credentials returned",
          "check that it is an access token, has not expired, and is for this endpoint; or log in"
              + " again",
          LOGIN);
  private static final Finding SOURCE_UNABLE =
      Finding.observed(
          Kind.SOURCE_UNABLE,
          "source credentials of this type cannot issue this credential",
          "use a service account as the target: it is impersonated");

  private ServiceFindings() {}

  static String describeCommand(String account) {
    return "gcloud iam service-accounts describe " + account;
  }

  /** Explains why a service does not accept the token of the source credentials. */
  static Finding ofToken(CredentialException failure) {
    return switch (failure.reason().orElse("")) {
      case "ACCESS_TOKEN_SCOPE_INSUFFICIENT" -> MISSING_SCOPE;
      case "ACCOUNT_STATE_INVALID" ->
          callerDisabled(failure.metadata().getOrDefault("email", "CALLER"));
      default -> failure.status().isPresent() ? TOKEN_NOT_ACCEPTED : SOURCE_UNABLE;
    };
  }

  private static Finding callerDisabled(String caller) {
    return Finding.inferred(
        Kind.ACCOUNT_DISABLED,
        "the caller, %s, is disabled or was deleted".formatted(caller),
        "enable it, unless it was disabled on purpose",
        describeCommand(caller),
        "gcloud iam service-accounts enable " + caller);
  }

  /** Explains a failure of the service, before it decided about the request. */
  static Finding ofService(CredentialException failure) {
    if (failure instanceof ServiceDisabled disabled) {
      return apiDisabled(disabled);
    } else if (!(failure instanceof Unavailable)) {
      return REFUSED_OTHERWISE;
    }
    return FailureClassifier.hasStatus(failure, Code.RESOURCE_EXHAUSTED)
        ? quotaExceeded(failure)
        : unavailable(failure);
  }

  static Finding apiDisabled(ServiceDisabled failure) {
    return Finding.observed(
        Kind.API_DISABLED,
        "%s is not enabled in project %s, which is charged for the call"
            .formatted(
                failure.metadata().getOrDefault("service", "SERVICE"),
                project(failure).orElse("PROJECT")),
        "enable it; that takes effect after some minutes",
        failure.gcloudCommand());
  }

  private static Finding quotaExceeded(CredentialException failure) {
    return Finding.observed(
        Kind.QUOTA_EXCEEDED,
        project(failure).map("project "::concat).orElse("the project that is charged for the call")
            + " has no calls left for now",
        "wait a minute; reuse tokens until they expire, as a TokenSource does; or request more"
            + " quota");
  }

  private static Optional<String> project(CredentialException failure) {
    return Optional.ofNullable(failure.metadata().get("consumer"))
        .map(consumer -> consumer.replaceFirst("^projects/", ""));
  }

  private static Finding unavailable(CredentialException failure) {
    return Finding.observed(
        Kind.UNAVAILABLE,
        "it could not be reached, or did not respond properly"
            + (failure.attempts() > 1 ? ", despite retries" : ""),
        "try again; if that does not help, check proxy, firewall and endpoint");
  }

  /** Explains why the content of a request is rejected, given the minimal request's failure. */
  static Finding ofRequest(
      CredentialRequest<?> request,
      CredentialException failure,
      Optional<CredentialException> minimal) {
    HelpTopic topic = InternalExceptions.topic(failure);
    if (topic == HelpTopic.DOMAIN_NOT_DELEGATED) {
      return domainNotDelegated(account(request.target()));
    } else if (FailureClassifier.isAboutJwtTimes(failure)) {
      return jwtTimes(failure);
    } else if (failure instanceof Unavailable) {
      return unavailable(failure);
    } else if (topic == HelpTopic.LIFETIME_NOT_ALLOWED) {
      return lifetimeTooLong(account(request.target()));
    }
    boolean byService = failure.status().isPresent();
    boolean signsJwt = RequestText.permission(request) == TokenPermission.SIGN_JWT;
    boolean minimalRejected = minimal.filter(FailureClassifier::isAboutTheRequest).isPresent();
    return byService && signsJwt && minimalRejected
        ? clockSkew(
            "every JWT is rejected, even one that expires in minutes: its times come from this"
                + " machine's clock, which seems to be wrong")
        : invalid(request, byService && minimal.isPresent() ? INFERRED : OBSERVED);
  }

  private static Finding invalid(CredentialRequest<?> request, Fact.Evidence evidence) {
    return Finding.observed(
            Kind.REQUEST_INVALID,
            "its content is rejected",
            "correct what the message names; check " + suspects(request) + " first")
        .withEvidence(evidence);
  }

  private static String suspects(CredentialRequest<?> request) {
    if (request instanceof SignJwtRequest) {
      return "exp, the other times and this machine's clock";
    }
    return request instanceof DownscopedTokenRequest
        ? "buckets, roles and conditions of the rules"
        : "scopes and audience";
  }

  private static Finding domainNotDelegated(String account) {
    return Finding.inferred(
        Kind.DOMAIN_NOT_DELEGATED,
        "the user's domain does not allow %s to act for its users, or not with each of these scopes"
            .formatted(account),
        "have an administrator of the domain delegate each scope to the account's client ID, its"
            + " unique ID: Admin console, Security, API controls, Domain-wide delegation",
        describeCommand(account) + " --format='value(uniqueId)'");
  }

  private static Finding lifetimeTooLong(String account) {
    return Finding.observed(
        Kind.LIFETIME_TOO_LONG,
        "a lifetime of more than 1 hour requires the organization policy constraints/" + EXTENSION,
        "request 1 hour, and a new token after that; or have an administrator of the organization"
            + " list the account",
        "gcloud resource-manager org-policies allow %s %s --organization=ORGANIZATION_ID"
            .formatted(EXTENSION, account));
  }

  private static String account(Target target) {
    return Streams.findLast(target.accounts().stream()).map(ServiceAccount::id).orElse("ACCOUNT");
  }

  /** Explains why the token endpoint rejects the times in a JWT. */
  static Finding jwtTimes(CredentialException failure) {
    Optional<Duration> ahead = FailureClassifier.clockAhead(failure);
    return clockSkew(
            "the token endpoint rejects the times in a JWT that was just created: this machine's"
                + " clock is "
                + ahead.map(Phrases::clockDifference).orElse("wrong"))
        .withEvidence(ahead.isPresent() ? OBSERVED : INFERRED);
  }

  private static Finding clockSkew(String text) {
    return new Finding(Kind.CLOCK_SKEW, INFERRED, text, SET_CLOCK);
  }
}
