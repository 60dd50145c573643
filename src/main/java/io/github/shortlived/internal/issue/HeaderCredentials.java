package io.github.shortlived.internal.issue;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.common.collect.ImmutableMap;
import io.github.shortlived.internal.client.UserAgent;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The headers of the source credentials for one call, as the source of {@code
 * ImpersonatedCredentials}, which therefore neither fetch nor replace a source token themselves.
 */
@SuppressWarnings("serial") // Exists for one call.
final class HeaderCredentials extends GoogleCredentials {
  // google-auth scopes and refreshes a source without a token.
  private static final AccessToken IN_THE_HEADERS = new AccessToken("in the headers", null);

  private final transient Map<String, List<String>> headers;

  HeaderCredentials(Map<String, List<String>> headers) {
    super(GoogleCredentials.newBuilder().setAccessToken(IN_THE_HEADERS));
    this.headers =
        ImmutableMap.<String, List<String>>builder()
            .putAll(headers)
            .put(UserAgent.HEADER, List.of(UserAgent.TEXT))
            .buildKeepingLast();
  }

  @Override
  public Map<String, List<String>> getRequestMetadata(@Nullable URI uri) {
    return headers;
  }

  /** {@return the name alone, because the headers contain the token} */
  @Override
  public String toString() {
    return "HeaderCredentials";
  }
}
