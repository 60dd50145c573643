package io.github.shortlived;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.shortlived.account.NewServiceAccount;
import io.github.shortlived.account.ServiceAccounts;
import io.github.shortlived.audit.AccessAudit;
import io.github.shortlived.compute.ComputeInstances;
import io.github.shortlived.diagnosis.Diagnostics;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.grant.GrantPlan;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.grant.HeldGrant;
import io.github.shortlived.grant.PropagationWait;
import io.github.shortlived.model.AccessBoundaryRule;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.SignedBlob;
import io.github.shortlived.model.Target;
import io.github.shortlived.testing.IamEmulator;
import io.github.shortlived.verify.IdTokenExpectation;
import io.github.shortlived.verify.JwtExpectation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls every public method of each closeable type after close(). */
class AfterCloseTest {
  private static final ServiceAccount ACCOUNT = ServiceAccount.of("123456789012345678901");
  private static final ServiceAccount SIGNER =
      ServiceAccount.of("sa-1@demo-project.iam.gserviceaccount.com");
  private static final AccessTokenRequest REQUEST = AccessTokenRequest.of(SIGNER, CLOUD_PLATFORM);
  private static final CrossAccountGrant GRANT =
      CrossAccountGrant.tokenCreator(Member.of("user:me@example.com")).on(SIGNER);

  /** Methods that need no connection and stay usable, with those that every object has. */
  private static final Set<String> STILL_USABLE =
      Set.of(
          "close",
          "toString",
          "equals",
          "hashCode",
          "clock",
          "endpoints",
          "cacheHitCount",
          "invalidate",
          "httpEndpoint",
          "grpcEndpoint",
          "calls");

  private static final Map<String, Object> BY_NAME = new HashMap<>();
  private static final Map<Class<?>, Object> BY_TYPE = new HashMap<>();

  private static IamEmulator open;
  private static ShortLivedCredentials openCredentials;
  private static ShortLivedCredentials closed;

  @BeforeAll
  static void start() {
    open = IamEmulator.demo().start();
    openCredentials = open.credentialsFor(Member.of("user:admin@example.com"));
    closed = open.credentialsFor(SIGNER);
    closed.close();
    addArguments();
  }

  private static void addArguments() {
    BY_NAME.put("user", "me@example.com");
    BY_NAME.put("email", "me@example.com");
    BY_NAME.put("member", "user:me@example.com");
    BY_NAME.put("accountEmail", SIGNER.id());
    BY_NAME.put("audience", "https://pubsub.googleapis.com/");
    BY_NAME.put("caller", SIGNER);
    BY_NAME.put("scopes", new String[] {CLOUD_PLATFORM});
    BY_NAME.put(
        "rules",
        new AccessBoundaryRule[] {
          AccessBoundaryRule.onBucket("my-bucket", "roles/storage.objectViewer")
        });
    BY_TYPE.put(String.class, "demo-project");
    BY_TYPE.put(Duration.class, Duration.ZERO);
    BY_TYPE.put(byte[].class, new byte[1]);
    BY_TYPE.put(Consumer.class, (Consumer<Object>) any -> {});
    for (Object value :
        List.of(
            ACCOUNT,
            REQUEST,
            GRANT,
            Member.of("user:me@example.com"),
            IdTokenRequest.of(SIGNER, "orders"),
            JwtClaims.expiringIn(Duration.ofMinutes(5)),
            NewServiceAccount.of("demo-project", "new-account"),
            PropagationWait.standard(),
            openCredentials,
            IdTokenExpectation.of("orders"),
            JwtExpectation.ofAnyAudience(SIGNER),
            signedBlob())) {
      BY_TYPE.put(value.getClass(), value);
    }
    BY_TYPE.put(Target.class, SIGNER);
    BY_TYPE.put(Collection.class, List.of(SIGNER));
  }

  private static SignedBlob signedBlob() {
    try (ShortLivedCredentials key =
        ShortLivedCredentials.fromKeyJson(open.serviceAccountKey(SIGNER.id()))) {
      return key.signBlob(Target.self(), new byte[1]);
    }
  }

  @AfterAll
  static void stop() {
    openCredentials.close();
    open.close();
  }

  static Stream<Named<AutoCloseable>> closeables() {
    Grants grants = Grants.using(openCredentials);
    BY_TYPE.put(GrantPlan.class, grants.plan(GRANT));
    return Stream.of(
            closed,
            grants,
            AccessAudit.using(openCredentials),
            ServiceAccounts.using(openCredentials),
            ComputeInstances.using(openCredentials, SIGNER),
            open.tokenVerification(),
            IamEmulator.demo().start())
        .map(closeable -> Named.of(closeable.getClass().getSimpleName(), closeable));
  }

  @ParameterizedTest
  @MethodSource("closeables")
  void everyMethod_afterClose_throwsIllegalState(AutoCloseable closeable) throws Exception {
    closeable.close();
    List<Method> methods =
        Arrays.stream(closeable.getClass().getDeclaredMethods())
            .filter(method -> Modifier.isPublic(method.getModifiers()))
            .filter(method -> !Modifier.isStatic(method.getModifiers()) && !method.isSynthetic())
            .filter(method -> !STILL_USABLE.contains(method.getName()))
            .toList();
    assertThat(methods).isNotEmpty();
    for (Method method : methods) {
      Object[] arguments =
          Arrays.stream(method.getParameters()).map(AfterCloseTest::argument).toArray();
      assertThatThrownBy(() -> invoke(method, closeable, arguments))
          .as(method.toString())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageMatching("Th.* closed");
    }
    closeable.close();
    assertThat(closeable.toString()).endsWith("closed]");
  }

  private static Object argument(Parameter parameter) {
    Class<?> type = parameter.getType();
    Object named = BY_NAME.get(parameter.getName());
    if (type.isInstance(named)) {
      return named;
    }
    return Optional.ofNullable(BY_TYPE.get(type))
        .or(() -> BY_TYPE.values().stream().filter(type::isInstance).findFirst())
        .orElseThrow(() -> new AssertionError("No argument for " + parameter));
  }

  private static Object invoke(Method method, Object object, Object[] arguments) throws Throwable {
    try {
      return method.invoke(object, arguments);
    } catch (InvocationTargetException e) {
      throw Objects.requireNonNull(e.getCause());
    }
  }

  static Stream<Arguments> usersOfClosedCredentials() {
    return Stream.of(
        caseOf("Grants.using", () -> Grants.using(closed)),
        caseOf("AccessAudit.using", () -> AccessAudit.using(closed)),
        caseOf("ServiceAccounts.using", () -> ServiceAccounts.using(closed)),
        caseOf("ComputeInstances.using", () -> ComputeInstances.using(closed, SIGNER)),
        caseOf("Diagnostics.using", () -> Diagnostics.using(closed)));
  }

  private static Arguments caseOf(String name, ThrowingCallable call) {
    return Arguments.of(Named.of(name, call));
  }

  @ParameterizedTest
  @MethodSource("usersOfClosedCredentials")
  void using_closedCredentials_throwsIllegalState(ThrowingCallable using) {
    assertThatThrownBy(using)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("These ShortLivedCredentials are closed");
  }

  @Test
  void madeBefore_credentialsClosedSince_throwIllegalState() {
    ShortLivedCredentials credentials = open.credentialsFor(SIGNER);
    TokenSource<AccessToken> source = credentials.tokenSource(REQUEST);
    BulkIssuer bulk = credentials.bulkIssuer();
    Diagnostics diagnostics = Diagnostics.using(credentials);
    RequestHeaders headers =
        RequestHeaders.of(credentials.googleCredentials(Target.self(), CLOUD_PLATFORM));
    credentials.close();
    assertClosed(source::get);
    assertClosed(() -> source.get(Duration.ZERO));
    assertClosed(() -> bulk.issue(List.of(REQUEST)));
    assertClosed(() -> diagnostics.diagnose(SIGNER));
    assertClosed(headers::get);
  }

  /** Applying and revoking need a connection: close the grants last. */
  @Test
  void planAndHeldGrant_grantsClosedBefore_throwIllegalState() {
    Grants grants = Grants.using(openCredentials);
    GrantPlan plan = grants.plan(GRANT);
    HeldGrant held = grants.hold(GRANT);
    grants.close();
    assertThatThrownBy(plan::apply).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(held::close).isInstanceOf(IllegalStateException.class);
  }

  private static void assertClosed(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("These ShortLivedCredentials are closed");
  }
}
