package io.github.shortlived.internal.issue;

import io.github.shortlived.internal.cache.TokenCache;
import io.github.shortlived.internal.cache.TokenLoader;
import io.github.shortlived.internal.client.ClientContext;
import io.github.shortlived.internal.client.RequestTarget;
import io.github.shortlived.internal.client.Retrier;
import io.github.shortlived.internal.client.SourceCredentials;
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
import io.github.shortlived.model.Member;
import io.github.shortlived.model.SelfSignedJwtRequest;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.ShortLivedCredential;
import io.github.shortlived.model.SignBlobRequest;
import io.github.shortlived.model.SignJwtRequest;
import io.github.shortlived.model.Target;
import io.github.shortlived.model.TokenRequest;
import io.github.shortlived.model.UserTokenRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * Issues credentials and reports them as events: those of the source itself with {@link
 * SourceIssuer}, those of other service accounts with {@link ImpersonatedIssuer} and {@link
 * IamCredentialsIssuer}, and those that need one of these first with {@link DerivedTokenIssuer}.
 * Nothing is cached. Thread-safe; methods block unless they say otherwise.
 */
public final class CredentialIssuer implements TokenLoader, AutoCloseable {
  private final ClientContext context;
  private final IamConnection connection;
  private final Issuer sourceIssuer;
  private final Issuer iamIssuer;
  private final DerivedTokenIssuer derivedTokens;

  /**
   * Creates an issuer. Does not connect.
   *
   * @param grpc whether the IAM Credentials API is called over gRPC instead of HTTP/JSON
   */
  public CredentialIssuer(ClientContext context, boolean grpc) {
    this.context = context;
    Endpoints endpoints = context.endpoints();
    this.connection =
        new IamConnection(
            grpc ? endpoints.iamCredentialsGrpc() : endpoints.iamCredentials(),
            grpc,
            context.transports());
    SourceCredentials source = context.source();
    this.iamIssuer = iamIssuer(source, RequestTarget::of, grpc);
    this.sourceIssuer =
        new SourceIssuer(
            source,
            iamIssuer(
                SourceIssuer.signer(source), target -> RequestTarget.of(target, source), grpc),
            context.clock());
    this.derivedTokens = new DerivedTokenIssuer(context, connection::transport, this::issuer);
  }

  private Issuer iamIssuer(
      SourceCredentials caller, Function<Target, RequestTarget> named, boolean grpc) {
    Issuer generated = new IamCredentialsIssuer(connection::client, caller, named, context.clock());
    return grpc ? generated : new ImpersonatedIssuer(connection, caller, named, generated);
  }

  /** Issues a credential and reports it as Issued or IssueFailed. */
  public <C extends ShortLivedCredential> C issue(CredentialRequest<C> request) {
    return newReporter(request).reportIssue(observer -> issueWhileOpen(request, observer));
  }

  @Override
  public <T extends BearerToken> T load(TokenRequest<T> request, boolean refresh) {
    IssuanceReporter<T> reporter = newReporter(request);
    return refresh
        ? reporter.reportRefresh(request, observer -> issueUsable(request, observer))
        : reporter.reportIssue(observer -> issueUsable(request, observer));
  }

  @Override
  public void onRejected(TokenRequest<?> request, boolean refresh, CredentialException failure) {
    context.publish(
        () ->
            refresh
                ? new CredentialEvent.RefreshFailed(request, failure, Duration.ZERO, 0)
                : new CredentialEvent.IssueFailed(request, failure, Duration.ZERO, 0));
  }

  private <C extends ShortLivedCredential> IssuanceReporter<C> newReporter(
      CredentialRequest<C> request) {
    return new IssuanceReporter<>(request, context::publish, context.retrier().stopwatch());
  }

  private <T extends BearerToken> T issueUsable(
      TokenRequest<T> request, Retrier.Observer observer) {
    T token = issueWhileOpen(request, observer);
    return TokenCache.requireNotExpired(token, request, context.clock().instant());
  }

  /** Issues a credential. A call that close() breaks off fails as a later call does. */
  private <C extends ShortLivedCredential> C issueWhileOpen(
      CredentialRequest<C> request, Retrier.Observer observer) {
    try {
      return dispatch(request, observer);
    } catch (RuntimeException e) {
      connection.checkOpen();
      throw e;
    }
  }

  @SuppressWarnings("unchecked") // The type parameter of a request is what its method returns.
  private <C extends ShortLivedCredential> C dispatch(
      CredentialRequest<C> request, Retrier.Observer observer) {
    Retrier retrier = context.retrier().observedBy(observer);
    Issuer issuer = issuer(request.target());
    if (request instanceof AccessTokenRequest accessToken) {
      return (C) issuer.accessToken(accessToken, retrier);
    } else if (request instanceof IdTokenRequest idToken) {
      return (C) issuer.idToken(idToken, retrier);
    } else if (request instanceof UserTokenRequest user) {
      return (C) derivedTokens.userToken(user, retrier);
    } else if (request instanceof SelfSignedJwtRequest selfSignedJwt) {
      return (C) derivedTokens.selfSignedJwt(selfSignedJwt, retrier);
    } else if (request instanceof DownscopedTokenRequest downscoped) {
      return (C) derivedTokens.downscopedToken(downscoped, retrier);
    } else if (request instanceof SignJwtRequest signJwt) {
      return (C) issuer.signJwt(signJwt, retrier);
    }
    return (C) issuer.signBlob((SignBlobRequest) request, retrier);
  }

  private Issuer issuer(Target target) {
    return target instanceof Target.Self ? sourceIssuer : iamIssuer;
  }

  /**
   * Checks that this is open and that the caller is not among the delegates. Makes no call.
   *
   * @throws IllegalStateException if this is closed
   * @throws CredentialException.InvalidRequest if the caller is among the delegates
   */
  public void validate(CredentialRequest<?> request) {
    connection.checkOpen();
    if (request.target() instanceof DelegationChain chain) {
      Optional<ServiceAccount> caller =
          context
              .source()
              .identity()
              .account()
              .map(ServiceAccount::of)
              .filter(chain.delegates()::contains);
      InternalExceptions.require(
          caller.isEmpty(),
          "delegation chain",
          caller.map(ServiceAccount::id).orElse(""),
          "the caller must not be among the delegates",
          "start the chain with the account that the caller impersonates");
    }
  }

  /** Validates the request like {@link #validate}, and reports a refusal as an event. */
  public void validateAndReport(CredentialRequest<?> request) {
    try {
      validate(request);
    } catch (CredentialException e) {
      context.publish(() -> new CredentialEvent.IssueFailed(request, e, Duration.ZERO, 0));
      throw e;
    }
  }

  /** Returns the caller as a policy member; empty if the source credentials do not reveal it. */
  public Optional<Member> callerMember() {
    SourceCredentials source = context.source();
    return context
        .call(
            SourceIssuer.IDENTIFY_CALLER,
            deadline -> source.call(source.identity()::member, deadline))
        .map(Member::of);
  }

  /** Returns the service account whose tokens this target gets, if it is one with a known name. */
  public Optional<ServiceAccount> account(Target target) {
    return SourceIssuer.account(
        target,
        context.source(),
        context.retrier().observedBy(context.retriesOf(SourceIssuer.IDENTIFY_CALLER)));
  }

  /** Closes the connections. Later requests throw {@link IllegalStateException}. */
  @Override
  public void close() {
    connection.close();
  }
}
