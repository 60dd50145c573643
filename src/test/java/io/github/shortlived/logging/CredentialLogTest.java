package io.github.shortlived.logging;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.client.http.HttpHeaders;
import com.google.api.client.http.HttpResponseException;
import com.google.common.base.Joiner;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.logging.RecordingLogger.Line;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialEvent;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.RequiredGrant;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.Target;
import io.github.shortlived.testing.IamEmulator;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

class CredentialLogTest {
  private static final Path PAGE = Path.of("src/site/markdown/metrics.md");
  private static final ServiceAccount TARGET =
      ServiceAccount.of("sa-2@demo-project.iam.gserviceaccount.com");
  private static final AccessTokenRequest REQUEST = AccessTokenRequest.of(TARGET, CLOUD_PLATFORM);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final RecordingLogger logger = new RecordingLogger(Level.TRACE);
  private final CredentialLog log = CredentialLog.to(logger);

  private static CredentialException denied() {
    String body = "{\"error\": {\"details\": [{\"reason\": \"IAM_PERMISSION_DENIED\"}]}}";
    Exception response =
        new HttpResponseException.Builder(403, "Forbidden", new HttpHeaders())
            .setContent(body)
            .build();
    RequiredGrant grant = new RequiredGrant(TARGET, "roles/x", Optional.empty());
    return InternalExceptions.translate(
        response, "Requesting", () -> List.of(grant), source -> List.of());
  }

  private static List<CredentialEvent> events() {
    RequiredGrant grant =
        new RequiredGrant(TARGET, "roles/x", Optional.of(Member.of("user:me@example.com")));
    return List.of(
        new CredentialEvent.Issued(REQUEST, "sha256:1", SECOND, 1),
        new CredentialEvent.Refreshed(REQUEST, "sha256:1", SECOND, 1),
        new CredentialEvent.RefreshFailed(REQUEST, denied(), SECOND, 1),
        new CredentialEvent.Retried(Optional.of(REQUEST), 1, SECOND, denied()),
        new CredentialEvent.IssueFailed(REQUEST, denied(), SECOND, 1),
        new CredentialEvent.Granted(grant, SECOND, 1),
        new CredentialEvent.Revoked(grant, SECOND, 1),
        new CredentialEvent.Swept(grant, SECOND, 1),
        new CredentialEvent.EmulatorUsed(URI.create("http://127.0.0.1:8085")),
        new CredentialEvent.SecretExposed(Path.of("key.json"), "chmod 600 key.json"));
  }

  private Line line(CredentialEvent event) {
    logger.lines().clear();
    log.accept(event);
    assertThat(logger.lines()).hasSize(1);
    return logger.lines().get(0);
  }

  @Test
  void events_ofThisTest_coverAllTypes() {
    assertThat(events().stream().map(Object::getClass))
        .containsExactlyInAnyOrder(CredentialEvent.class.getPermittedSubclasses());
  }

  @Test
  void accept_anyEvent_isOneLine() {
    assertThat(events())
        .extracting(event -> line(event).message())
        .allMatch(message -> message.indexOf('\n') < 0 && !message.contains("{}"));
  }

  @Test
  void accept_issued_hasRequestAndFingerprint() {
    Line line = line(events().get(0));
    assertThat(line.message()).isEqualTo("Issued " + REQUEST + " sha256:1");
    assertThat(line.pairs()).containsEntry("fingerprint", "sha256:1").containsEntry("attempts", 1);
  }

  @Test
  void accept_issueFailed_hasTheFirstLineOfTheMessageAndWhereToReadOn() {
    assertThat(line(events().get(4)).message())
        .startsWith("Not issued " + REQUEST + ": Requesting refused: ")
        .endsWith("See " + denied().help() + ".");
  }

  @Test
  void accept_failureWithoutAdvice_hasItsMessage() {
    CredentialException failure = InternalExceptions.unavailable("Late.");
    Line line = line(new CredentialEvent.RefreshFailed(REQUEST, failure, SECOND, 0));
    assertThat(line.message()).isEqualTo("Not refreshed " + REQUEST + ": Late.");
    assertThat(line.pairs()).containsEntry("failure", "unavailable");
  }

  @Test
  void accept_retriedPolicyEdit_hasNoTarget() {
    Line line = line(new CredentialEvent.Retried(Optional.empty(), 2, SECOND, denied()));
    assertThat(line.pairs())
        .doesNotContainKey("target")
        .containsEntry("delay_ms", 1_000L)
        .containsEntry("attempts", 2);
  }

  @Test
  void page_levelsAndPairs_matchTheCode() throws IOException {
    String rows =
        events().stream()
            .map(this::line)
            .map(
                line ->
                    "| `%s` | %s | %s |"
                        .formatted(
                            line.pairs().get("event"),
                            line.level(),
                            Joiner.on(", ").join(code(line.pairs().keySet().stream()))))
            .sorted()
            .collect(Collectors.joining("\n"));
    assertThat(Files.readString(PAGE)).contains("|---|---|---|\n" + rows + "\n\n");
  }

  private static List<String> code(Stream<String> names) {
    return names.skip(1).map(name -> "`" + name + "`").toList();
  }

  @Test
  void listener_ofCredentials_logsWithoutTheToken() {
    try (IamEmulator emulator = IamEmulator.demo().start();
        ShortLivedCredentials credentials =
            ShortLivedCredentials.builder()
                .source(emulator.googleCredentials("serviceAccount:" + TARGET))
                .endpoints(emulator.endpoints())
                .listener(log)
                .build()) {
      AccessToken token = credentials.accessToken(Target.self(), CLOUD_PLATFORM);
      assertThat(logger.lines()).singleElement().asString().doesNotContain(token.token());
      assertThat(logger.lines().get(0).message()).endsWith(token.fingerprint());
    }
  }

  @Test
  void accept_levelIsOff_writesNothing() {
    RecordingLogger warnings = new RecordingLogger(Level.WARN);
    events().forEach(CredentialLog.to(warnings));
    assertThat(warnings.lines()).hasSize(3).allMatch(line -> line.level() == Level.WARN);
  }

  @Test
  void create_withSlf4j_isUsable() {
    assertThat(CredentialLog.create().toString()).startsWith("CredentialLog[");
  }
}
