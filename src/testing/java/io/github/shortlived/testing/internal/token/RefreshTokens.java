package io.github.shortlived.testing.internal.token;

import io.github.shortlived.testing.internal.account.OAuthScopes;
import io.github.shortlived.testing.internal.key.SecretRecorder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The refresh tokens of users, issued to one OAuth client. Safe for concurrent use. */
public final class RefreshTokens {
  /** A user, and the scopes that the user agreed to. */
  public record Consent(String user, List<String> scopes) {}

  private static final String CLIENT_ID = "123456789012-emulator.apps.googleusercontent.com";

  private final String clientSecret = SecretRecorder.random("GOCSPX-", 18);
  private final Map<String, Consent> consents = new ConcurrentHashMap<>();

  public String clientId() {
    return CLIENT_ID;
  }

  public String clientSecret() {
    return clientSecret;
  }

  public String issue(String user) {
    String token = SecretRecorder.random("1//0", 60);
    consents.put(token, new Consent(user, OAuthScopes.OF_USERS));
    return token;
  }

  public Optional<Consent> find(String token) {
    return Optional.ofNullable(consents.get(token));
  }

  /** Revokes all refresh tokens of a user. */
  public void revoke(String user) {
    consents.values().removeIf(consent -> consent.user().equals(user));
  }
}
