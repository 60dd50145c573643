package io.github.shortlived.internal.source;

import com.google.auth.http.HttpTransportFactory;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.github.shortlived.internal.http.DefaultTransport;
import io.github.shortlived.internal.text.GoogleHosts;
import io.github.shortlived.internal.text.SafePath;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads a file of Application Default Credentials of the type {@code impersonated_service_account}.
 */
public final class ImpersonationFile {
  private static final CredentialFault OTHER_UNIVERSE =
      new CredentialFault(
          "names another universe than the credentials in it",
          "Correct its universe_domain and service_account_impersonation_url, or the"
              + " universe_domain of its source_credentials");

  private static final Pattern OF_GOOGLE =
      Pattern.compile("\\Ahttps?://[^/]+\\.googleapis\\.com[:/]", Pattern.CASE_INSENSITIVE);

  private ImpersonationFile() {}

  /** Returns the credentials in this file, for the library's own HTTP transport. */
  public static ImpersonatedCredentials load(Path file) {
    Supplier<String> name = () -> "Credential file " + SafePath.of(file.toString());
    String json = SourceCredentialsLoader.read(file, name, Integer.MAX_VALUE);
    ImpersonatedCredentials credentials =
        SourceCredentialsLoader.parse(
            name,
            json,
            DefaultTransport.factory(),
            ImpersonationFile::read,
            CredentialFaults::ofImpersonation);
    if (!isOfOneUniverse(JsonParser.parseString(json).getAsJsonObject(), credentials)) {
      throw SourceCredentialsLoader.unusable(name, OTHER_UNIVERSE, null);
    }
    return credentials;
  }

  /** Refuses lists that contain something else than texts, which google-auth accepts. */
  private static ImpersonatedCredentials read(InputStream json, HttpTransportFactory transports)
      throws IOException {
    ImpersonatedCredentials credentials = ImpersonatedCredentials.fromStream(json, transports);
    ImpersonatedCredentials.Builder settings = credentials.toBuilder();
    Stream<?> texts =
        Stream.of(settings.getDelegates(), settings.getScopes()).flatMap(List::stream);
    if (!texts.allMatch(String.class::isInstance)) {
      throw new IllegalArgumentException("delegates or scopes");
    }
    return credentials;
  }

  /** google-auth ignores the universe of the file, and sends requests to any host in its URL. */
  private static boolean isOfOneUniverse(JsonObject file, ImpersonatedCredentials credentials) {
    String universe = universe(credentials);
    JsonElement declared = file.get("universe_domain");
    String url = file.get("service_account_impersonation_url").getAsString();
    return (declared == null || declared.equals(new JsonPrimitive(universe)))
        && (universe.equals(GoogleHosts.DEFAULT_UNIVERSE) || !OF_GOOGLE.matcher(url).find());
  }

  private static String universe(ImpersonatedCredentials credentials) {
    try {
      return credentials.getUniverseDomain();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // Not reached: keys and users make no call.
    }
  }
}
