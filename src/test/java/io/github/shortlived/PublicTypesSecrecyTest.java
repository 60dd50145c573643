package io.github.shortlived;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.api.client.http.HttpHeaders;
import com.google.api.client.http.HttpResponseException;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.common.base.Throwables;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.github.shortlived.BulkIssuer.Outcome;
import io.github.shortlived.account.NewServiceAccount;
import io.github.shortlived.account.ServiceAccounts;
import io.github.shortlived.audit.AccessAudit;
import io.github.shortlived.audit.AccessPaths;
import io.github.shortlived.audit.AccountAccess;
import io.github.shortlived.compute.ComputeInstances;
import io.github.shortlived.config.CredentialConfigPolicy;
import io.github.shortlived.diagnosis.Diagnosis;
import io.github.shortlived.diagnosis.Diagnosis.Step;
import io.github.shortlived.diagnosis.Diagnostics;
import io.github.shortlived.diagnosis.Stage;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.grant.GrantPlan;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.grant.PropagationProbe;
import io.github.shortlived.grant.PropagationWait;
import io.github.shortlived.logging.CredentialLog;
import io.github.shortlived.metrics.CredentialMetrics;
import io.github.shortlived.model.AccessBoundaryRule;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialEvent;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.DelegationChain;
import io.github.shortlived.model.DownscopedTokenRequest;
import io.github.shortlived.model.Endpoints;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.RequiredGrant;
import io.github.shortlived.model.SelfSignedJwtRequest;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.SignBlobRequest;
import io.github.shortlived.model.SignJwtRequest;
import io.github.shortlived.model.Target;
import io.github.shortlived.model.UserTokenRequest;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.Condition;
import io.github.shortlived.testing.IamEmulator;
import io.github.shortlived.testing.SecretSearch;
import io.github.shortlived.testing.WorkloadIdentityProvider;
import io.github.shortlived.testing.junit.IamEmulatorExtension;
import io.github.shortlived.verify.IdTokenExpectation;
import io.github.shortlived.verify.JwtExpectation;
import io.github.shortlived.verify.TokenVerification;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Checks that no object of a public type, of the library or its testing artifact, contains a secret
 * in its {@code toString} or serialized form. The types are read from the compiled classes: a new
 * type fails until this test creates an object of it.
 */
class PublicTypesSecrecyTest {
  private static final String SECRET = "ya29.c.b0the-secret-that-is-never-printed";
  private static final ServiceAccount CALLER = AdapterWorld.CALLER;
  private static final ServiceAccount TARGET = AdapterWorld.TARGET;
  private static final String ADMIN = "user:admin@example.com";

  private static final SecretSearch SEARCH = SecretSearch.start();
  private static final Map<Class<?>, Object> OBJECTS = new LinkedHashMap<>();
  private static final List<AutoCloseable> OPEN = new ArrayList<>();

  @BeforeAll
  static void makeOneOfEach() {
    IamEmulator emulator =
        opened(
            IamEmulator.builder()
                .project(AdapterWorld.PROJECT)
                .serviceAccount(CALLER.id())
                .serviceAccount(TARGET.id())
                .binding(TARGET.id(), CrossAccountGrant.TOKEN_CREATOR, "serviceAccount:" + CALLER)
                .projectBinding(AdapterWorld.PROJECT, "roles/owner", ADMIN)
                .workloadIdentityPool(
                    AdapterWorld.PROJECT, "ci-pool", "ci-provider", "https://ci.example")
                .start());
    String key = emulator.serviceAccountKey(CALLER.id());
    ShortLivedCredentials.Builder builder =
        ShortLivedCredentials.builder()
            .keyJson(key)
            .endpoints(emulator.endpoints())
            .httpTransportFactory(emulator.httpTransportFactory());
    ShortLivedCredentials credentials = opened(builder.build());
    add(builder, credentials);
    addValues();
    addRequests();
    addIssued(credentials);
    addEvents(credentials);
    addVerification(emulator, credentials);
    addDiagnosis(Diagnostics.using(credentials));
    ShortLivedCredentials admin = opened(emulator.credentialsFor(Member.of(ADMIN)));
    addGrants(admin);
    addAccounts(opened(ServiceAccounts.using(admin)));
    failures().forEach(PublicTypesSecrecyTest::add);
    addTesting(emulator);
  }

  /** Runs after all calls. */
  private static void addTesting(IamEmulator emulator) {
    WorkloadIdentityProvider provider =
        emulator.workloadIdentityProvider(AdapterWorld.PROJECT, "ci-pool", "ci-provider");
    assertThat(provider.subjectToken("repo:octo/app")).isNotBlank();
    assertThat(emulator.userCredentials("me@example.com")).contains("refresh_token");
    add(emulator, IamEmulator.demo(), IamEmulatorExtension.create(), emulator.clients());
    add(emulator.clock(), emulator.controls(), emulator.faults(), emulator.faults().on("signJwt"));
    add(provider, emulator.calls().get(0));
  }

  private static void addValues() {
    DelegationChain.Through through = DelegationChain.through(CALLER);
    add(TARGET, Target.self(), through, through.to(TARGET), Member.of(CALLER));
    add(Endpoints.google(), RetryPolicy.standard(), CredentialConfigPolicy.googleOnly());
    add(new RequiredGrant(TARGET, "roles/x", Optional.empty()));
    add(UserTokenRequest.of(TARGET, "me@example.com", CLOUD_PLATFORM));
    add(SelfSignedJwtRequest.forScopes(TARGET, CLOUD_PLATFORM));
    AccessBoundaryRule rule =
        AccessBoundaryRule.onBucket("reports", "roles/storage.objectViewer").onlyIf("true");
    add(rule, rule.availabilityCondition().orElseThrow());
    add(DownscopedTokenRequest.of(TARGET, rule));
  }

  private static void addRequests() {
    JwtClaims claims = JwtClaims.expiringIn(Duration.ofHours(1)).subject(SECRET);
    add(claims, SignJwtRequest.of(TARGET, claims));
    add(SignBlobRequest.of(TARGET, SECRET.getBytes(UTF_8)));
    add(AccessTokenRequest.of(TARGET, CLOUD_PLATFORM), IdTokenRequest.of(TARGET, "orders"));
  }

  private static void addIssued(ShortLivedCredentials credentials) {
    TokenSource<AccessToken> source =
        credentials.tokenSource(AccessTokenRequest.of(TARGET, CLOUD_PLATFORM));
    add(source, source.get(), credentials.idToken(TARGET, "orders"));
    add(credentials.signJwt(TARGET, JwtClaims.expiringIn(Duration.ofHours(1))));
    add(credentials.signBlob(TARGET, SECRET.getBytes(UTF_8)));
    GoogleCredentials google = credentials.googleCredentials(TARGET, CLOUD_PLATFORM);
    RequestHeaders headers = RequestHeaders.of(google);
    assertThat(headers.get()[1]).startsWith("Bearer ya29.");
    add(AuthorizedHttpClient.of(google, HttpClient.newHttpClient()));
    add(headers, opened(ComputeInstances.using(credentials, TARGET)));
    add(
        ImpersonationSettings.from(
            credentials.impersonatedCredentials(AccessTokenRequest.of(TARGET, CLOUD_PLATFORM))));
  }

  private static void addVerification(IamEmulator emulator, ShortLivedCredentials credentials) {
    TokenVerification verification = opened(emulator.tokenVerification());
    JwtClaims claims =
        JwtClaims.expiringIn(Duration.ofHours(1)).issuer(TARGET.id()).claim("secret", SECRET);
    JwtExpectation expected = JwtExpectation.ofAnyAudience(TARGET);
    add(verification, TokenVerification.builder(), IdTokenExpectation.of("orders"), expected);
    add(verification.verifyIdToken(credentials.idToken(TARGET, "orders").token(), "orders"));
    String token = credentials.signJwt(TARGET, claims).token();
    add(verification.verifyJwt(token, expected));
    add(catchThrowable(() -> verification.verifyIdToken(token, "orders")));
  }

  private static void addEvents(ShortLivedCredentials credentials) {
    AccessTokenRequest request = AccessTokenRequest.of(TARGET, CLOUD_PLATFORM);
    AccessToken token = credentials.issue(request);
    CredentialException failure = failures().findFirst().orElseThrow();
    add(credentials.bulkIssuer(), new BulkIssuer.Progress(1, 1, 2));
    add(new Outcome.Issued<>(request, token), new Outcome.Failed<>(request, failure));
    add(new CredentialEvent.Issued(request, token.fingerprint(), Duration.ZERO, 1));
    add(new CredentialEvent.Refreshed(request, token.fingerprint(), Duration.ZERO, 1));
    add(new CredentialEvent.RefreshFailed(request, failure, Duration.ZERO, 1));
    add(new CredentialEvent.Retried(Optional.of(request), 1, Duration.ZERO, failure));
    add(new CredentialEvent.IssueFailed(request, failure, Duration.ZERO, 1));
    RequiredGrant grant = new RequiredGrant(TARGET, "roles/x", Optional.empty());
    add(new CredentialEvent.Granted(grant, Duration.ZERO, 1));
    add(new CredentialEvent.Revoked(grant, Duration.ZERO, 1));
    add(new CredentialEvent.Swept(grant, Duration.ZERO, 1));
    add(new CredentialEvent.SecretExposed(Path.of("key.json"), "chmod 600 key.json"));
    add(new CredentialEvent.EmulatorUsed(URI.create("http://127.0.0.1:8085")));
    add(CredentialMetrics.of(new SimpleMeterRegistry()), CredentialLog.create());
  }

  private static void addDiagnosis(Diagnostics diagnostics) {
    add(diagnostics, new Stage.Request(IdTokenRequest.of(TARGET, "orders")));
    for (Target target : List.of(TARGET, AdapterWorld.STRANGER)) {
      Diagnosis diagnosis = diagnostics.diagnose(target);
      add(diagnosis);
      for (Step step : diagnosis.steps()) {
        add(step, step.stage());
        step.facts().forEach(PublicTypesSecrecyTest::add);
        step.finding().ifPresent(finding -> add(finding, finding.remedy()));
      }
    }
  }

  private static void addAccounts(ServiceAccounts accounts) {
    NewServiceAccount account = NewServiceAccount.of(AdapterWorld.PROJECT, "new-account");
    add(accounts, account, accounts.create(account));
  }

  private static void addGrants(ShortLivedCredentials admin) {
    Grants grants = opened(Grants.using(admin));
    CrossAccountGrant.Draft draft = CrossAccountGrant.tokenCreator(Member.of(ADMIN));
    CrossAccountGrant grant = draft.on(TARGET).onlyIf(Condition.of("t", "request.time != null"));
    GrantPlan plan = grants.plan(draft.on(TARGET));
    Binding binding = grant.bindings().get(0);
    AccessAudit audit = opened(AccessAudit.using(admin));
    AccountAccess access = audit.audit(TARGET);
    AccessPaths paths = audit.findAccessPaths(Member.of(CALLER), TARGET, List.of());
    add(grants, audit, draft, grant, binding, binding.condition().orElseThrow(), plan);
    add(plan.changes().get(0), access, access.entries().get(0), paths, paths.paths().get(0));
    add(paths.paths().get(0).accounts().get(0), new AccessPaths.NotExamined(TARGET, "gone"));
    add(InternalExceptions.translate(new NoSuchMethodError("gone"), "Requesting"));
    add(new GrantPlan.NotExamined(TARGET, InternalExceptions.invalid("gone")));
    add(opened(grants.hold(draft.on(TARGET))), PropagationWait.standard());
    add(
        new PropagationProbe(
            1,
            TARGET,
            Duration.ZERO,
            PropagationProbe.Outcome.REFUSED,
            Optional.of(failures().findFirst().orElseThrow()),
            Duration.ZERO));
  }

  /** Returns one failure of each kind, from a response that contains a secret in every part. */
  private static Stream<CredentialException> failures() {
    return Stream.of(
        failure(403, "IAM_PERMISSION_DENIED"),
        failure(403, "SERVICE_DISABLED"),
        failure(404, "X"),
        failure(400, "X"),
        failure(401, "X"),
        failure(409, "X"),
        failure(503, "X"));
  }

  private static CredentialException failure(int status, String reason) {
    String body =
        """
        {"error": {"message": "Got %s", "details": [{"reason": "%s", "metadata": {"t": "%s"}}]}}\
        """
            .formatted(SECRET, reason, SECRET);
    Exception response =
        new HttpResponseException.Builder(status, "Reason", new HttpHeaders())
            .setContent(body)
            .setMessage(body)
            .build();
    RequiredGrant grant = new RequiredGrant(TARGET, "roles/x", Optional.of(Member.of(CALLER)));
    return InternalExceptions.translate(
        response, "Requesting", () -> List.of(grant), source -> List.of());
  }

  private static void add(Object... objects) {
    Arrays.stream(objects).forEach(object -> OBJECTS.put(object.getClass(), object));
  }

  private static <T extends AutoCloseable> T opened(T closeable) {
    OPEN.add(0, closeable);
    return closeable;
  }

  @AfterAll
  static void close() throws Exception {
    for (AutoCloseable closeable : OPEN) {
      closeable.close();
    }
    SEARCH.close();
  }

  @Test
  void publicTypes_eachWithObjects_isCovered() {
    assertThat(OBJECTS.keySet()).containsExactlyInAnyOrderElementsOf(publicTypes());
  }

  @Test
  void toString_everyPublicType_containsNoSecret() {
    assertThat(SEARCH.size()).as("secrets of this run").isGreaterThan(5);
    OBJECTS.forEach((type, object) -> checkContainsNoSecret(type, object.toString()));
  }

  /** The text of {@link Object#toString} ends with the hash code, which tells a reader nothing. */
  @Test
  void toString_everyPublicType_hasNoHashCode() {
    assertThat(OBJECTS.values())
        .filteredOn(object -> object.toString().matches("[\\w.$]+@[0-9a-f]+"))
        .isEmpty();
  }

  @Test
  void stackTrace_everyFailure_containsNoSecret() {
    failures()
        .flatMap(failure -> Stream.of(failure, InternalExceptions.copy(failure)))
        .forEach(
            failure ->
                checkContainsNoSecret(
                    failure.getClass(), Throwables.getStackTraceAsString(failure)));
  }

  @Test
  void serialized_everyPublicType_refusedOrContainsNoSecret() throws IOException {
    for (Map.Entry<Class<?>, Object> entry : OBJECTS.entrySet()) {
      checkContainsNoSecret(entry.getKey(), serialized(entry.getValue()));
    }
  }

  /** Exceptions are serializable, but must not write the response of a service. */
  @Test
  void serialized_failureOfAResponse_refused() throws IOException {
    assertThat(failures()).allMatch(failure -> serialized(failure).isEmpty());
    CredentialException failure = InternalExceptions.invalid("fixed text");
    assertThat(serialized(failure)).contains("fixed text");
  }

  @Test
  void serialized_credentialsForGoogleClients_refused() throws IOException {
    ShortLivedCredentials credentials =
        (ShortLivedCredentials) Objects.requireNonNull(OBJECTS.get(ShortLivedCredentials.class));
    var google = credentials.googleCredentials(TARGET, CLOUD_PLATFORM);
    var idTokens = credentials.idTokenCredentials(TARGET, "orders");
    var impersonated =
        credentials.impersonatedCredentials(AccessTokenRequest.of(TARGET, CLOUD_PLATFORM));
    google.refresh();
    idTokens.refresh();
    impersonated.refresh();
    for (Object each :
        List.of(
            google,
            google.createScoped("openid"),
            google.createDelegated("me@example.com"),
            idTokens,
            impersonated)) {
      assertThatThrownBy(() -> write(each)).isInstanceOf(NotSerializableException.class);
    }
  }

  @Test
  void serializableTypes_areExceptionsEnumsAndGooglesCredentials() {
    assertThat(types().filter(Serializable.class::isAssignableFrom).map(Class::getSimpleName))
        .filteredOn(name -> !name.isEmpty())
        .containsOnlyOnce("IssuedGoogleCredentials", "SigningGoogleCredentials")
        .isSubsetOf(
            types()
                .filter(
                    type ->
                        Throwable.class.isAssignableFrom(type)
                            || isPartOfAnException(type)
                            || type.isEnum()
                            || com.google.auth.Credentials.class.isAssignableFrom(type))
                .map(Class::getSimpleName)
                .toList());
  }

  private static void checkContainsNoSecret(Class<?> type, String text) {
    assertThat(SEARCH.findsIn(text) || text.contains(SECRET)).as(type.getName()).isFalse();
  }

  /** Returns the bytes, one character each; empty if serialization is refused. */
  private static String serialized(Object object) {
    try {
      return write(object);
    } catch (NotSerializableException e) {
      return "";
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String write(Object object) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    }
    return bytes.toString(ISO_8859_1);
  }

  /** Returns the types of which users can have objects, except enums. */
  private static Set<Class<?>> publicTypes() {
    return types()
        .filter(type -> !type.getPackageName().contains(".internal"))
        .filter(type -> !type.getPackageName().endsWith(".standalone"))
        .filter(PublicTypesSecrecyTest::isPublic)
        .filter(type -> !type.isInterface() && !type.isEnum() && !isAbstract(type))
        .filter(type -> !hasStaticsOnly(type))
        .collect(Collectors.toSet());
  }

  private static boolean isPartOfAnException(Class<?> type) {
    return type.getEnclosingClass() != null
        && Throwable.class.isAssignableFrom(type.getEnclosingClass());
  }

  private static boolean hasStaticsOnly(Class<?> type) {
    return type.getSuperclass() == Object.class
        && Stream.of(type.getDeclaredFields(), type.getDeclaredMethods())
            .flatMap(Stream::of)
            .allMatch(
                member -> Modifier.isStatic(((java.lang.reflect.Member) member).getModifiers()));
  }

  private static boolean isPublic(Class<?> type) {
    Class<?> outer = type.getEnclosingClass();
    return Modifier.isPublic(type.getModifiers()) && (outer == null || isPublic(outer));
  }

  private static boolean isAbstract(Class<?> type) {
    return Modifier.isAbstract(type.getModifiers());
  }

  private static Stream<Class<?>> types() {
    return new ClassFileImporter()
        .importUrls(List.of(home(ShortLivedCredentials.class), home(IamEmulator.class))).stream()
            .map(JavaClass::reflect);
  }

  /** Returns the location of the classes in the artifact of this type. */
  private static URL home(Class<?> type) {
    return type.getProtectionDomain().getCodeSource().getLocation();
  }
}
