package io.github.shortlived.testing;

import com.google.api.gax.core.CredentialsProvider;
import com.google.api.gax.core.FixedCredentialsProvider;
import com.google.api.gax.grpc.InstantiatingGrpcChannelProvider;
import com.google.api.gax.httpjson.InstantiatingHttpJsonChannelProvider;
import com.google.api.gax.rpc.TransportChannelProvider;
import io.github.shortlived.model.DelegationChain;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.testing.internal.client.CredentialFiles;
import io.github.shortlived.testing.internal.client.PlaintextCallCredentials;
import io.github.shortlived.testing.internal.client.ProcessEnvironment;
import io.github.shortlived.testing.internal.world.ShortAccountNames;
import io.github.shortlived.testing.internal.world.World;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Connects other clients to an {@link IamEmulator}: transports and credentials for Google's
 * generated clients, and credential files and environment variables for other processes. Safe for
 * concurrent use. Only the methods that write files block.
 */
public final class EmulatorClients {
  private final IamEmulator emulator;

  EmulatorClients(IamEmulator emulator) {
    this.emulator = emulator;
  }

  /**
   * {@return the gRPC transport of {@code IAMClient} and {@code IamCredentialsClient}, for {@code
   * setTransportChannelProvider}} It is not encrypted. gRPC refuses to send credentials over such a
   * channel, so this transport sends the client's credentials itself, and blocks a call while they
   * fetch a token. Each client opens and closes its own channel.
   */
  public TransportChannelProvider grpcTransport() {
    return InstantiatingGrpcChannelProvider.newBuilder()
        .setEndpoint(emulator.grpcEndpoint().getAuthority())
        .setChannelConfigurator(channel -> channel.usePlaintext())
        .setInterceptorProvider(() -> List.of(new PlaintextCallCredentials()))
        .build();
  }

  /**
   * {@return the HTTP/JSON transport of {@code IamCredentialsClient} and {@code InstancesClient},
   * for {@code setTransportChannelProvider}}
   */
  public TransportChannelProvider httpTransport() {
    return InstantiatingHttpJsonChannelProvider.newBuilder()
        .setEndpoint(emulator.httpEndpoint().toString())
        .build();
  }

  /**
   * {@return credentials of a member for both transports, for {@code setCredentialsProvider}}
   *
   * @param member as for {@link IamEmulator#googleCredentials}
   * @throws IllegalArgumentException if the member has another form, or the service account does
   *     not exist
   */
  public CredentialsProvider credentialsProvider(String member) {
    return FixedCredentialsProvider.create(emulator.googleCredentials(member));
  }

  /**
   * Creates a key for a service account and writes its key file. The file name is {@code NAME.json}
   * with the part of the email before the {@code @}, or with the whole email if two accounts share
   * that part. An existing file is replaced. Only the owner can read the file, if the file system
   * has permissions.
   *
   * @param folder created if it does not exist
   * @return the file, which holds the private key
   * @throws IllegalArgumentException if the account does not exist
   * @throws java.io.UncheckedIOException if the file cannot be written
   */
  public Path writeKeyFile(String accountEmail, Path folder) {
    String key = emulator.serviceAccountKey(accountEmail);
    return CredentialFiles.write(folder, keyFileName(accountEmail), key);
  }

  /**
   * Writes Application Default Credentials that impersonate an account directly, as {@link
   * #writeAdcFile(String, DelegationChain, Path)} does with delegates.
   */
  public Path writeAdcFile(String sourceEmail, ServiceAccount target, Path folder) {
    return writeAdcFile(sourceEmail, List.of(target), folder);
  }

  /**
   * Writes Application Default Credentials of the type {@code impersonated_service_account} that
   * reach their target through delegates. They contain a new key of the source account.
   *
   * @param sourceEmail the caller, a service account of this emulator
   * @param folder where to write {@code application_default_credentials.json}; created if it does
   *     not exist
   * @return the file, which holds the source's private key
   * @throws IllegalArgumentException if the source account does not exist
   * @throws java.io.UncheckedIOException if the file cannot be written
   */
  public Path writeAdcFile(String sourceEmail, DelegationChain chain, Path folder) {
    return writeAdcFile(sourceEmail, chain.accounts(), folder);
  }

  /**
   * {@return the environment variables that direct this library, gcloud, and metadata clients of
   * all languages to this emulator} Use them with {@code ProcessBuilder.environment()}, for
   * example.
   */
  public Map<String, String> environment() {
    return ProcessEnvironment.of(emulator.httpEndpoint(), Optional.empty());
  }

  /**
   * {@return the variables of {@link #environment()} and {@code GOOGLE_APPLICATION_CREDENTIALS}}
   *
   * @param credentialsFile such as the file of {@link #writeKeyFile}
   */
  public Map<String, String> environment(Path credentialsFile) {
    return ProcessEnvironment.of(emulator.httpEndpoint(), Optional.of(credentialsFile));
  }

  private Path writeAdcFile(String sourceEmail, List<ServiceAccount> accounts, Path folder) {
    String key = emulator.serviceAccountKey(sourceEmail);
    return CredentialFiles.write(
        folder,
        CredentialFiles.ADC_NAME,
        CredentialFiles.impersonatedServiceAccount(key, accounts, emulator.httpEndpoint()));
  }

  private String keyFileName(String accountEmail) {
    World world = emulator.world();
    return new ShortAccountNames(world).of(world.requireAccount(accountEmail)) + ".json";
  }

  @Override
  public String toString() {
    return "EmulatorClients[%s]".formatted(emulator);
  }
}
