package io.github.shortlived.metrics;

import static io.github.shortlived.DemoProject.TARGET;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.client.http.HttpHeaders;
import com.google.api.client.http.HttpResponseException;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialEvent;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.JwtClaims;
import io.github.shortlived.model.RequiredGrant;
import io.github.shortlived.model.SignBlobRequest;
import io.github.shortlived.model.SignJwtRequest;
import io.github.shortlived.model.TokenRequest;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Compares the page with the meters, tags and values that one event of each type creates. */
class MetricsPageTest {
  private static final Path PAGE = Path.of("src/site/markdown/metrics.md");

  private static final List<TokenRequest<?>> TOKENS =
      List.of(AccessTokenRequest.of(TARGET, CLOUD_PLATFORM), IdTokenRequest.of(TARGET, "orders"));
  private static final List<CredentialRequest<?>> SIGNATURES =
      List.of(
          SignJwtRequest.of(TARGET, JwtClaims.expiringIn(Duration.ofMinutes(1))),
          SignBlobRequest.of(TARGET, new byte[] {1}));
  private static final List<CredentialException> FAILURES =
      Stream.of(
              failure(403, "IAM_PERMISSION_DENIED"),
              failure(404, "X"),
              failure(400, "X"),
              failure(403, "SERVICE_DISABLED"),
              failure(409, "X"),
              failure(503, "X"),
              failure(401, "X"),
              InternalExceptions.translate(new NoSuchMethodError("x"), "Requesting"))
          .toList();

  // Tags whose values are not listed, because they are Google's names.
  private static final Map<String, String> OPEN =
      Map.of(
          "method",
          "the method that failed, by its name in Google's API reference, such as"
              + " `generateAccessToken` or `setIamPolicy`; `token` for a token"
              + " endpoint, which issues source tokens, users' tokens and downscoped tokens; `unknown`");

  private static CredentialException failure(int status, String reason) {
    String body = "{\"error\": {\"details\": [{\"reason\": \"%s\"}]}}".formatted(reason);
    return InternalExceptions.translate(
        new HttpResponseException.Builder(status, "Reason", new HttpHeaders())
            .setContent(body)
            .build(),
        "Requesting");
  }

  private static List<CredentialEvent> events() {
    List<CredentialEvent> events = new ArrayList<>();
    TOKENS.forEach(request -> addEvents(events, request));
    SIGNATURES.forEach(request -> addIssue(events, request));
    RequiredGrant grant = new RequiredGrant(TARGET, "roles/x", Optional.empty());
    events.add(new CredentialEvent.Granted(grant, Duration.ZERO, 1));
    events.add(new CredentialEvent.Revoked(grant, Duration.ZERO, 1));
    events.add(new CredentialEvent.Swept(grant, Duration.ZERO, 1));
    events.add(new CredentialEvent.SecretExposed(Path.of("key.json"), "chmod 600 key.json"));
    events.add(new CredentialEvent.EmulatorUsed(URI.create("http://127.0.0.1:8085")));
    return events;
  }

  private static void addEvents(List<CredentialEvent> events, TokenRequest<?> request) {
    addIssue(events, request);
    events.add(new CredentialEvent.Refreshed(request, "sha256:1", Duration.ZERO, 1));
    FAILURES.forEach(
        failure ->
            events.add(new CredentialEvent.RefreshFailed(request, failure, Duration.ZERO, 1)));
  }

  private static void addIssue(List<CredentialEvent> events, CredentialRequest<?> request) {
    events.add(new CredentialEvent.Issued(request, "sha256:1", Duration.ZERO, 1));
    for (CredentialException failure : FAILURES) {
      events.add(new CredentialEvent.IssueFailed(request, failure, Duration.ZERO, 1));
      events.add(new CredentialEvent.Retried(Optional.of(request), 1, Duration.ZERO, failure));
    }
  }

  private static List<Meter> meters() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    CredentialMetrics metrics = CredentialMetrics.of(registry);
    events().forEach(metrics);
    GoogleCredentials source = GoogleCredentials.create(new AccessToken("none", null));
    try (ShortLivedCredentials credentials = ShortLivedCredentials.from(source)) {
      metrics.monitor(credentials);
      return registry.getMeters();
    }
  }

  @Test
  void events_ofThisTest_coverAllTypes() {
    assertThat(events().stream().map(Object::getClass).distinct())
        .containsExactlyInAnyOrder(CredentialEvent.class.getPermittedSubclasses());
    assertThat(FAILURES.stream().map(Object::getClass).distinct())
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(CredentialException.class.getPermittedSubclasses())
                // Verification publishes no events.
                .filter(type -> type != CredentialException.VerificationFailed.class)
                .toList());
  }

  @Test
  void page_meters_matchTheCode() throws IOException {
    assertThat(table("meters")).isEqualTo(meterRows());
  }

  @Test
  void page_tags_matchTheCode() throws IOException {
    assertThat(table("tags")).isEqualTo(tagRows());
  }

  /** Returns the rows of the table with this marker, without its head. */
  private static String table(String name) throws IOException {
    return Files.readString(PAGE)
        .split("<!-- MetricsPageTest: " + name + " -->\n", -1)[1]
        .lines()
        .takeWhile(line -> !line.isEmpty())
        .skip(2)
        .collect(joining("\n"));
  }

  private static String meterRows() {
    return meters().stream()
        .map(Meter::getId)
        .map(
            id ->
                "| `%s` | %s | %s | %s |"
                    .formatted(
                        id.getName(),
                        id.getType().name().toLowerCase(Locale.ROOT),
                        id.getTags().stream()
                            .map(Tag::getKey)
                            .map(MetricsPageTest::code)
                            .collect(joining(", ")),
                        id.getDescription()))
        .distinct()
        .sorted()
        .collect(joining("\n"));
  }

  private static String tagRows() {
    Map<String, Set<String>> values = new TreeMap<>();
    meters().stream()
        .flatMap(meter -> meter.getId().getTags().stream())
        .forEach(
            tag ->
                values.computeIfAbsent(tag.getKey(), key -> new TreeSet<>()).add(tag.getValue()));
    return values.entrySet().stream()
        .map(
            tag ->
                "| `%s` | %s |".formatted(tag.getKey(), valuesText(tag.getKey(), tag.getValue())))
        .collect(joining("\n"));
  }

  private static String valuesText(String key, Set<String> values) {
    return OPEN.getOrDefault(
        key, values.stream().map(MetricsPageTest::code).collect(joining(", ")));
  }

  private static String code(String text) {
    return "`" + text + "`";
  }
}
