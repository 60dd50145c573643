package io.github.shortlived;

import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.github.shortlived.model.DelegationChain;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.testing.EmulatorBuilder;
import io.github.shortlived.testing.EmulatorCall;
import io.github.shortlived.testing.IamEmulator;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.util.function.UnaryOperator;

/**
 * An emulator whose caller may impersonate the target and a delegate. The target may read instances
 * and act for one user. The others have no access.
 */
public final class AdapterWorld implements AutoCloseable {
  static final String PROJECT = "demo-project";
  static final String ZONE = "us-west1-a";
  public static final String USER = "user@example.com";
  public static final ServiceAccount CALLER = account("caller");
  public static final ServiceAccount DELEGATE = account("delegate");
  public static final ServiceAccount TARGET = account("target");
  public static final ServiceAccount STRANGER = account("stranger");
  public static final DelegationChain CHAIN = DelegationChain.through(DELEGATE).to(TARGET);
  static final String TOKEN_CREATOR = "roles/iam.serviceAccountTokenCreator";

  private final IamEmulator emulator;
  private final ShortLivedCredentials caller;

  public AdapterWorld() {
    this(UnaryOperator.identity());
  }

  /** Creates a world with further declarations. */
  AdapterWorld(UnaryOperator<EmulatorBuilder> more) {
    this.emulator = more.apply(builder()).start();
    this.caller = emulator.credentialsFor(CALLER);
  }

  private static EmulatorBuilder builder() {
    return IamEmulator.builder()
        .project(PROJECT)
        .serviceAccount(CALLER.id())
        .serviceAccount(DELEGATE.id())
        .serviceAccount(TARGET.id())
        .serviceAccount(STRANGER.id())
        .binding(TARGET.id(), TOKEN_CREATOR, Member.of(CALLER).id())
        .binding(DELEGATE.id(), TOKEN_CREATOR, Member.of(CALLER).id())
        .binding(TARGET.id(), TOKEN_CREATOR, Member.of(DELEGATE).id())
        .projectBinding(PROJECT, "roles/compute.viewer", Member.of(TARGET).id())
        .projectBinding(PROJECT, "roles/compute.viewer", "user:" + USER)
        .domainWideDelegation(TARGET.id(), USER, CLOUD_PLATFORM)
        .instance(PROJECT, ZONE, "vm-1");
  }

  private static ServiceAccount account(String name) {
    return ServiceAccount.of(name + "@" + PROJECT + ".iam.gserviceaccount.com");
  }

  public IamEmulator emulator() {
    return emulator;
  }

  /** Returns the caller's credentials, without a key. */
  public ShortLivedCredentials caller() {
    return caller;
  }

  /** Returns the number of calls of this method. */
  public long calls(String method) {
    return emulator.calls().stream().map(EmulatorCall::method).filter(method::equals).count();
  }

  /** Returns the URL that lists the instances over HTTP/JSON. */
  public URI instances() {
    return emulator
        .httpEndpoint()
        .resolve("/compute/v1/projects/" + PROJECT + "/zones/" + ZONE + "/instances");
  }

  /** Returns whether a key that the emulator publishes for this account made the signature. */
  boolean signed(ServiceAccount account, byte[] payload, byte[] signature) throws Exception {
    URI keys =
        emulator.httpEndpoint().resolve("/service_accounts/v1/metadata/x509/" + account.id());
    String published =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(keys).build(), BodyHandlers.ofString())
            .body();
    for (JsonElement pem : JsonParser.parseString(published).getAsJsonObject().asMap().values()) {
      if (verifies(pem.getAsString(), payload, signature)) {
        return true;
      }
    }
    return false;
  }

  private static boolean verifies(String pem, byte[] payload, byte[] signature)
      throws GeneralSecurityException {
    Signature verifier = Signature.getInstance("SHA256withRSA");
    verifier.initVerify(
        CertificateFactory.getInstance("X.509")
            .generateCertificate(
                new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII))));
    verifier.update(payload);
    return verifier.verify(signature);
  }

  @Override
  public void close() {
    caller.close();
    emulator.close();
  }
}
