package io.github.shortlived.diagnosis;

import static io.github.shortlived.DemoProject.ADMIN;
import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.DELEGATE_1;
import static io.github.shortlived.DemoProject.DELEGATE_2;
import static io.github.shortlived.DemoProject.PROJECT;
import static io.github.shortlived.DemoProject.TARGET;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.auth.oauth2.GoogleCredentials;
import com.google.cloud.iam.admin.v1.IAMClient;
import com.google.iam.admin.v1.CreateServiceAccountRequest;
import com.google.iam.admin.v1.DeleteServiceAccountRequest;
import io.github.shortlived.InternalCredentials;
import io.github.shortlived.RetryPolicy;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.audit.AccessAudit;
import io.github.shortlived.diagnosis.Diagnosis.Step;
import io.github.shortlived.diagnosis.Diagnosis.Step.Status;
import io.github.shortlived.diagnosis.Fact.Evidence;
import io.github.shortlived.diagnosis.Finding.Kind;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.internal.client.GoogleApiClient;
import io.github.shortlived.internal.client.Retrier;
import io.github.shortlived.internal.client.SourceCredentials;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.Scopes;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.Target;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.testing.EmulatorBuilder;
import io.github.shortlived.testing.IamEmulator;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** A caller, two delegates and a target without grants, on an emulator whose clock stands still. */
final class DiagnosisDemo implements AutoCloseable {
  static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

  final IamEmulator emulator;
  private final ShortLivedCredentials admin;
  final Grants grants;
  final AccessAudit audit;
  private final List<ShortLivedCredentials> opened = new ArrayList<>();

  DiagnosisDemo() {
    this(world -> world);
  }

  /** Adds something to the world, or sets another clock. */
  DiagnosisDemo(UnaryOperator<EmulatorBuilder> more) {
    this.emulator =
        more.apply(
                IamEmulator.builder()
                    .clock(InstantSource.fixed(NOW))
                    .serviceAccount(CALLER.id())
                    .serviceAccount(DELEGATE_1.id())
                    .serviceAccount(DELEGATE_2.id())
                    .serviceAccount(TARGET.id())
                    .projectBinding(PROJECT, "roles/owner", ADMIN.id()))
            .start();
    this.admin = emulator.credentialsFor(ADMIN);
    this.grants = Grants.using(admin);
    this.audit = AccessAudit.using(admin);
  }

  /** Returns credentials without retries, so that no test waits. */
  ShortLivedCredentials from(GoogleCredentials source) {
    return opened(options().source(source));
  }

  ShortLivedCredentials fromKey(String json) {
    return opened(options().keyJson(json));
  }

  ShortLivedCredentials as(Member member) {
    return from(emulator.googleCredentials(member.id()));
  }

  /** Returns the caller's credentials on a machine whose clock is wrong. */
  ShortLivedCredentials withClockAheadBy(Duration ahead) {
    return opened(
        options()
            .source(emulator.googleCredentials(Member.of(CALLER).id()))
            .clock(() -> emulator.clock().instant().plus(ahead)));
  }

  ShortLivedCredentials.Builder options() {
    return ShortLivedCredentials.builder()
        .endpoints(emulator.endpoints())
        .httpTransportFactory(emulator.httpTransportFactory())
        .clock(emulator.clock())
        .retryPolicy(RetryPolicy.none());
  }

  ShortLivedCredentials opened(ShortLivedCredentials.Builder options) {
    ShortLivedCredentials credentials = options.build();
    opened.add(credentials);
    return credentials;
  }

  /** Returns diagnostics that read policies as the caller, who cannot read them. */
  Diagnostics readingAsCaller() {
    return Diagnostics.using(as(Member.of(CALLER)));
  }

  /** Returns diagnostics that read policies as the administrator. */
  Diagnostics readingAsAdmin() {
    return readingAsCaller().readingPoliciesWith(audit);
  }

  Diagnosis diagnose(Target target) {
    return readingAsAdmin().diagnose(target);
  }

  /** Grants the role Token Creator to this account. */
  void grant(ServiceAccount member, ServiceAccount on) {
    grant(CrossAccountGrant.TOKEN_CREATOR, Member.of(member), on);
  }

  void grant(String role, Member member, ServiceAccount on) {
    apply(new CrossAccountGrant(List.of(new Binding(on, role, member))));
  }

  void apply(CrossAccountGrant grant) {
    grants.apply(grant);
  }

  /** Deletes the account and creates another with the same name. */
  void recreate(ServiceAccount account) throws Exception {
    SourceCredentials source =
        SourceCredentials.of(
            InternalCredentials.context(admin).source().scoped(), Scopes.CLOUD_PLATFORM);
    Deadline deadline = Retrier.deadlineIn(Duration.ofMinutes(1));
    try (GoogleApiClient<IAMClient> iam = GoogleApiClient.iam(emulator.endpoints().iam())) {
      iam.call(
          "deleteServiceAccount",
          IAMClient::deleteServiceAccountCallable,
          DeleteServiceAccountRequest.newBuilder()
              .setName("projects/" + PROJECT + "/serviceAccounts/" + account)
              .build(),
          source,
          deadline);
      iam.call(
          "createServiceAccount",
          IAMClient::createServiceAccountCallable,
          CreateServiceAccountRequest.newBuilder()
              .setName("projects/" + PROJECT)
              .setAccountId(account.id().replaceFirst("@.*", ""))
              .build(),
          source,
          deadline);
    }
  }

  /** Counts the calls by method. */
  Map<String, Long> calls() {
    return emulator.calls().stream()
        .collect(Collectors.groupingBy(call -> call.method(), Collectors.counting()));
  }

  /** Returns the only finding. */
  static Finding only(Diagnosis diagnosis) {
    assertThat(diagnosis.works()).isFalse();
    assertThat(diagnosis.findings()).hasSize(1);
    return diagnosis.findings().get(0);
  }

  static void assertInferred(Finding finding, Kind kind) {
    assertThat(finding.kind()).isEqualTo(kind);
    assertThat(finding.evidence()).isEqualTo(Evidence.INFERRED);
  }

  static List<Status> statuses(Diagnosis diagnosis) {
    return diagnosis.steps().stream().map(Step::status).toList();
  }

  /** Applies the grant of the remedy and asserts that the request then works. */
  void assertCures(Diagnosis diagnosis) {
    grants.plan(only(diagnosis).remedy().grant().orElseThrow()).apply();
    assertThat(readingAsAdmin().diagnose(diagnosis.request()).works()).isTrue();
  }

  @Override
  public void close() {
    opened.forEach(ShortLivedCredentials::close);
    grants.close();
    audit.close();
    admin.close();
    emulator.close();
  }
}
