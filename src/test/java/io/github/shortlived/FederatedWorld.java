package io.github.shortlived;

import static io.github.shortlived.AdapterWorld.CALLER;
import static io.github.shortlived.AdapterWorld.DELEGATE;
import static io.github.shortlived.AdapterWorld.PROJECT;
import static io.github.shortlived.AdapterWorld.TARGET;
import static io.github.shortlived.AdapterWorld.TOKEN_CREATOR;
import static io.github.shortlived.AdapterWorld.USER;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;

import com.google.auth.oauth2.ExternalAccountCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.IdentityPoolCredentials;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.shortlived.config.CredentialConfigPolicy;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.model.Member;
import io.github.shortlived.testing.EmulatorBuilder;
import io.github.shortlived.testing.IamEmulator;
import io.github.shortlived.testing.WorkloadIdentityProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * An {@link AdapterWorld} with a workload outside Google: its subject {@code main} may do what the
 * caller may, and impersonate the caller, who may also sign as itself.
 */
final class FederatedWorld implements AutoCloseable {
  static final String SUBJECT = "main";
  static final String POOL =
      "iam.googleapis.com/projects/%s/locations/global/workloadIdentityPools/ci-pool"
          .formatted(IamEmulator.projectNumber(PROJECT));
  static final String PRINCIPAL = "principal://" + POOL + "/subject/" + SUBJECT;

  /** Where a workload gets its subject token. */
  enum SubjectTokenSource {
    FILE,
    URL,
    SUPPLIER,
    /** The process needs {@code GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES=1}. */
    EXECUTABLE,
    /** The process needs {@link LoopbackNetwork#trustStore}, with this folder. */
    X509
  }

  private final AdapterWorld world = new AdapterWorld(FederatedWorld::declare);
  private final WorkloadIdentityProvider provider =
      world.emulator().workloadIdentityProvider(PROJECT, "ci-pool", "ci-provider");
  private final List<Runnable> closing = new ArrayList<>();
  private final Path folder;

  FederatedWorld(Path folder) {
    this.folder = folder;
  }

  private static EmulatorBuilder declare(EmulatorBuilder builder) {
    return builder
        .workloadIdentityPool(PROJECT, "ci-pool", "ci-provider", "https://ci.example.com")
        .binding(CALLER.id(), CrossAccountGrant.WORKLOAD_IDENTITY_USER, PRINCIPAL)
        .binding(CALLER.id(), TOKEN_CREATOR, Member.of(CALLER).id())
        .binding(TARGET.id(), TOKEN_CREATOR, PRINCIPAL)
        .binding(DELEGATE.id(), TOKEN_CREATOR, PRINCIPAL)
        .projectBinding(PROJECT, "roles/compute.viewer", Member.of(CALLER).id())
        .domainWideDelegation(CALLER.id(), USER, CLOUD_PLATFORM);
  }

  AdapterWorld adapters() {
    return world;
  }

  /**
   * Returns the workload's credentials.
   *
   * @param impersonates whether they have a service_account_impersonation_url, for the caller
   */
  GoogleCredentials workload(SubjectTokenSource source, boolean impersonates, String subject)
      throws Exception {
    String token = provider.subjectToken(subject);
    JsonObject json = configuration(token, impersonates);
    return switch (source) {
      case FILE -> loaded(json);
      case URL ->
          loaded(withSource(json, "url", opened(Receiver.returning(token), Receiver::close).uri()));
      case SUPPLIER -> supplied(token, loaded(json));
      case EXECUTABLE -> loaded(withExecutable(json, token));
      case X509 -> certified(mutualTls(token), json);
    };
  }

  private JsonObject configuration(String token, boolean impersonates) throws IOException {
    Path file = Files.writeString(folder.resolve("token"), token);
    JsonObject json =
        JsonParser.parseString(provider.externalAccount(file, CALLER.id())).getAsJsonObject();
    if (!impersonates) {
      json.remove("service_account_impersonation_url");
    }
    return json;
  }

  /** Writes gcloud's file in this folder, as home folder, for a workload with a certificate. */
  void writeDefaultCredentials() throws Exception {
    String token = provider.subjectToken(SUBJECT);
    JsonObject json = mutualTls(token).configure(configuration(token, false));
    Path gcloud = Files.createDirectories(folder.resolve(".config").resolve("gcloud"));
    Files.writeString(gcloud.resolve("application_default_credentials.json"), json.toString());
  }

  private MutualTlsTokenService mutualTls(String token) throws Exception {
    return opened(MutualTlsTokenService.start(this, folder, token), MutualTlsTokenService::close);
  }

  private static JsonObject withSource(JsonObject json, String field, Object value) {
    JsonObject source = new JsonObject();
    source.addProperty(field, value.toString());
    json.add("credential_source", source);
    return json;
  }

  @SuppressWarnings("NullAway") // Null removes the other source of tokens.
  private static GoogleCredentials supplied(String token, ExternalAccountCredentials settings) {
    return ((IdentityPoolCredentials) settings)
        .toBuilder().setCredentialSource(null).setSubjectTokenSupplier(context -> token).build();
  }

  private JsonObject withExecutable(JsonObject json, String token) throws IOException {
    JsonObject response = new JsonObject();
    response.addProperty("version", 1);
    response.addProperty("success", true);
    response.addProperty("token_type", "urn:ietf:params:oauth:token-type:id_token");
    response.addProperty("id_token", token);
    Path file = Files.writeString(folder.resolve("response.json"), response.toString());
    JsonObject executable = new JsonObject();
    executable.addProperty("command", "cat " + file);
    executable.addProperty("timeout_millis", 30_000);
    JsonObject source = new JsonObject();
    source.add("executable", executable);
    json.add("credential_source", source);
    return json;
  }

  /** Loads the credentials as the builder does, which chooses the transport. */
  private GoogleCredentials certified(MutualTlsTokenService service, JsonObject json) {
    return CredentialConfigPolicy.googleOnly()
        .allowingHost(service.host())
        .allowingFile(service.certificateConfiguration())
        .load(service.configure(json).toString(), world.emulator().httpTransportFactory());
  }

  private ExternalAccountCredentials loaded(JsonObject json) throws IOException {
    return ExternalAccountCredentials.fromStream(
        new ByteArrayInputStream(json.toString().getBytes(StandardCharsets.UTF_8)),
        world.emulator().httpTransportFactory());
  }

  private <T> T opened(T server, Consumer<T> close) {
    closing.add(() -> close.accept(server));
    return server;
  }

  /** Returns credentials of this library with this source. */
  ShortLivedCredentials from(GoogleCredentials source, boolean grpc) {
    ShortLivedCredentials.Builder builder =
        ShortLivedCredentials.builder()
            .source(source)
            .endpoints(world.emulator().endpoints())
            .httpTransportFactory(world.emulator().httpTransportFactory());
    return grpc ? builder.grpc().build() : builder.build();
  }

  @Override
  public void close() {
    closing.forEach(Runnable::run);
    world.close();
  }
}
