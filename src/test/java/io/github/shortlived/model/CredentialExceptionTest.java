package io.github.shortlived.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.google.api.client.http.HttpHeaders;
import com.google.api.client.http.HttpResponseException;
import com.google.api.gax.rpc.StatusCode.Code;
import io.github.shortlived.IamJson;
import io.github.shortlived.internal.client.Retrier;
import io.github.shortlived.internal.failure.FailedCallException;
import io.github.shortlived.internal.failure.HelpTopic;
import io.github.shortlived.internal.failure.SourceFailureException;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CredentialExceptionTest {
  private static final String ACTION = "generateAccessToken for target@p.iam.gserviceaccount.com";
  private static final ServiceAccount DELEGATE =
      ServiceAccount.of("delegate@p.iam.gserviceaccount.com");
  private static final ServiceAccount TARGET =
      ServiceAccount.of("target@p.iam.gserviceaccount.com");
  private static final String ROLE = "roles/iam.serviceAccountTokenCreator";
  private static final RequiredGrant ON_TARGET =
      new RequiredGrant(TARGET, ROLE, Optional.of(Member.of(DELEGATE)));
  private static final RequiredGrant ON_DELEGATE =
      new RequiredGrant(DELEGATE, ROLE, Optional.empty());

  @ParameterizedTest
  @CsvSource({
    "400, INVALID_ARGUMENT, InvalidRequest",
    "400, FAILED_PRECONDITION, InvalidRequest",
    "400, OUT_OF_RANGE, InvalidRequest",
    "501, UNIMPLEMENTED, InvalidRequest",
    "401, UNAUTHENTICATED, SourceCredentials",
    "403, PERMISSION_DENIED, PermissionDenied",
    "404, NOT_FOUND, NotFound",
    "409, ABORTED, Conflict",
    "409, ALREADY_EXISTS, Conflict",
    "429, RESOURCE_EXHAUSTED, Unavailable",
    "499, CANCELLED, Unavailable",
    "500, INTERNAL, Unavailable",
    "500, UNKNOWN, Unavailable",
    "500, DATA_LOSS, Unavailable",
    "503, UNAVAILABLE, Unavailable",
    "504, DEADLINE_EXCEEDED, Unavailable"
  })
  void from_everyStatus_isItsType(int http, Code status, String type) {
    CredentialException e = from(response(http, IamJson.error(http, status.name(), "Why.")));

    assertThat(e.getClass().getSimpleName()).isEqualTo(type);
    assertThat(e.status()).contains(status);
  }

  @ParameterizedTest
  @CsvSource({
    "400, INVALID_ARGUMENT",
    "401, UNAUTHENTICATED",
    "403, PERMISSION_DENIED",
    "404, NOT_FOUND",
    "409, ABORTED",
    "503, UNAVAILABLE"
  })
  void copy_everyType_isAnotherExceptionWithTheSameText(int http, Code status) {
    CredentialException shared = from(response(http, IamJson.error(http, status.name(), "Why.")));

    assertCopied(shared);
  }

  @Test
  void copy_permissionDenied_namesTheSameGrants() {
    CredentialException.PermissionDenied shared = denied(List.of(ON_TARGET, ON_DELEGATE));

    assertCopied(shared);
    assertThat(
            ((CredentialException.PermissionDenied) InternalExceptions.copy(shared))
                .requiredGrants())
        .containsExactly(ON_TARGET, ON_DELEGATE);
  }

  @Test
  void copy_withoutAService_hasTheSameText() {
    assertCopied(new CredentialException.InvalidRequest("Invalid"));
    assertCopied(InternalExceptions.sourceUnusable("Missing", null));
    assertCopied(InternalExceptions.unavailable("Late"));
  }

  @Test
  void copy_everyPermittedType_isOfThatType() throws Exception {
    CredentialException.Details details =
        CredentialException.Details.of("Why.", HelpTopic.NOT_FOUND, null);
    for (Class<?> type : CredentialException.class.getPermittedSubclasses()) {
      CredentialException failure = failure(type, details);
      assertThat(InternalExceptions.copy(failure)).isInstanceOf(type).isNotSameAs(failure);
    }
  }

  private static CredentialException failure(Class<?> type, CredentialException.Details details)
      throws ReflectiveOperationException {
    if (type == CredentialException.PermissionDenied.class) {
      return new CredentialException.PermissionDenied(details, List.of());
    } else if (type == CredentialException.VerificationFailed.class) {
      return new CredentialException.VerificationFailed(details, VerificationCheck.ISSUER);
    }
    return (CredentialException)
        type.getDeclaredConstructor(details.getClass()).newInstance(details);
  }

  @Test
  void copy_failedVerification_hasTheSameCheck() {
    CredentialException failure =
        InternalExceptions.verificationFailed(VerificationCheck.EXPIRY, "Expired.");
    assertThat(InternalExceptions.copy(failure))
        .isInstanceOfSatisfying(
            CredentialException.VerificationFailed.class,
            copy -> assertThat(copy.check()).isEqualTo(VerificationCheck.EXPIRY));
    assertThat(failure.help())
        .isEqualTo(
            "https://shortlived.github.io/short-lived-credentials/troubleshooting.html#outside-validity");
  }

  private static void assertCopied(CredentialException shared) {
    CredentialException copy = InternalExceptions.copy(shared);
    assertThat(copy)
        .isNotSameAs(shared)
        .hasSameClassAs(shared)
        .hasMessage(shared.getMessage())
        .extracting(Throwable::getCause)
        .isSameAs(shared.getCause());
    assertThat(copy.help()).isEqualTo(shared.help());
    assertThat(copy.status()).isEqualTo(shared.status());
    assertThat(copy.reason()).isEqualTo(shared.reason());
    assertThat(copy.metadata()).isEqualTo(shared.metadata());
    assertThat(copy.service()).isEqualTo(shared.service());
    assertThat(copy.method()).isEqualTo(shared.method());
    assertThat(copy.httpStatus()).isEqualTo(shared.httpStatus());
    assertThat(copy.requestId()).isEqualTo(shared.requestId());
    assertThat(copy.attempts()).isEqualTo(shared.attempts());
    assertThat(copy.elapsed()).isEqualTo(shared.elapsed());
  }

  @Test
  void copy_failureOfACall_keepsItsDetails() throws Exception {
    FailedCallException failed =
        catchThrowableOfType(
            FailedCallException.class,
            () ->
                Retrier.of(
                        Duration.ofMillis(100),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(60),
                        false,
                        InstantSource.system())
                    .call(deadline -> notFound()));
    CredentialException shared = InternalExceptions.translate(failed, ACTION);

    assertThat(shared.service()).contains("iam.example.com");
    assertThat(shared.method()).contains("getIamPolicy");
    assertThat(shared.httpStatus()).hasValue(404);
    assertThat(shared.attempts()).isOne();
    assertThat(shared.elapsed()).isPositive();
    assertThat(shared.getCause()).isInstanceOf(HttpResponseException.class);
    assertCopied(shared);
  }

  private static String notFound() throws FailedCallException {
    throw FailedCallException.of(
        "iam.example.com", "getIamPolicy", response(404, IamJson.error(404, "NOT_FOUND", "Why.")));
  }

  @Test
  void from_notFound_namesRequestAndResponse() {
    HttpResponseException cause =
        response(404, IamJson.error(404, "NOT_FOUND", "Not found; Gaia id not found for email x"));

    assertThat(from(cause))
        .hasMessage(
            ACTION
                + " failed: Not found; Gaia id not found for email x. (NOT_FOUND) Check the"
                + " spelling of every name in it. See https://shortlived.github.io/short-lived-credentials/troubleshooting.html#not-found.")
        .hasCause(cause);
  }

  @Test
  void from_unavailable_saysThatARetryMaySucceed() {
    assertThat(from(new ConnectException("Connection refused")))
        .isInstanceOf(CredentialException.Unavailable.class)
        .hasMessage(
            ACTION
                + " failed: ConnectException: Connection refused. (UNAVAILABLE) A retry may "
                + "succeed. See https://shortlived.github.io/short-lived-credentials/troubleshooting.html#service-unavailable.");
  }

  @Test
  void from_unknownFailure_suggestsNoRetry() {
    assertThat(from(new IllegalArgumentException("Broken")))
        .isInstanceOf(CredentialException.Unavailable.class)
        .hasMessage(
            ACTION
                + " failed: java.lang.IllegalArgumentException: Broken. (UNKNOWN) See https://shortlived.github.io/short-lived-credentials/troubleshooting.html#unexpected-failure.");
  }

  @Test
  void from_permissionDenied_namesTheOneGrant() {
    CredentialException.PermissionDenied e = denied(List.of(ON_TARGET));

    assertThat(e)
        .hasMessage(
            ACTION
                + " refused: Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or"
                + " it may not exist). (PERMISSION_DENIED, IAM_PERMISSION_DENIED)\n"
                + "It needs this grant:\n"
                + "  serviceAccount:delegate@p.iam.gserviceaccount.com needs"
                + " iam.serviceAccounts.getAccessToken on target@p.iam.gserviceaccount.com:\n"
                + "    CrossAccountGrant.tokenCreator(Member.of(\"serviceAccount:delegate@p.iam.gserviceaccount.com\")).on(ServiceAccount.of(\"target@p.iam.gserviceaccount.com\"))\n"
                + "    gcloud iam service-accounts add-iam-policy-binding"
                + " target@p.iam.gserviceaccount.com \\\n"
                + "        --member=serviceAccount:delegate@p.iam.gserviceaccount.com \\\n"
                + "        --role=roles/iam.serviceAccountTokenCreator \\\n"
                + "        --condition=None\n"
                + "Google's page:"
                + " https://cloud.google.com/iam/docs/create-short-lived-credentials-direct\n"
                + "See https://shortlived.github.io/short-lived-credentials/troubleshooting.html#permission-denied.");
  }

  @Test
  void from_permissionDeniedOnAChain_namesEveryGrantInTravelOrder() {
    assertThat(denied(List.of(ON_DELEGATE, ON_TARGET)))
        .hasMessage(
            ACTION
                + " refused: Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or"
                + " it may not exist). (PERMISSION_DENIED, IAM_PERMISSION_DENIED)\n"
                + "It needs each of these grants:\n"
                + "  MEMBER needs iam.serviceAccounts.implicitDelegation on"
                + " delegate@p.iam.gserviceaccount.com:\n"
                + "    CrossAccountGrant.tokenCreator(Member.of(\"MEMBER\")).on(ServiceAccount.of(\"delegate@p.iam.gserviceaccount.com\"))\n"
                + "    gcloud iam service-accounts add-iam-policy-binding"
                + " delegate@p.iam.gserviceaccount.com \\\n"
                + "        --member=MEMBER \\\n"
                + "        --role=roles/iam.serviceAccountTokenCreator \\\n"
                + "        --condition=None\n"
                + "  serviceAccount:delegate@p.iam.gserviceaccount.com needs"
                + " iam.serviceAccounts.getAccessToken on target@p.iam.gserviceaccount.com:\n"
                + "    CrossAccountGrant.tokenCreator(Member.of(\"serviceAccount:delegate@p.iam.gserviceaccount.com\")).on(ServiceAccount.of(\"target@p.iam.gserviceaccount.com\"))\n"
                + "    gcloud iam service-accounts add-iam-policy-binding"
                + " target@p.iam.gserviceaccount.com \\\n"
                + "        --member=serviceAccount:delegate@p.iam.gserviceaccount.com \\\n"
                + "        --role=roles/iam.serviceAccountTokenCreator \\\n"
                + "        --condition=None\n"
                + "Replace MEMBER: the source credentials do not say who the caller is.\n"
                + "If the order of the chain is wrong, correct it: these grants are for this order.\n"
                + "Google does not report which of them is missing:"
                + " Diagnostics.using(credentials).diagnose(chain) finds it.\n"
                + "Google's page:"
                + " https://cloud.google.com/iam/docs/create-short-lived-credentials-delegated\n"
                + "See https://shortlived.github.io/short-lived-credentials/troubleshooting.html#permission-denied.");
  }

  @Test
  void withGrants_refusal_keepsTheResponseAndNamesTheOtherGrants() {
    CredentialException.PermissionDenied refusal = denied(List.of(ON_DELEGATE, ON_TARGET));
    assertThat(
            InternalExceptions.withGrants(
                refusal, "The request", List.of(ON_TARGET), "\nNot in place."))
        .hasMessage(
            "The request refused: Permission 'iam.serviceAccounts.getAccessToken' denied on resource"
                + " (or it may not exist). (PERMISSION_DENIED, IAM_PERMISSION_DENIED)\n"
                + "Not in place.\nSee https://shortlived.github.io/short-lived-credentials/troubleshooting.html#grant-not-effective.")
        .hasCause(refusal)
        .satisfies(e -> assertThat(e.requiredGrants()).containsExactly(ON_TARGET))
        .satisfies(e -> assertThat(e.permission()).isEqualTo(refusal.permission()));
  }

  @Test
  void from_permissionDeniedWithoutGrants_endsWithTheResponse() {
    assertThat(denied(List.of()).getMessage())
        .endsWith(
            "(PERMISSION_DENIED, IAM_PERMISSION_DENIED) See https://shortlived.github.io/short-lived-credentials/troubleshooting.html#permission-denied.");
  }

  @Test
  void from_permissionDeniedForAnIdToken_namesTheNarrowestRole() {
    RequiredGrant grant =
        new RequiredGrant(
            TARGET,
            "roles/iam.serviceAccountOpenIdTokenCreator",
            Optional.of(Member.of("user:me@example.com")));
    String permission = "iam.serviceAccounts.getOpenIdToken";

    assertThat(from(response(403, IamJson.permissionDenied(permission)), grant))
        .hasMessageContaining(" needs %s on target@p.iam.gserviceaccount.com:\n", permission)
        .hasMessageContaining("CrossAccountGrant.openIdTokenCreator(Member.of(")
        .hasMessageContaining("--role=roles/iam.serviceAccountOpenIdTokenCreator")
        .hasMessageContaining("/create-short-lived-credentials-direct\n");
  }

  @Test
  void from_permissionDeniedOnADelegate_namesWhatTheTargetNeeds() {
    FailedCallException refused =
        FailedCallException.of(
            "iamcredentials.googleapis.com",
            "signJwt",
            response(403, IamJson.permissionDenied("iam.serviceAccounts.implicitDelegation")));

    assertThat(from(refused, ON_DELEGATE, ON_TARGET))
        .hasMessageContaining(" needs iam.serviceAccounts.implicitDelegation on delegate@p.")
        .hasMessageContaining(" needs iam.serviceAccounts.signJwt on target@p.");
  }

  @Test
  void from_permissionDeniedToEditPolicies_pointsToThePageOnPolicies() {
    RequiredGrant admin =
        new RequiredGrant(
            TARGET, "roles/iam.serviceAccountAdmin", Optional.of(Member.of("user:me@example.com")));

    assertThat(
            from(
                response(403, IamJson.permissionDenied("iam.serviceAccounts.setIamPolicy")), admin))
        .hasMessage(
            ACTION
                + " refused: Permission 'iam.serviceAccounts.setIamPolicy' denied on resource (or"
                + " it may not exist). (PERMISSION_DENIED, IAM_PERMISSION_DENIED)\n"
                + "It needs this grant:\n"
                + "  user:me@example.com needs iam.serviceAccounts.setIamPolicy on"
                + " target@p.iam.gserviceaccount.com:\n"
                + "    CrossAccountGrant.role(\"roles/iam.serviceAccountAdmin\","
                + " Member.of(\"user:me@example.com\")).on(ServiceAccount.of(\"target@p.iam.gserviceaccount.com\"))\n"
                + "    gcloud iam service-accounts add-iam-policy-binding"
                + " target@p.iam.gserviceaccount.com \\\n"
                + "        --member=user:me@example.com \\\n"
                + "        --role=roles/iam.serviceAccountAdmin \\\n"
                + "        --condition=None\n"
                + "Google's page: https://cloud.google.com/iam/docs/manage-access-service-accounts\n"
                + "See https://shortlived.github.io/short-lived-credentials/troubleshooting.html#permission-denied.");
  }

  @Test
  void from_lifetimeBeyondAnHour_namesTheConstraint() {
    String words = "The access token lifetime cannot exceed 3600 seconds. More.";

    assertThat(from(response(400, IamJson.error(400, "INVALID_ARGUMENT", words))))
        .isInstanceOf(CredentialException.InvalidRequest.class)
        .hasMessage(
            ACTION
                + " failed: The access token lifetime cannot exceed 3600 seconds. More."
                + " (INVALID_ARGUMENT) Request at most 1 hour, or have an administrator of the "
                + "organization add the service account to the policy constraint "
                + "constraints/iam.allowServiceAccountCredentialLifetimeExtension, which allows up "
                + "to 12 hours. See https://shortlived.github.io/short-lived-credentials/troubleshooting.html#lifetime-not-allowed.");
  }

  @Test
  void withSuffix_text_isBeforeTheLink() {
    assertThat(
            InternalExceptions.withSuffix(
                from(new IOException("Broken")), "\nDone before it: nothing."))
        .hasMessage(
            ACTION
                + " failed: Broken. (UNKNOWN)\nDone before it: nothing.\n"
                + "See https://shortlived.github.io/short-lived-credentials/troubleshooting.html#unexpected-failure.");
  }

  @Test
  void help_fixedMessage_isKnownAndNotInTheMessage() {
    assertThat(new CredentialException.InvalidRequest("Value, rule and fix."))
        .hasMessage("Value, rule and fix.")
        .extracting(CredentialException::help)
        .isEqualTo(
            "https://shortlived.github.io/short-lived-credentials/troubleshooting.html#invalid-request");
  }

  @Test
  void help_noTokenAfterAnEarlierFailure_isOfThatFailure() {
    CredentialException earlier = from(new ConnectException("Connection refused"));

    assertThat(InternalExceptions.unavailable("Late.").help())
        .isEqualTo(
            "https://shortlived.github.io/short-lived-credentials/troubleshooting.html#nothing-issued");
    assertThat(InternalExceptions.unavailable("Late.", earlier).help()).isEqualTo(earlier.help());
  }

  @Test
  void permission_deniedWithoutDetails_isReadFromTheMessage() {
    String words = "Permission 'iam.serviceAccounts.signJwt' denied on resource.";
    CredentialException e = from(response(403, IamJson.error(403, "PERMISSION_DENIED", words)));

    assertThat(((CredentialException.PermissionDenied) e).permission())
        .contains("iam.serviceAccounts.signJwt");
  }

  @Test
  void permission_denied_isTheOneTheServiceNamed() {
    assertThat(denied(List.of()).permission()).contains("iam.serviceAccounts.getAccessToken");
  }

  @Test
  void permission_deniedWithAnotherMessage_empty() {
    CredentialException e = from(response(403, IamJson.error(403, "PERMISSION_DENIED", "No.")));

    assertThat(((CredentialException.PermissionDenied) e).permission()).isEmpty();
  }

  @Test
  void requiredGrants_denied_areAsValues() {
    List<RequiredGrant> grants = new ArrayList<>(List.of(ON_DELEGATE));
    CredentialException.PermissionDenied e = denied(grants);
    grants.add(ON_TARGET);

    assertThat(e.requiredGrants()).containsExactly(ON_DELEGATE);
  }

  @Test
  void reasonAndMetadata_denied_areAvailable() {
    CredentialException e = denied(List.of());

    assertThat(e.reason()).contains("IAM_PERMISSION_DENIED");
    assertThat(e.metadata()).isEqualTo(Map.of("permission", "iam.serviceAccounts.getAccessToken"));
  }

  @Test
  void from_serviceDisabled_saysHowToEnableIt() {
    String body =
        """
        {"error": {"code": 403, "status": "PERMISSION_DENIED",
          "message": "IAM Service Account Credentials API has not been used in project 7 before or it is disabled.",
          "details": [{"@type": "type.googleapis.com/google.rpc.Help", "links": []},
            {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "SERVICE_DISABLED",
            "domain": "googleapis.com", "metadata":
              {"consumer": "projects/7", "service": "iamcredentials.googleapis.com"}}]}}\
        """;

    assertThat(from(response(403, body), ON_TARGET))
        .isInstanceOf(CredentialException.ServiceDisabled.class)
        .hasMessage(
            ACTION
                + " failed: IAM Service Account Credentials API has not been used in project 7"
                + " before or it is disabled. (PERMISSION_DENIED, SERVICE_DISABLED)\n"
                + "Enable it: gcloud services enable iamcredentials.googleapis.com --project=7\n"
                + "See https://shortlived.github.io/short-lived-credentials/troubleshooting.html#api-disabled.");
  }

  @Test
  void from_serviceDisabledWithoutMetadata_leavesGaps() {
    String body =
        """
        {"error": {"status": "PERMISSION_DENIED", "message": "Disabled.",
          "details": [{"reason": "SERVICE_DISABLED"}]}}\
        """;

    assertThat(from(response(403, body)).getMessage())
        .endsWith(
            "\nEnable it: gcloud services enable SERVICE --project=PROJECT\n"
                + "See https://shortlived.github.io/short-lived-credentials/troubleshooting.html#api-disabled.");
  }

  @Test
  void from_serviceDisabledWithShellCharacters_quotesThem() {
    String body =
        """
        {"error": {"status": "PERMISSION_DENIED", "message": "Disabled.",
          "details": [{"reason": "SERVICE_DISABLED",
            "metadata": {"consumer": "projects/$(id)", "service": "a; id"}}]}}\
        """;

    assertThat(from(response(403, body)))
        .asInstanceOf(type(CredentialException.ServiceDisabled.class))
        .extracting(CredentialException.ServiceDisabled::gcloudCommand)
        .isEqualTo("gcloud services enable 'a; id' --project='$(id)'");
    assertThat(from(response(403, body)))
        .hasMessageContaining("\nEnable it: gcloud services enable 'a; id' --project='$(id)'\n");
  }

  @Test
  void from_insufficientScope_namesTheScopeAndNoGrant() {
    String body =
        """
        {"error": {"status": "PERMISSION_DENIED",
          "message": "Request had insufficient authentication scopes.",
          "details": [{"reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}]}}\
        """;

    assertThat(from(response(403, body), ON_TARGET))
        .isInstanceOf(CredentialException.SourceCredentials.class)
        .hasMessage(
            ACTION
                + " failed: Request had insufficient authentication scopes. (PERMISSION_DENIED,"
                + " ACCESS_TOKEN_SCOPE_INSUFFICIENT) Give the source credentials the scope"
                + " https://www.googleapis.com/auth/cloud-platform. See"
                + " https://shortlived.github.io/short-lived-credentials/troubleshooting.html#missing-scope.");
  }

  @Test
  void from_tokenRejected_isASourceFailure() {
    assertThat(from(response(401, IamJson.error(401, "UNAUTHENTICATED", "Bad token."))))
        .isInstanceOf(CredentialException.SourceCredentials.class)
        .hasMessage(
            ACTION
                + " failed: Bad token. (UNAUTHENTICATED) The service did not accept the source's"
                + " token. See https://shortlived.github.io/short-lived-credentials/troubleshooting.html#source-token-rejected.");
  }

  @Test
  void from_sourceFailure_saysThatTheCallWasNeverMade() {
    String body =
        """
        {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}\
        """;

    assertThat(from(new SourceFailureException(new IOException("x", response(400, body)))))
        .isInstanceOf(CredentialException.SourceCredentials.class)
        .hasMessage(
            ACTION
                + " failed because the source credentials returned no token: invalid_grant: "
                + "Invalid JWT"
                + " Signature. (INVALID_ARGUMENT, invalid_grant) See"
                + " https://shortlived.github.io/short-lived-credentials/troubleshooting.html#no-source-token.");
  }

  @Test
  void from_sourceFailureOfNotFound_isNotNotFound() {
    assertThat(from(new SourceFailureException(response(404, "no such page"))))
        .isInstanceOf(CredentialException.SourceCredentials.class)
        .hasMessageStartingWith(
            ACTION + " failed because the source credentials returned no token: HTTP 404");
  }

  @Test
  void from_sourceFailureWithoutService_quotesIt() {
    assertThat(from(new SourceFailureException(new IllegalStateException("Cannot refresh."))))
        .isInstanceOf(CredentialException.SourceCredentials.class)
        .hasMessage(
            ACTION
                + " failed because the source credentials returned no token: Cannot refresh."
                + " (UNAUTHENTICATED) See https://shortlived.github.io/short-lived-credentials/troubleshooting.html#no-source-token.");
  }

  @Test
  void from_transientSourceFailure_isUnavailable() {
    assertThat(from(new SourceFailureException(new ConnectException("Connection refused"))))
        .isInstanceOf(CredentialException.Unavailable.class);
  }

  @Test
  void from_plainIoFault_doesNotBlameTheSource() {
    assertThat(from(new IOException("Broken")))
        .isInstanceOf(CredentialException.Unavailable.class)
        .hasMessage(
            ACTION
                + " failed: Broken. (UNKNOWN) See https://shortlived.github.io/short-lived-credentials/troubleshooting.html#unexpected-failure.");
  }

  @Test
  void from_nestedCredentialException_isReturnedUnchanged() {
    CredentialException inner = new CredentialException.InvalidRequest("Inner.");

    assertThat(from(new IllegalStateException(new IOException(inner)))).isSameAs(inner);
  }

  @Test
  void from_responseWithSecrets_messageRedactsThem() {
    String body = IamJson.error(400, "INVALID_ARGUMENT", "Bad token ya29.c.b0AXv0zTO-xyz here");

    assertThat(from(response(400, body)))
        .hasMessage(
            ACTION
                + " failed: Bad token [redacted] here. (INVALID_ARGUMENT) See"
                + " https://shortlived.github.io/short-lived-credentials/troubleshooting.html#request-rejected.");
  }

  @Test
  void from_metadataWithSecrets_isRedacted() {
    String body =
        """
        {"error": {"status": "INVALID_ARGUMENT", "message": "No.", "details": [
          {"reason": "BAD ya29.reason", "metadata": {"token": "ya29.metadata"}}]}}\
        """;
    CredentialException e = from(response(400, body));

    assertThat(e.reason()).contains("BAD [redacted]");
    assertThat(e.metadata()).isEqualTo(Map.of("token", "[redacted]"));
  }

  @Test
  void statusReasonMetadata_refusedBeforeTheNetwork_areEmpty() {
    assertThatThrownBy(() -> ServiceAccount.of("nobody"))
        .isInstanceOfSatisfying(
            CredentialException.InvalidRequest.class,
            e -> {
              assertThat(e.status()).isEmpty();
              assertThat(e.reason()).isEmpty();
              assertThat(e.metadata()).isEmpty();
              assertThat(e.service()).isEmpty();
              assertThat(e.method()).isEmpty();
              assertThat(e.httpStatus()).isEmpty();
              assertThat(e.requestId()).isEmpty();
              assertThat(e.attempts()).isZero();
              assertThat(e.elapsed()).isZero();
            });
  }

  private static CredentialException.PermissionDenied denied(List<RequiredGrant> grants) {
    String body = IamJson.permissionDenied("iam.serviceAccounts.getAccessToken");
    CredentialException e = from(response(403, body), grants.toArray(RequiredGrant[]::new));
    return (CredentialException.PermissionDenied) e;
  }

  private static CredentialException from(Throwable cause, RequiredGrant... grants) {
    return InternalExceptions.translate(cause, ACTION, () -> List.of(grants), source -> List.of());
  }

  private static HttpResponseException response(int status, String body) {
    return new HttpResponseException.Builder(status, "Reason", new HttpHeaders())
        .setContent(body)
        .build();
  }

  @Test
  void from_refusalOfComputeEngine_namesThePermissionAndARole() {
    assertThat(
            from(
                response(
                    403,
                    forbidden("Required 'compute.instances.list' permission for 'projects/p'"))))
        .isInstanceOfSatisfying(
            CredentialException.PermissionDenied.class,
            denied -> assertThat(denied.permission()).contains("compute.instances.list"))
        .hasMessage(
            ACTION
                + " refused: Required 'compute.instances.list' permission for 'projects/p'."
                + " (PERMISSION_DENIED, forbidden) See https://shortlived.github.io/short-lived-credentials/troubleshooting.html#permission-denied.");
  }

  @Test
  void from_otherRefusalOfComputeEngine_isNoMissingPermission() {
    assertThat(from(response(403, forbidden("Required 'compute.instances.list' was said."))))
        .isInstanceOfSatisfying(
            CredentialException.PermissionDenied.class,
            denied -> assertThat(denied.permission()).isEmpty())
        .hasMessageEndingWith(
            " (PERMISSION_DENIED, forbidden) See https://shortlived.github.io/short-lived-credentials/troubleshooting.html#denied-outside-iam.");
  }

  /** Returns the response of Compute Engine, without status and details. */
  private static String forbidden(String message) {
    return """
        {"error": {"code": 403, "message": "%1$s", "errors": [
          {"message": "%1$s", "domain": "global", "reason": "forbidden"}]}}"""
        .formatted(message);
  }

  @Test
  void from_refusalThatNoGrantFixes_namesNoGrant() {
    String body =
        """
        {"error": {"code": 403, "status": "PERMISSION_DENIED", "message": "Prohibited by perimeter",
          "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "SECURITY_POLICY_VIOLATED", "domain": "googleapis.com"}]}}\
        """;
    CredentialException refusal = from(response(403, body), ON_DELEGATE);
    assertThat(refusal)
        .isInstanceOfSatisfying(
            CredentialException.PermissionDenied.class,
            denied -> assertThat(denied.requiredGrants()).isEmpty())
        .hasMessage(
            ACTION
                + " failed: Prohibited by perimeter."
                + " (PERMISSION_DENIED, SECURITY_POLICY_VIOLATED) See"
                + " https://shortlived.github.io/short-lived-credentials/troubleshooting.html#denied-outside-iam.");
  }
}
