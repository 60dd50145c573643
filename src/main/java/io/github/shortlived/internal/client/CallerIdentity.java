package io.github.shortlived.internal.client;

import com.google.api.client.json.gson.GsonFactory;
import com.google.api.client.json.webtoken.JsonWebSignature;
import com.google.auth.Retryable;
import com.google.auth.ServiceAccountSigner;
import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.ExternalAccountCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.auth.oauth2.UserCredentials;
import com.google.common.base.Ascii;
import io.github.shortlived.internal.failure.FailedCallException;
import io.github.shortlived.internal.failure.MalformedResponseException;
import io.github.shortlived.internal.failure.SourceEndpoint;
import io.github.shortlived.internal.text.MemberIds;
import io.github.shortlived.internal.text.SafeText;
import io.github.shortlived.internal.text.ServiceAccountEmails;
import io.github.shortlived.model.Member;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Who the caller is: the service account or the user of the source credentials. Thread-safe. */
public final class CallerIdentity {
  // It is an email address or, for a GKE pod without an account, its workload identity pool.
  private static final Pattern ENGINE_ACCOUNT = Pattern.compile("[A-Za-z0-9._:@-]+");
  private static final Duration MAX_WAIT_FOR_MESSAGE = Duration.ofSeconds(5);

  private final GoogleCredentials credentials;
  private final SourceCredentials source;
  // The account that the metadata server reported; null until then.
  private volatile @Nullable String engineAccount;

  CallerIdentity(GoogleCredentials credentials, SourceCredentials source) {
    this.credentials = credentials;
    this.source = source;
  }

  /** Returns the service account of these credentials, if it is known without a network call. */
  public Optional<String> account() {
    try {
      return localAccount().flatMap(CallerIdentity::serviceAccount);
    } catch (RuntimeException e) {
      // A malformed name, or credentials of another kind: the call itself reports the fault.
      return Optional.empty();
    }
  }

  /** Returns the address in lower case; a GKE pod without an account has PROJECT.svc.id.goog. */
  private static Optional<String> serviceAccount(String account) {
    return Optional.of(account)
        .filter(ServiceAccountEmails::isServiceAccount)
        .map(Ascii::toLowerCase);
  }

  private Optional<String> localAccount() {
    if (delegatedUser().isPresent()) {
      return Optional.empty();
    } else if (credentials instanceof ComputeEngineCredentials) {
      return Optional.ofNullable(engineAccount);
    } else if (credentials instanceof ServiceAccountSigner signer) {
      return Optional.ofNullable(signer.getAccount());
    } else if (credentials instanceof ExternalAccountCredentials external) {
      return Optional.ofNullable(external.getServiceAccountEmail());
    }
    return Optional.empty();
  }

  /** Returns the service account; on Compute Engine, calls the metadata server with retries. */
  public Optional<String> account(Retrier retrier) throws FailedCallException {
    Optional<String> known = account();
    return known.isEmpty() && credentials instanceof ComputeEngineCredentials
        ? retrier.call(deadline -> source.call(this::fetchAccount, deadline))
        : known;
  }

  private Optional<String> fetchAccount() throws IOException {
    Optional<String> known = account();
    if (known.isEmpty() && credentials instanceof ComputeEngineCredentials engine) {
      known = accountOf(engine).flatMap(CallerIdentity::serviceAccount);
      engineAccount = known.orElse(null);
    }
    return known;
  }

  /** Returns the account of the machine; empty if it has none, which is a 404. */
  private static Optional<String> accountOf(ComputeEngineCredentials engine) throws IOException {
    try {
      Optional<String> account = Optional.ofNullable(engine.getAccount());
      if (account.filter(text -> !ENGINE_ACCOUNT.matcher(text).matches()).isPresent()) {
        throw MalformedResponseException.notAnEmail();
      }
      return account;
    } catch (RuntimeException e) {
      if (!(e.getCause() instanceof IOException failure)) {
        throw e;
      } else if (SourceEndpoint.httpStatus(failure).equals(Optional.of(404))) {
        return Optional.empty();
      }
      throw failure;
    }
  }

  /**
   * Returns whether these belong to a service account, which can sign and obtain ID tokens. Makes
   * no network call, so Compute Engine credentials always count as a service account.
   */
  public boolean isServiceAccount() {
    return delegatedUser().isEmpty()
        && (credentials instanceof ServiceAccountSigner || account().isPresent());
  }

  /**
   * Returns the caller as a policy member. Calls Google's token endpoint for a user, whose email
   * address is known if the login had the scope {@code openid}; calls the metadata server on
   * Compute Engine.
   */
  public Optional<String> member() throws IOException {
    if (credentials instanceof UserCredentials user) {
      return userEmail(user).map(email -> "user:" + email);
    }
    Optional<String> user = delegatedUser();
    return user.isPresent()
        ? user.map(email -> "user:" + email)
        : fetchAccount().map(email -> MemberIds.SERVICE_ACCOUNT + email);
  }

  /** Returns the caller for a message; empty if that fails or takes longer than 5 s. */
  public Optional<Member> memberIfKnown() {
    try {
      boolean calls =
          credentials instanceof UserCredentials || credentials instanceof ComputeEngineCredentials;
      Optional<String> member =
          calls ? source.call(this::member, Retrier.deadlineIn(MAX_WAIT_FOR_MESSAGE)) : member();
      return member.filter(id -> !SafeText.hasHidden(id)).map(Member::inPolicy);
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  /** {@return the caller as far as it is known without a network call} */
  @Override
  public String toString() {
    return account().or(this::delegatedUser).orElseGet(this::kind);
  }

  private String kind() {
    if (credentials instanceof UserCredentials) {
      return "the user of a login";
    } else if (credentials instanceof ComputeEngineCredentials) {
      return "the service account of this machine";
    }
    return credentials instanceof ExternalAccountCredentials ? "an external identity" : "unknown";
  }

  /** Returns the user for whom a service account acts, by domain-wide delegation. */
  private Optional<String> delegatedUser() {
    return credentials instanceof ServiceAccountCredentials account
        ? Optional.ofNullable(account.getServiceAccountUser())
        : Optional.empty();
  }

  private static Optional<String> userEmail(UserCredentials user) throws IOException {
    try {
      // A user's ID token ignores the audience.
      String idToken = user.idTokenWithAudience("", List.of()).getTokenValue();
      Object email =
          JsonWebSignature.parse(GsonFactory.getDefaultInstance(), idToken)
              .getPayload()
              .get("email");
      return email instanceof String text ? Optional.of(text) : Optional.empty();
    } catch (IOException | IllegalStateException e) {
      if (e instanceof Retryable) {
        throw e; // A service responded, or the connection failed: report that failure.
      }
      return Optional.empty(); // The login is without openid, or without a refresh token.
    }
  }
}
