package io.github.shortlived.internal.source;

import com.google.auth.http.HttpTransportFactory;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.common.base.Ascii;
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
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
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

  private static final CredentialFault OTHER_HOST =
      new CredentialFault(
          "has a service_account_impersonation_url that is not"
              + " https://iamcredentials.UNIVERSE_DOMAIN/... with the universe domain of the"
              + " credentials in it",
          "Correct that URL, or the universe_domain of its source_credentials");

  private static final Pattern THIS_MACHINE =
      Pattern.compile("http://(?:127\\.0\\.0\\.1|localhost)(?::[0-9]+)?/.*");
  private static final Pattern HTTPS =
      Pattern.compile("https://([a-z0-9.-]+)(?::443)?/.*", Pattern.CASE_INSENSITIVE);

  private ImpersonationFile() {}

  /** Returns the credentials in this file, for the library's own HTTP transport. */
  public static ImpersonatedCredentials load(Path file) {
    Supplier<String> name = () -> "Credential file " + SafePath.of(file.toString());
    String json = SourceCredentialsLoader.read(file, name);
    ImpersonatedCredentials credentials =
        SourceCredentialsLoader.parse(
            name,
            json,
            DefaultTransport.factory(),
            ImpersonationFile::read,
            CredentialFaults::ofImpersonation);
    fault(JsonParser.parseString(json).getAsJsonObject(), universe(credentials))
        .ifPresent(
            fault -> {
              throw SourceCredentialsLoader.unusable(name, fault, null);
            });
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
  private static Optional<CredentialFault> fault(JsonObject file, String universe) {
    JsonElement declared = file.get("universe_domain");
    if (declared != null && !declared.equals(new JsonPrimitive(universe))) {
      return Optional.of(OTHER_UNIVERSE);
    }
    String url = file.get("service_account_impersonation_url").getAsString();
    return isAllowed(url, universe) ? Optional.empty() : Optional.of(OTHER_HOST);
  }

  /** Accepts http on this machine, for test servers. */
  private static boolean isAllowed(String url, String universe) {
    Matcher https = HTTPS.matcher(url);
    return https.matches()
        ? GoogleHosts.isEndpoint(Ascii.toLowerCase(https.group(1)), "iamcredentials", universe)
        : THIS_MACHINE.matcher(url).matches();
  }

  private static String universe(ImpersonatedCredentials credentials) {
    try {
      return credentials.getUniverseDomain();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // Not reached: keys and users make no call.
    }
  }
}
