package io.github.shortlived;

import static io.github.shortlived.DemoProject.ADMIN;
import static io.github.shortlived.DemoProject.DELEGATE_1;
import static io.github.shortlived.DemoProject.PROJECT;
import static io.github.shortlived.DemoProject.TARGET;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.rpc.Code;
import io.github.shortlived.account.ServiceAccounts;
import io.github.shortlived.compute.ComputeInstances;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.model.AccessBoundaryRule;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.testing.EmulatorCall;
import io.github.shortlived.testing.EmulatorFaults;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks that every call of every service is retried by the same rule. */
class OneRetryRuleTest {
  private static final RetryPolicy AT_ONCE =
      new RetryPolicy(Duration.ofNanos(1), Duration.ofNanos(1), Duration.ofMinutes(1), true);

  private final DemoProject demo = new DemoProject();
  private ShortLivedCredentials credentials = open(false);

  @BeforeEach
  void grant() {
    demo.grants().apply(CrossAccountGrant.tokenCreator(ADMIN).on(TARGET));
    demo.emulator().addProjectBinding(PROJECT, "roles/compute.viewer", Member.of(TARGET).id());
  }

  /** Opens credentials of a project's owner, who may call all methods. */
  private ShortLivedCredentials open(boolean grpc) {
    ShortLivedCredentials.Builder builder = demo.listening(ADMIN, event -> {}).retryPolicy(AT_ONCE);
    return grpc ? builder.grpc().build() : builder.build();
  }

  @AfterEach
  void close() {
    credentials.close();
    demo.close();
  }

  /** A method and an operation of this library that calls it. */
  private record Call(String method, Consumer<ShortLivedCredentials> operation) {
    @Override
    public String toString() {
      return method;
    }
  }

  static Stream<Call> everyCall() {
    return Stream.of(
        new Call("generateAccessToken", c -> c.accessToken(TARGET, CLOUD_PLATFORM)),
        new Call("generateIdToken", c -> c.idToken(TARGET, "https://service.example.com")),
        new Call("signJwt", c -> c.signJwt(TARGET, JwtClaims.expiringIn(Duration.ofMinutes(5)))),
        new Call("signJwt", c -> c.selfSignedJwt(TARGET, "https://pubsub.googleapis.com/")),
        new Call("signJwt", c -> userToken(c)),
        new Call("generateAccessToken", c -> downscopedToken(c)),
        new Call("signBlob", c -> c.signBlob(TARGET, new byte[] {1})),
        new Call("getIamPolicy", by(grants -> grants.planSweep(List.of(TARGET)))),
        new Call("listServiceAccounts", by(grants -> grants.planSweepOfProject(PROJECT))),
        new Call("instances.list", OneRetryRuleTest::listInstances),
        new Call("createServiceAccount", on(accounts -> accounts.create(PROJECT, "new-account"))),
        new Call("getServiceAccount", on(accounts -> accounts.get(TARGET))),
        new Call("listServiceAccounts", on(accounts -> accounts.list(PROJECT))),
        new Call("disableServiceAccount", on(accounts -> accounts.disable(DELEGATE_1))),
        new Call("enableServiceAccount", on(accounts -> accounts.enable(DELEGATE_1))),
        new Call("deleteServiceAccount", on(accounts -> accounts.delete(DELEGATE_1))),
        new Call("undeleteServiceAccount", on(OneRetryRuleTest::undelete)),
        new Call(
            "testIamPermissions",
            on(accounts -> accounts.awaitUsable(TARGET, Duration.ZERO, delay -> {}))));
  }

  /** The token endpoints, whose calls are authenticated by the token that they exchange. */
  static Stream<Call> everyExchange() {
    return Stream.of(
        new Call("token", OneRetryRuleTest::userToken),
        new Call("sts.token", OneRetryRuleTest::downscopedToken));
  }

  private static void userToken(ShortLivedCredentials credentials) {
    assertThat(credentials.accessTokenForUser(TARGET, "delegating@example.com", CLOUD_PLATFORM))
        .isNotNull();
  }

  private static void downscopedToken(ShortLivedCredentials credentials) {
    AccessBoundaryRule rule = AccessBoundaryRule.onBucket("reports", "roles/storage.objectViewer");
    assertThat(credentials.downscopedToken(TARGET, rule)).isNotNull();
  }

  private static Consumer<ShortLivedCredentials> by(Function<Grants, ?> work) {
    return credentials -> {
      try (Grants grants = Grants.using(credentials)) {
        assertThat(work.apply(grants)).isNotNull();
      }
    };
  }

  private static Consumer<ShortLivedCredentials> on(Consumer<ServiceAccounts> work) {
    return credentials -> {
      try (ServiceAccounts accounts = ServiceAccounts.using(credentials)) {
        work.accept(accounts);
      }
    };
  }

  private static void undelete(ServiceAccounts accounts) {
    ServiceAccount deleted = ServiceAccount.of(accounts.get(DELEGATE_1).uniqueId());
    accounts.delete(DELEGATE_1);
    assertThat(accounts.undelete(deleted).account()).isEqualTo(DELEGATE_1);
  }

  private static void listInstances(ShortLivedCredentials credentials) {
    try (ComputeInstances compute = ComputeInstances.using(credentials, TARGET)) {
      assertThat(compute.list(PROJECT, "us-west1-a")).isNotEmpty();
    }
  }

  private long calls(Call call) {
    return demo.emulator().calls().stream().filter(c -> c.method().equals(call.method)).count();
  }

  @ParameterizedTest
  @MethodSource("everyCall")
  void call_transientFaults_isRetriedOverHttpJson(Call call) {
    assertRetried(call);
  }

  @ParameterizedTest
  @MethodSource("everyCall")
  void call_transientFaults_isRetriedOverGrpc(Call call) {
    credentials.close();
    credentials = open(true);
    assertRetried(call);
  }

  private void assertRetried(Call call) {
    injectTransientFaults(call);
    demo.emulator().faults().on(call.method).times(1).fail(Code.UNAUTHENTICATED);
    long before = calls(call);
    call.operation.accept(credentials);
    assertThat(calls(call) - before).isGreaterThanOrEqualTo(6);
  }

  private void injectTransientFaults(Call call) {
    EmulatorFaults faults = demo.emulator().faults();
    faults.on(call.method).times(1).fail(Code.UNAVAILABLE);
    faults.on(call.method).times(1).fail(Code.DEADLINE_EXCEEDED);
    faults.on(call.method).times(1).fail(Code.RESOURCE_EXHAUSTED);
    faults.on(call.method).times(1).fail(Code.INTERNAL);
  }

  @ParameterizedTest
  @MethodSource("everyExchange")
  void exchange_transientFaults_isRetriedWithoutAnotherFirstCall(Call call) {
    injectTransientFaults(call);
    call.operation.accept(credentials);
    assertThat(calls(call)).isEqualTo(5);
    assertThat(demo.emulator().calls().stream().map(EmulatorCall::method))
        .filteredOn(method -> method.equals("signJwt") || method.equals("generateAccessToken"))
        .hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("everyExchange")
  void exchange_permanentFault_isMadeOnce(Call call) {
    call_permanentFault_isMadeOnce(call);
  }

  @ParameterizedTest
  @MethodSource("everyCall")
  void call_permanentFault_isMadeOnce(Call call) {
    demo.emulator().faults().on(call.method).fail(Code.INVALID_ARGUMENT);
    long before = calls(call);
    assertThatThrownBy(() -> call.operation.accept(credentials))
        .isInstanceOf(CredentialException.InvalidRequest.class);
    assertThat(calls(call) - before).isOne();
  }
}
