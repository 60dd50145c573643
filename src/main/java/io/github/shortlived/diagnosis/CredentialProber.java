package io.github.shortlived.diagnosis;

import io.github.shortlived.InternalCredentials;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.internal.client.ClientContext;
import io.github.shortlived.internal.client.DaemonCalls.IoCallable;
import io.github.shortlived.internal.client.SourceCredentials;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.RequiredGrant;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Requests credentials and discards them. */
final class CredentialProber {
  private static final String SOURCE_TOKEN = "Fetching a token of the source credentials";

  private final ShortLivedCredentials credentials;

  CredentialProber(ShortLivedCredentials credentials) {
    this.credentials = credentials;
  }

  /**
   * Sends the request, even if a usable token is cached.
   *
   * @return the failure, possibly that the token was expired on arrival; empty if the request
   *     succeeded
   */
  Optional<CredentialException> probe(CredentialRequest<?> request) {
    try {
      Object unused = credentials.issue(request.fresh());
      return Optional.empty();
    } catch (CredentialException e) {
      return Optional.of(requireNotInterrupted(e));
    }
  }

  /** Sends the request; a token that was expired on arrival counts as a success. */
  Optional<CredentialException> probeAccess(CredentialRequest<?> request) {
    return probe(request).filter(failure -> !FailureClassifier.isExpiredOnArrival(failure));
  }

  /** Fetches a token of the source credentials, and returns the failure; empty on success. */
  Optional<CredentialException> probeSource() {
    ClientContext context = InternalCredentials.context(credentials);
    SourceCredentials source = context.source();
    URI service = context.endpoints().iamCredentials();
    IoCallable<Map<String, List<String>>> fetch = () -> source.scoped().getRequestMetadata(service);
    try {
      Object unused = context.call(SOURCE_TOKEN, deadline -> source.call(fetch, deadline));
      return Optional.empty();
    } catch (CredentialException e) {
      return Optional.of(requireNotInterrupted(e));
    }
  }

  /**
   * Returns the failure.
   *
   * @throws CredentialException the failure, if this thread is interrupted: it then says nothing
   *     about a credential
   */
  static CredentialException requireNotInterrupted(CredentialException failure) {
    if (Thread.currentThread().isInterrupted()) {
      throw failure;
    }
    return failure;
  }

  /** Returns the caller; empty if the source credentials do not name it. */
  Optional<Member> caller() {
    try {
      return credentials.callerMember();
    } catch (CredentialException e) {
      CredentialException unused = requireNotInterrupted(e); // probeSource() reports the cause
      return Optional.empty();
    }
  }

  /** Returns the grants that impersonating source credentials need for a token of their own. */
  List<RequiredGrant> sourceGrants() {
    return credentials.sourceGrants();
  }

  /** Returns the class name of the source credentials. */
  String sourceType() {
    return InternalCredentials.context(credentials).source().scoped().getClass().getSimpleName();
  }
}
