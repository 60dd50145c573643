package io.github.shortlived.diagnosis;

import io.github.shortlived.CredentialException;
import io.github.shortlived.CredentialRequest;
import io.github.shortlived.Member;
import io.github.shortlived.RequiredGrant;
import io.github.shortlived.RetryPolicy;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.internal.Retrier;
import io.github.shortlived.internal.Source;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Asks for credentials, and drops them: a diagnosis does so here and nowhere else. */
final class Prober {
  private final ShortLivedCredentials credentials;

  Prober(ShortLivedCredentials credentials) {
    this.credentials = credentials;
  }

  /** How the request fails; empty if a credential was issued. */
  Optional<CredentialException> ask(CredentialRequest<?> request) {
    try {
      credentials.issue(request.fresh());
      return Optional.empty();
    } catch (CredentialException e) {
      return Optional.of(e);
    }
  }

  /** How the source fails to give the token that calls are made with; empty if it gave one. */
  Optional<CredentialException> askSource() {
    try {
      retrier().call(deadline -> Source.ask(this::headers));
      return Optional.empty();
    } catch (Exception e) {
      return Optional.of(
          CredentialException.from(e, "A token of the source credentials", List.of()));
    }
  }

  private int headers() throws IOException {
    return credentials
        .sourceCredentials()
        .getRequestMetadata(credentials.endpoints().iamCredentials())
        .size();
  }

  private Retrier retrier() {
    RetryPolicy policy = credentials.retryPolicy();
    return Retrier.of(
        policy.initialDelay(), policy.maxDelay(), policy.totalTimeout(), policy.retries());
  }

  /** Who calls, if the source credentials can tell. */
  Optional<Member> caller() {
    try {
      return credentials.callerMember();
    } catch (CredentialException e) {
      return Optional.empty();
    }
  }

  /** What the source credentials need for a token of their own, as far as they tell. */
  List<RequiredGrant> sourceGrants() {
    try {
      return SourceGrants.of(credentials.sourceCredentials());
    } catch (CredentialException e) {
      return List.of(); // A name that is none of a service account.
    }
  }

  /** What kind of credentials the source is. */
  String sourceType() {
    return credentials.sourceCredentials().getClass().getSimpleName();
  }
}
