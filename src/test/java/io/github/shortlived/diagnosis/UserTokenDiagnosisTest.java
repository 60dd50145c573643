package io.github.shortlived.diagnosis;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.TARGET;
import static io.github.shortlived.diagnosis.DiagnosisDemo.assertInferred;
import static io.github.shortlived.diagnosis.DiagnosisDemo.only;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.rpc.Code;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.diagnosis.Finding.Kind;
import io.github.shortlived.model.CredentialEvent;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.Member;
import io.github.shortlived.policy.TokenPermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Diagnoses of requests for a user's token, which come from events. */
class UserTokenDiagnosisTest {
  private static final String DELEGATING = "me@example.com";

  private final DiagnosisDemo demo =
      new DiagnosisDemo(
          world -> world.domainWideDelegation(TARGET.id(), DELEGATING, CLOUD_PLATFORM));

  @AfterEach
  void close() {
    demo.close();
  }

  /** Diagnoses the request of the last event. */
  private Diagnosis diagnose(String user) {
    List<CredentialRequest<?>> requests = new ArrayList<>();
    ShortLivedCredentials caller =
        demo.opened(
            demo.options()
                .source(demo.emulator.googleCredentials(Member.of(CALLER).id()))
                .listener(event -> requests.addAll(requestOf(event))));
    Throwable unused =
        catchThrowable(
            () -> caller.googleCredentials(TARGET, CLOUD_PLATFORM).createDelegated(user).refresh());
    CredentialRequest<?> last = Objects.requireNonNull(requests.get(requests.size() - 1));
    return Diagnostics.using(caller).readingPoliciesWith(demo.audit).diagnose(last);
  }

  private static List<CredentialRequest<?>> requestOf(CredentialEvent event) {
    if (event instanceof CredentialEvent.IssueFailed refused) {
      return List.of(refused.request());
    }
    return event instanceof CredentialEvent.Issued issued ? List.of(issued.request()) : List.of();
  }

  @Test
  void diagnose_domainDelegates_works() {
    demo.grant(CALLER, TARGET);
    Diagnosis diagnosis = diagnose(DELEGATING);
    assertThat(diagnosis.works()).isTrue();
    assertThat(diagnosis.toString())
        .startsWith("caller@demo-project -> target@demo-project, user's access token: works\n");
  }

  @Test
  void diagnose_domainDoesNotDelegate_proposesTheDelegation() {
    demo.grant(CALLER, TARGET);
    Diagnosis diagnosis = diagnose("other@example.com");
    assertInferred(only(diagnosis), Kind.DOMAIN_NOT_DELEGATED);
    assertThat(diagnosis.toString())
        .endsWith(
            """
            +- caller@demo-project -> target@demo-project: works
            |  \\- observed: a signed JWT of target@demo-project was issued and discarded
            \\- a user's access token: FAILS: the domain does not delegate
               +- observed: Issuing an access token of other@example.com by domain-wide delegation to target@demo-project refused: HTTP 401 Unauthorized. (UNAUTHENTICATED)
               +- inferred: the user's domain does not allow target@demo-project to act for its users, or not with each of these scopes
               \\- fix: have an administrator of the domain delegate each scope to the account's client ID, its unique ID: Admin console, Security, API controls, Domain-wide delegation
                  \\- gcloud iam service-accounts describe target@demo-project.iam.gserviceaccount.com --format='value(uniqueId)'""");
  }

  @Test
  void diagnose_callerMayNotSign_blamesTheMissingGrant() {
    Diagnosis diagnosis = diagnose(DELEGATING);
    assertInferred(only(diagnosis), Kind.GRANT_MISSING);
    assertThat(diagnosis.firstFailure().orElseThrow().stage())
        .isEqualTo(new Stage.Grant(diagnosis.caller(), TARGET, TokenPermission.SIGN_JWT));
    demo.assertCures(diagnosis);
  }

  @Test
  void diagnose_tokenEndpointDown_doesNotBlameIam() {
    demo.grant(CALLER, TARGET);
    demo.emulator.faults().on("token").fail(Code.UNAVAILABLE);
    Diagnosis diagnosis = diagnose(DELEGATING);
    assertThat(only(diagnosis).kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(diagnosis.firstFailure().orElseThrow().stage()).isInstanceOf(Stage.Request.class);
  }
}
