package io.github.shortlived;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.auth.Credentials;
import com.google.auth.http.HttpTransportFactory;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.auth.oauth2.OAuth2Credentials;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.github.shortlived.account.NewServiceAccount;
import io.github.shortlived.account.ServiceAccounts;
import io.github.shortlived.audit.AccessAudit;
import io.github.shortlived.audit.AccessPaths;
import io.github.shortlived.audit.AccountAccess;
import io.github.shortlived.compute.ComputeInstances;
import io.github.shortlived.config.CredentialConfigPolicy;
import io.github.shortlived.config.CredentialConfigType;
import io.github.shortlived.diagnosis.Diagnosis;
import io.github.shortlived.diagnosis.Diagnostics;
import io.github.shortlived.diagnosis.Fact;
import io.github.shortlived.diagnosis.Finding;
import io.github.shortlived.diagnosis.Remedy;
import io.github.shortlived.diagnosis.Stage;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.grant.GrantPlan;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.grant.PropagationProbe;
import io.github.shortlived.grant.PropagationWait;
import io.github.shortlived.logging.CredentialLog;
import io.github.shortlived.metrics.CredentialMetrics;
import io.github.shortlived.model.AccessBoundaryRule;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.BearerToken;
import io.github.shortlived.model.CredentialEvent;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.DelegationChain;
import io.github.shortlived.model.DownscopedTokenRequest;
import io.github.shortlived.model.Endpoints;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.RequiredGrant;
import io.github.shortlived.model.Scopes;
import io.github.shortlived.model.SelfSignedJwtRequest;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.ShortLivedCredential;
import io.github.shortlived.model.SignedBlob;
import io.github.shortlived.model.Target;
import io.github.shortlived.model.TokenRequest;
import io.github.shortlived.model.UserTokenRequest;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.Condition;
import io.github.shortlived.policy.PolicyChange;
import io.github.shortlived.policy.TokenPermission;
import io.github.shortlived.verify.IdTokenExpectation;
import io.github.shortlived.verify.JwtExpectation;
import io.github.shortlived.verify.TokenVerification;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.helpers.NOPLogger;

/**
 * Passes null as each argument of each public method and constructor of the API, and as an element
 * of each array and collection. The exception names the argument. The methods are read from the
 * compiled classes: a new type fails until this test has an object of it.
 */
class NullArgumentsTest {
  private static final ServiceAccount ACCOUNT =
      ServiceAccount.of("account@p.iam.gserviceaccount.com");
  private static final Map<Class<?>, Object> SAMPLES = new HashMap<>();

  @BeforeAll
  static void makeSamples() {
    GoogleCredentials source =
        GoogleCredentials.create(
            new AccessToken("token", Date.from(Instant.now().plusSeconds(99))));
    ShortLivedCredentials credentials = ShortLivedCredentials.from(source);
    addJavaTypes();
    addModel();
    addPolicies(credentials);
    add(GoogleCredentials.class, source);
    add(Credentials.class, source);
    add(OAuth2Credentials.class, source);
    add(ShortLivedCredentials.class, credentials);
    add(ShortLivedCredentials.Builder.class, ShortLivedCredentials.builder());
    add(RetryPolicy.class, RetryPolicy.none());
    add(BulkIssuer.class, credentials.bulkIssuer());
    add(
        AuthorizedHttpClient.class,
        AuthorizedHttpClient.of(
            credentials.googleCredentials(Target.self(), Scopes.CLOUD_PLATFORM),
            HttpClient.newHttpClient()));
    add(TokenSource.class, credentials.tokenSource(sample(AccessTokenRequest.class)));
    add(ComputeInstances.class, ComputeInstances.using(credentials, Target.self()));
    add(NewServiceAccount.class, NewServiceAccount.of("my-project", "my-account"));
    add(ServiceAccounts.class, ServiceAccounts.using(credentials));
    add(CredentialLog.class, CredentialLog.create());
    add(CredentialMetrics.class, CredentialMetrics.of(new SimpleMeterRegistry()));
    add(CredentialConfigPolicy.class, CredentialConfigPolicy.googleOnly());
    add(TokenVerification.class, TokenVerification.create());
    add(TokenVerification.Builder.class, TokenVerification.builder());
    add(IdTokenExpectation.class, IdTokenExpectation.of("audience"));
    add(JwtExpectation.class, JwtExpectation.ofAnyAudience(ACCOUNT));
    add(SignedBlob.class, new SignedBlob(new byte[1], "key"));
    add(Diagnostics.class, Diagnostics.using(credentials));
    add(
        ImpersonatedCredentials.class,
        credentials.impersonatedCredentials(AccessTokenRequest.of(ACCOUNT, Scopes.CLOUD_PLATFORM)));
    add(HttpTransportFactory.class, (HttpTransportFactory) NetHttpTransport::new);
  }

  @AfterAll
  static void close() throws Exception {
    for (Object sample : SAMPLES.values()) {
      if (sample instanceof AutoCloseable open) {
        open.close();
      }
    }
  }

  private static void addJavaTypes() {
    add(String.class, "https://me@example.com"); // Also a scope, and a user.
    add(Object.class, "value");
    add(URI.class, URI.create("https://iam.example"));
    add(HttpClient.class, HttpClient.newHttpClient());
    add(HttpRequest.class, HttpRequest.newBuilder(URI.create("https://iam.example")).build());
    add(BodyHandler.class, BodyHandlers.discarding());
    add(Path.class, Path.of("file"));
    add(Duration.class, Duration.ofMinutes(1));
    add(Instant.class, Instant.EPOCH);
    add(InstantSource.class, InstantSource.system());
    add(Optional.class, Optional.empty());
    add(Executor.class, (Executor) Runnable::run);
    add(Consumer.class, (Consumer<Object>) ignored -> {});
    add(Function.class, (Function<Object, Object>) value -> value);
    add(Logger.class, NOPLogger.NOP_LOGGER);
    add(MeterRegistry.class, new SimpleMeterRegistry());
    add(Tag.class, Tag.of("key", "value"));
    add(List.class, List.of());
    add(Set.class, Set.of());
    add(Collection.class, List.of());
    add(boolean.class, false);
    add(int.class, 1);
  }

  private static void addModel() {
    AccessTokenRequest request = AccessTokenRequest.of(Target.self(), Scopes.CLOUD_PLATFORM);
    io.github.shortlived.model.AccessToken token =
        new io.github.shortlived.model.AccessToken("token", Instant.MAX);
    RequiredGrant grant = new RequiredGrant(ACCOUNT, "roles/x", Optional.empty());
    add(ServiceAccount.class, ACCOUNT);
    add(Target.class, ACCOUNT);
    add(DelegationChain.class, DelegationChain.through(ServiceAccount.of("123456")).to(ACCOUNT));
    add(DelegationChain.Through.class, DelegationChain.through(ServiceAccount.of("123456")));
    add(Member.class, Member.of(ACCOUNT));
    add(RequiredGrant.class, grant);
    add(Endpoints.class, Endpoints.google());
    add(JwtClaims.class, JwtClaims.expiringIn(Duration.ofMinutes(1)));
    add(CredentialRequest.class, request);
    add(TokenRequest.class, request);
    add(AccessTokenRequest.class, request);
    add(IdTokenRequest.class, IdTokenRequest.of(Target.self(), "audience"));
    AccessBoundaryRule rule =
        AccessBoundaryRule.onBucket("reports", "roles/storage.objectViewer").onlyIf("true");
    add(AccessBoundaryRule.class, rule);
    add(AccessBoundaryRule.AvailabilityCondition.class, rule.availabilityCondition().orElseThrow());
    add(DownscopedTokenRequest.class, DownscopedTokenRequest.of(ACCOUNT, rule));
    add(
        SelfSignedJwtRequest.class,
        SelfSignedJwtRequest.forAudience(ACCOUNT, "https://pubsub.googleapis.com/"));
    add(
        UserTokenRequest.class,
        UserTokenRequest.of(ACCOUNT, "me@example.com", Scopes.CLOUD_PLATFORM));
    add(BearerToken.class, token);
    add(ShortLivedCredential.class, token);
    add(CredentialException.class, InternalExceptions.invalid("Invalid"));
    add(CredentialEvent.class, new CredentialEvent.Granted(grant, Duration.ZERO, 1));
  }

  private static void addPolicies(ShortLivedCredentials credentials) {
    Binding binding = new Binding(ACCOUNT, "roles/x", sample(Member.class));
    Grants grants = Grants.using(credentials);
    CrossAccountGrant grant = CrossAccountGrant.tokenCreator(ACCOUNT).on(ACCOUNT);
    add(Binding.class, binding);
    add(Condition.class, Condition.of("title", "true"));
    add(PolicyChange.Kind.class, PolicyChange.Kind.ADDED);
    add(TokenPermission.class, TokenPermission.SIGN_BLOB);
    add(Grants.class, grants);
    add(CrossAccountGrant.class, grant);
    add(GrantPlan.class, grants.planSweep(List.of()));
    add(CrossAccountGrant.Draft.class, CrossAccountGrant.tokenCreator(ACCOUNT));
    add(PropagationWait.class, PropagationWait.standard());
    add(PropagationProbe.Outcome.class, PropagationProbe.Outcome.FAILED);
    add(AccessAudit.class, AccessAudit.using(credentials));
    AccountAccess.Entry entry =
        new AccountAccess.Entry(binding, true, Set.of(TokenPermission.SIGN_BLOB), false);
    add(AccountAccess.class, new AccountAccess(ACCOUNT, Instant.EPOCH, List.of(entry)));
    add(
        AccessPaths.Path.class,
        new AccessPaths.Path(List.of(new AccessPaths.PathAccount(ACCOUNT, List.of(entry)))));
    add(CredentialConfigType.class, CredentialConfigType.SERVICE_ACCOUNT);
    add(Stage.class, new Stage.Source());
    add(Diagnosis.Step.Status.class, Diagnosis.Step.Status.WORKS);
    add(Fact.Evidence.class, Fact.Evidence.OBSERVED);
    add(Finding.Kind.class, Finding.Kind.API_DISABLED);
    add(Remedy.class, new Remedy("text", Optional.empty(), Optional.empty(), List.of()));
  }

  private static void add(Class<?> type, Object sample) {
    SAMPLES.put(type, sample);
  }

  private static <T> T sample(Class<T> type) {
    return type.cast(valid(type));
  }

  @Test
  void everyPublicMethod_nullArgument_isNamed() {
    List<String> unnamed = new ArrayList<>();
    executables().forEach(executable -> check(executable, unnamed));
    assertThat(String.join("\n", unnamed)).isEmpty();
  }

  private static Stream<Executable> executables() {
    return new ClassFileImporter()
        .importPackagesOf(ShortLivedCredentials.class).stream()
            .filter(
                not(resideInAPackage("..internal.."))
                    .and(not(resideInAPackage("..testing..")))
                    .and(not(resideInAPackage("..samples.."))))
            .filter(type -> !type.getSource().orElseThrow().getUri().toString().contains("test"))
            .filter(NullArgumentsTest::isPublic)
            .map(JavaClass::reflect)
            .flatMap(type -> Stream.of(type.getDeclaredConstructors(), type.getDeclaredMethods()))
            .flatMap(Arrays::stream)
            .filter(member -> Modifier.isPublic(member.getModifiers()) && !member.isSynthetic())
            .filter(member -> !Modifier.isAbstract(member.getModifiers()))
            .filter(member -> !Set.of("equals", "valueOf").contains(member.getName()));
  }

  private static boolean isPublic(JavaClass type) {
    boolean isPublic = type.getModifiers().toString().contains("PUBLIC");
    return isPublic
        && !type.getSimpleName().startsWith("Internal")
        && type.getEnclosingClass().map(NullArgumentsTest::isPublic).orElse(true);
  }

  private static void check(Executable executable, List<String> unnamed) {
    Parameter[] parameters = executable.getParameters();
    for (int i = 0; i < parameters.length; i++) {
      if (parameters[i].getType().isPrimitive()
          || parameters[i].getAnnotatedType().isAnnotationPresent(Nullable.class)) {
        continue;
      }
      for (Object invalid : invalids(parameters[i].getType())) {
        Object[] arguments = Arrays.stream(parameters).map(NullArgumentsTest::valid).toArray();
        arguments[i] = invalid;
        Throwable thrown = thrownBy(executable, arguments);
        if (!(thrown instanceof NullPointerException)
            || !Objects.toString(thrown.getMessage(), "")
                .matches("(an element of )?" + parameters[i].getName())) {
          unnamed.add(
              "%s(%s%s): %s"
                  .formatted(
                      executable.getDeclaringClass().getSimpleName() + "." + executable.getName(),
                      parameters[i].getName(),
                      invalid == null ? "" : " with a null element",
                      thrown));
        }
      }
    }
  }

  /** Returns null and, for arrays and collections, one with a null element. */
  private static List<@Nullable Object> invalids(Class<?> type) {
    List<@Nullable Object> invalids = new ArrayList<>(Collections.singleton(null));
    if (type.isArray() && !type.getComponentType().isPrimitive()) {
      invalids.add(Array.newInstance(type.getComponentType(), 1));
    } else if (type == Set.class) {
      invalids.add(Collections.singleton(null));
    } else if (Collection.class.isAssignableFrom(type)) {
      invalids.add(Collections.singletonList(null));
    }
    return invalids;
  }

  private static Object valid(Parameter parameter) {
    Class<?> type = parameter.getType();
    if (parameter
        .getParameterizedType()
        .getTypeName()
        .equals("java.util.Collection<java.lang.String>")) {
      return List.of(sample(String.class));
    } else if (type.isArray()) {
      boolean optional = type.getComponentType().isPrimitive();
      Object array = Array.newInstance(type.getComponentType(), optional ? 0 : 1);
      if (!optional) {
        Array.set(array, 0, valid(type.getComponentType()));
      }
      return array;
    }
    return valid(type);
  }

  private static Object valid(Class<?> type) {
    return Objects.requireNonNull(SAMPLES.get(type), () -> "No sample of " + type);
  }

  private static @Nullable Throwable thrownBy(Executable executable, Object[] arguments) {
    try {
      if (executable instanceof Constructor<?> constructor) {
        constructor.newInstance(arguments);
      } else {
        boolean isStatic = Modifier.isStatic(executable.getModifiers());
        Object target = isStatic ? null : valid(executable.getDeclaringClass());
        Object result = ((Method) executable).invoke(target, arguments);
        return result instanceof Stream<?> stream ? catchThrowable(stream::toList) : null;
      }
      return null;
    } catch (InvocationTargetException e) {
      return e.getCause();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("Not callable", e);
    }
  }
}
