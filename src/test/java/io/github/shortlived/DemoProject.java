package io.github.shortlived;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;

import com.google.gson.JsonParser;
import io.github.shortlived.audit.AccessAudit;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.model.CredentialEvent;
import io.github.shortlived.model.DelegationChain;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.testing.IamEmulator;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;

/** An emulator with a caller, two delegates, a target and an administrator, and no grants. */
public final class DemoProject implements AutoCloseable {
  public static final String PROJECT = "demo-project";
  public static final Member ADMIN = Member.of("user:admin@example.com");
  public static final ServiceAccount CALLER = account("caller");
  public static final ServiceAccount DELEGATE_1 = account("delegate-1");
  public static final ServiceAccount DELEGATE_2 = account("delegate-2");
  public static final ServiceAccount TARGET = account("target");
  public static final DelegationChain CHAIN =
      DelegationChain.through(DELEGATE_1, DELEGATE_2).to(TARGET);

  private final IamEmulator emulator;
  private final ShortLivedCredentials admin;
  private final Grants grants;
  private final AccessAudit audit;

  public DemoProject() {
    this(InstantSource.system());
  }

  /** Creates a project with this clock; advancing the emulator's clock adds to it. */
  public DemoProject(InstantSource clock) {
    this.emulator =
        IamEmulator.builder()
            .clock(clock)
            .project(PROJECT)
            .serviceAccount(CALLER.id())
            .serviceAccount(DELEGATE_1.id())
            .serviceAccount(DELEGATE_2.id())
            .serviceAccount(TARGET.id())
            .projectBinding(PROJECT, "roles/owner", ADMIN.id())
            .domainWideDelegation(TARGET.id(), "delegating@example.com", CLOUD_PLATFORM)
            .instance(PROJECT, "us-west1-a", "vm-1")
            .instance(PROJECT, "us-west1-a", "vm-2")
            .start();
    this.admin = emulator.credentialsFor(ADMIN);
    this.grants = Grants.using(admin);
    this.audit = AccessAudit.using(admin);
  }

  private static ServiceAccount account(String name) {
    return ServiceAccount.of(name + "@" + PROJECT + ".iam.gserviceaccount.com");
  }

  public IamEmulator emulator() {
    return emulator;
  }

  /** Returns the grants of the administrator. */
  public Grants grants() {
    return grants;
  }

  public AccessAudit audit() {
    return audit;
  }

  /** Returns credentials with the caller's key, over either transport. */
  public ShortLivedCredentials caller(boolean grpc) {
    ShortLivedCredentials.Builder builder =
        ShortLivedCredentials.builder()
            .keyJson(emulator.serviceAccountKey(CALLER.id()))
            .endpoints(emulator.endpoints());
    return grpc ? builder.grpc().build() : builder.build();
  }

  /** Returns a builder for this caller, on the emulator's clock; retries have no delay. */
  public ShortLivedCredentials.Builder listening(
      Member caller, Consumer<? super CredentialEvent> listener) {
    return ShortLivedCredentials.builder()
        .source(emulator.googleCredentials(caller.id()))
        .endpoints(emulator.endpoints())
        .clock(emulator.clock())
        .retryPolicy(
            new RetryPolicy(Duration.ofNanos(1), Duration.ofNanos(1), Duration.ofSeconds(30), true))
        .listener(listener);
  }

  /** Returns the public key that the emulator publishes for this account's signatures. */
  public PublicKey publishedKey(ServiceAccount account, String keyId) {
    return certificate("/service_accounts/v1/metadata/x509/" + account.id(), keyId);
  }

  /** Returns the public key that verifies Google's ID tokens. */
  public PublicKey googleKey(String keyId) {
    return certificate("/oauth2/v1/certs", keyId);
  }

  private PublicKey certificate(String path, String keyId) {
    URI uri = emulator.httpEndpoint().resolve(path);
    String body =
        HttpClient.newHttpClient()
            .sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
            .join()
            .body();
    String pem = JsonParser.parseString(body).getAsJsonObject().get(keyId).getAsString();
    try {
      return CertificateFactory.getInstance("X.509")
          .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
          .getPublicKey();
    } catch (java.security.GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    grants.close();
    audit.close();
    admin.close();
    emulator.close();
  }
}
