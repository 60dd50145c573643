package io.github.shortlived;

import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import io.github.shortlived.internal.client.RequestTarget;
import io.github.shortlived.internal.client.SourceCredentials;
import io.github.shortlived.internal.source.ImpersonationFile;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.DelegationChain;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.Scopes;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The settings of google-auth's {@link ImpersonatedCredentials}, for code that moves to this
 * library: {@link #source()} is for {@link ShortLivedCredentials#from}, and {@link #request()} and
 * {@link #target()} are for its methods. Delegates, scopes and lifetime stay as they are.
 *
 * <p>If the delegates break a rule of {@link DelegationChain}, the source is a copy of the
 * impersonated credentials, which sends them unchanged, and the target is {@link Target#self()}. A
 * quota project and an endpoint are not kept: use {@link GoogleCredentials#createWithQuotaProject}
 * and {@link ShortLivedCredentials.Builder#endpoints}. Immutable; no method calls a service.
 */
public final class ImpersonationSettings {
  private final GoogleCredentials source;
  private final Target target;
  private final Optional<AccessTokenRequest> request;

  private ImpersonationSettings(
      GoogleCredentials source, Target target, Optional<AccessTokenRequest> request) {
    this.source = source;
    this.target = target;
    this.request = request;
  }

  /**
   * Returns the settings of these credentials.
   *
   * @throws CredentialException.InvalidRequest if the account, a delegate, a scope or the lifetime
   *     is malformed, or if they have no source credentials
   */
  public static ImpersonationSettings from(ImpersonatedCredentials credentials) {
    Objects.requireNonNull(credentials, "credentials");
    GoogleCredentials source = credentials.getSourceCredentials();
    InternalExceptions.require(
        source != null,
        "source credentials",
        "null",
        "impersonated credentials need credentials that authenticate their requests",
        "set them with setSourceCredentials");
    List<ServiceAccount> accounts = RequestTarget.of(credentials).requireAccounts();
    return isChain(accounts, source)
        ? of(source, Target.of(accounts), credentials)
        : of(withoutEndpoint(credentials), Target.self(), credentials);
  }

  /**
   * Reads the settings of a file of Application Default Credentials of the type {@code
   * impersonated_service_account}, which gcloud writes. It has no lifetime, so the one of the
   * request is 1 hour. Validate a file of another author with a {@link
   * io.github.shortlived.config.CredentialConfigPolicy} instead.
   *
   * @throws CredentialException.SourceCredentials if it is not such a file, or if its URL is
   *     neither of the IAM Credentials API nor of this machine; the message quotes nothing of it
   * @throws CredentialException.InvalidRequest as {@link #from}
   */
  public static ImpersonationSettings fromFile(Path file) {
    return from(ImpersonationFile.load(Objects.requireNonNull(file, "file")));
  }

  /** Only {@code Endpoints} choose a host: this one would get the token of the source. */
  private static ImpersonatedCredentials withoutEndpoint(ImpersonatedCredentials credentials) {
    return credentials.toBuilder().setIamEndpointOverride(null).build();
  }

  /** Returns whether a request of this library may have these accounts, the target last. */
  private static boolean isChain(List<ServiceAccount> accounts, GoogleCredentials source) {
    List<ServiceAccount> delegates = accounts.subList(0, accounts.size() - 1);
    return new HashSet<>(accounts).size() == accounts.size()
        && SourceCredentials.of(source, Scopes.CLOUD_PLATFORM)
            .identity()
            .account()
            .map(ServiceAccount::of)
            .filter(delegates::contains)
            .isEmpty();
  }

  private static ImpersonationSettings of(
      GoogleCredentials source, Target target, ImpersonatedCredentials credentials) {
    ImpersonatedCredentials.Builder settings = credentials.toBuilder();
    Duration lifetime = Duration.ofSeconds(settings.getLifetime());
    return new ImpersonationSettings(
        source,
        target,
        Optional.ofNullable(settings.getScopes())
            .filter(scopes -> !scopes.isEmpty())
            .map(scopes -> AccessTokenRequest.of(target, scopes))
            .map(request -> target instanceof Target.Self ? request : with(lifetime, request)));
  }

  private static AccessTokenRequest with(Duration lifetime, AccessTokenRequest request) {
    return lifetime.compareTo(AccessTokenRequest.DEFAULT_LIFETIME) > 0
        ? request.lifetimeExtendedByOrgPolicy(lifetime)
        : request.lifetime(lifetime);
  }

  /** {@return the credentials that authenticate the requests} */
  public GoogleCredentials source() {
    return source;
  }

  /** {@return the impersonated account, with its delegates} */
  public Target target() {
    return target;
  }

  /**
   * {@return the request for an access token of the impersonated account}
   *
   * @throws CredentialException.InvalidRequest if the credentials have no scope
   */
  public AccessTokenRequest request() {
    return request.orElseThrow(
        () ->
            InternalExceptions.invalid(
                "scopes",
                "none",
                "the impersonated credentials have no scope, and an access token needs one",
                "create the request with AccessTokenRequest.of(settings.target(),"
                    + " Scopes.CLOUD_PLATFORM)"));
  }

  /** {@return the class of the source and the request, without a secret} */
  @Override
  public String toString() {
    return "ImpersonationSettings[source=%s, target=%s, request=%s]"
        .formatted(
            source.getClass().getSimpleName(),
            target,
            request.map(AccessTokenRequest::toString).orElse("none"));
  }
}
