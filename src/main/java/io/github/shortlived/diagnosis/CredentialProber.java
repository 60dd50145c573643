package io.github.shortlived.diagnosis;

import io.github.shortlived.InternalCredentials;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.internal.client.ClientContext;
import io.github.shortlived.internal.client.SourceCredentials;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.RequiredGrant;
import java.util.List;
import java.util.Optional;

/** Asks for credentials, and drops them: a diagnosis does so here and nowhere else. */
final class CredentialProber {
  private static final String SOURCE_TOKEN = "A token of the source credentials";

  private final ShortLivedCredentials credentials;

  CredentialProber(ShortLivedCredentials credentials) {
    this.credentials = credentials;
  }

  /** Asks for another one than is kept. */
  Answer probe(CredentialRequest<?> request) {
    try {
      Object unused = credentials.issue(request.fresh());
      return new Answer(Optional.empty(), Optional.empty());
    } catch (CredentialException e) {
      Optional<CredentialException> told = Optional.of(uninterrupted(e));
      return FailureClassifier.isOfEndedToken(e)
          ? new Answer(Optional.empty(), told)
          : new Answer(told, Optional.empty());
    }
  }

  /** How the source fails to give the token that calls are made with; empty if it gave one. */
  Optional<CredentialException> probeSource() {
    ClientContext context = InternalCredentials.context(credentials);
    SourceCredentials source = context.source();
    try {
      int unused =
          context.call(
              SOURCE_TOKEN,
              deadline ->
                  source.call(
                      () ->
                          source
                              .scoped()
                              .getRequestMetadata(context.endpoints().iamCredentials())
                              .size(),
                      deadline));
      return Optional.empty();
    } catch (CredentialException e) {
      return Optional.of(uninterrupted(e));
    }
  }

  /** The failure, unless it is this thread's interruption: that says nothing of a credential. */
  static CredentialException uninterrupted(CredentialException failure) {
    if (Thread.currentThread().isInterrupted()) {
      throw failure;
    }
    return failure;
  }

  /** Who calls, if the source credentials can tell. */
  Optional<Member> caller() {
    try {
      return credentials.callerMember();
    } catch (CredentialException e) {
      CredentialException unused = uninterrupted(e); // The source's own failure tells more.
      return Optional.empty();
    }
  }

  /** What the source credentials need for a token of their own, as far as they tell. */
  List<RequiredGrant> sourceGrants() {
    return credentials.sourceGrants();
  }

  /** What kind of credentials the source is. */
  String sourceType() {
    return InternalCredentials.context(credentials).source().scoped().getClass().getSimpleName();
  }

  /**
   * What a request came to.
   *
   * @param failure how it failed; empty if a credential was issued
   * @param ended that what was issued is of no use, for it has ended by this machine's clock
   */
  record Answer(Optional<CredentialException> failure, Optional<CredentialException> ended) {}
}
