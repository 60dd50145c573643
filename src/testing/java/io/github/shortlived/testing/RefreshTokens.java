package io.github.shortlived.testing;

import com.google.common.io.BaseEncoding;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The refresh tokens of users, all given to one OAuth client. Safe for concurrent use. */
final class RefreshTokens {
  /** What {@code gcloud auth application-default login} asks for. */
  static final List<String> USUAL_SCOPES =
      List.of("openid", "https://www.googleapis.com/auth/userinfo.email", Scopes.CLOUD_PLATFORM);

  /** What a user agreed to. */
  record Consent(String user, List<String> scopes) {}

  private static final String CLIENT_ID = "123456789012-emulator.apps.googleusercontent.com";

  private final SecureRandom random = new SecureRandom();
  private final String clientSecret = secret("GOCSPX-", 18);
  private final Map<String, Consent> consents = new ConcurrentHashMap<>();

  String clientId() {
    return CLIENT_ID;
  }

  String clientSecret() {
    return clientSecret;
  }

  String issue(String user) {
    String token = secret("1//0", 60);
    consents.put(token, new Consent(user, USUAL_SCOPES));
    return token;
  }

  Optional<Consent> find(String token) {
    return Optional.ofNullable(consents.get(token));
  }

  private String secret(String prefix, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return SeenSecrets.tell(prefix + BaseEncoding.base64Url().omitPadding().encode(bytes));
  }
}
