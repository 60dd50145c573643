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
import io.github.shortlived.testing.internal.client.PrivateFiles;
import io.github.shortlived.testing.internal.client.ProcessEnvironment;
import io.github.shortlived.testing.internal.world.ShortAccountNames;
import io.github.shortlived.testing.internal.world.World;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What leads clients to an {@link IamEmulator} that an application builds itself, or that run in
 * another process: transports and credentials for the settings of Google's generated clients,
 * credential files, and environment variables. Safe for concurrent use. Only the methods that write
 * files block.
 */
public final class EmulatorClients {
  private final IamEmulator emulator;

  EmulatorClients(IamEmulator emulator) {
    this.emulator = emulator;
  }

  /**
   * The gRPC transport of {@code IAMClient} and {@code IamCredentialsClient}. It is plaintext, over
   * which gRPC refuses to send credentials; this transport sends those of the client's settings all
   * the same, whichever they are, and a call waits while they fetch a token.
   *
   * @return a value for {@code setTransportChannelProvider}; each client opens, and closes, a
   *     channel of its own
   */
  public TransportChannelProvider grpcTransport() {
    return InstantiatingGrpcChannelProvider.newBuilder()
        .setEndpoint(emulator.grpcEndpoint().getAuthority())
        .setChannelConfigurator(channel -> channel.usePlaintext())
        .setInterceptorProvider(() -> List.of(new PlaintextCallCredentials()))
        .build();
  }

  /**
   * The HTTP/JSON transport of {@code IamCredentialsClient} and Compute Engine's {@code
   * InstancesClient}.
   *
   * @return a value for {@code setTransportChannelProvider}
   */
  public TransportChannelProvider httpTransport() {
    return InstantiatingHttpJsonChannelProvider.newBuilder()
        .setEndpoint(emulator.httpEndpoint().toString())
        .build();
  }

  /**
   * Credentials of a user or service account, for either transport.
   *
   * @param member {@code user:EMAIL} or {@code serviceAccount:EMAIL}
   * @return a value for {@code setCredentialsProvider}
   * @throws IllegalArgumentException if the member is neither, or no such service account exists
   */
  public CredentialsProvider credentialsProvider(String member) {
    return FixedCredentialsProvider.create(emulator.googleCredentials(member));
  }

  /**
   * Creates a key for a service account and writes its key file, {@code NAME.json} after the part
   * of the email before the {@code @}, or after the whole email where two accounts share that part.
   * Only the file's owner may read it, where the file system knows permissions; a file of that name
   * is replaced.
   *
   * @param accountEmail an account of this world
   * @param folder where to write; it is made if need be
   * @return the file, which holds the private key
   * @throws IllegalArgumentException if there is no such account
   * @throws java.io.UncheckedIOException if the file cannot be written
   */
  public Path writeKeyFile(String accountEmail, Path folder) {
    String key = emulator.serviceAccountKey(accountEmail);
    return PrivateFiles.write(folder, keyFileName(accountEmail), key);
  }

  /**
   * Writes Application Default Credentials of the type {@code impersonated_service_account}: a new
   * key of one account as the source, another account as the target.
   *
   * @param sourceEmail an account of this world, the caller
   * @param target the account to become
   * @param folder where to write {@code application_default_credentials.json}; it is made if need
   *     be
   * @return the file, which holds the source's private key
   * @throws IllegalArgumentException if there is no such source account
   * @throws java.io.UncheckedIOException if the file cannot be written
   */
  public Path writeAdcFile(String sourceEmail, ServiceAccount target, Path folder) {
    return writeAdcFile(sourceEmail, List.of(target), folder);
  }

  /**
   * Writes Application Default Credentials of the type {@code impersonated_service_account} that
   * reach their target over delegates.
   *
   * @param sourceEmail an account of this world, the caller
   * @param chain the delegates and the account to become
   * @param folder where to write {@code application_default_credentials.json}; it is made if need
   *     be
   * @return the file, which holds the source's private key
   * @throws IllegalArgumentException if there is no such source account
   * @throws java.io.UncheckedIOException if the file cannot be written
   */
  public Path writeAdcFile(String sourceEmail, DelegationChain chain, Path folder) {
    return writeAdcFile(sourceEmail, chain.hops(), folder);
  }

  /**
   * The variables that lead gcloud and the metadata clients of all languages here.
   *
   * @return names and values for another process, such as {@code ProcessBuilder.environment()}
   */
  public Map<String, String> environment() {
    return ProcessEnvironment.of(emulator.httpEndpoint(), Optional.empty());
  }

  /**
   * The same, with {@code GOOGLE_APPLICATION_CREDENTIALS}.
   *
   * @param credentialsFile the file of the Application Default Credentials, such as {@link
   *     #writeKeyFile} or {@link #writeAdcFile(String, ServiceAccount, Path)} wrote
   * @return names and values for another process, such as {@code ProcessBuilder.environment()}
   */
  public Map<String, String> environment(Path credentialsFile) {
    return ProcessEnvironment.of(emulator.httpEndpoint(), Optional.of(credentialsFile));
  }

  private Path writeAdcFile(String sourceEmail, List<ServiceAccount> hops, Path folder) {
    String key = emulator.serviceAccountKey(sourceEmail);
    return PrivateFiles.write(
        folder,
        CredentialFiles.ADC_NAME,
        CredentialFiles.impersonatedServiceAccount(key, hops, emulator.httpEndpoint()));
  }

  private String keyFileName(String accountEmail) {
    World world = emulator.world();
    return world
            .accounts()
            .find(accountEmail)
            .map(new ShortAccountNames(world)::of)
            .orElse(accountEmail)
        + ".json";
  }
}
