package io.github.shortlived.testing;

import com.google.api.gax.core.FixedCredentialsProvider;
import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.grpc.InstantiatingGrpcChannelProvider;
import com.google.api.gax.rpc.FixedHeaderProvider;
import com.google.api.gax.rpc.TransportChannelProvider;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.cloud.compute.v1.InstancesClient;
import com.google.cloud.compute.v1.InstancesSettings;
import com.google.cloud.iam.admin.v1.IAMClient;
import com.google.cloud.iam.admin.v1.IAMSettings;
import com.google.cloud.iam.credentials.v1.IamCredentialsClient;
import com.google.cloud.iam.credentials.v1.IamCredentialsSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Creates Google's own clients, unmodified, for an emulator. */
public final class Clients {
  public enum Transport {
    REST,
    GRPC
  }

  private Clients() {}

  /** Returns the access token that Google's library has cached or fetches. */
  static String accessToken(GoogleCredentials credentials) throws IOException {
    credentials.refreshIfExpired();
    return Objects.requireNonNull(credentials.getAccessToken()).getTokenValue();
  }

  public static IamCredentialsClient iamCredentials(
      IamEmulator emulator, GoogleCredentials caller, Transport transport) throws IOException {
    return IamCredentialsClient.create(
        transport == Transport.REST ? rest(emulator, caller) : grpc(emulator, caller));
  }

  public static IAMClient iam(IamEmulator emulator, GoogleCredentials caller) throws IOException {
    return IAMClient.create(
        IAMSettings.newBuilder()
            .setTransportChannelProvider(plaintext(emulator.grpcEndpoint()))
            .setCredentialsProvider(NoCredentialsProvider.create())
            .setHeaderProvider(bearer(caller, "https://iam.googleapis.com/"))
            .build());
  }

  /** Creates a client that calls as the administrator. */
  public static IAMClient admin(IamEmulator emulator) {
    try {
      return iam(emulator, emulator.googleCredentials(Demo.ADMIN));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static InstancesClient instances(IamEmulator emulator, GoogleCredentials caller)
      throws IOException {
    return InstancesClient.create(
        InstancesSettings.newBuilder()
            .setEndpoint(emulator.httpEndpoint().toString())
            .setCredentialsProvider(FixedCredentialsProvider.create(caller))
            .build());
  }

  private static IamCredentialsSettings rest(IamEmulator emulator, GoogleCredentials caller)
      throws IOException {
    return IamCredentialsSettings.newHttpJsonBuilder()
        .setEndpoint(emulator.httpEndpoint().toString())
        .setCredentialsProvider(FixedCredentialsProvider.create(caller))
        .build();
  }

  private static IamCredentialsSettings grpc(IamEmulator emulator, GoogleCredentials caller)
      throws IOException {
    return IamCredentialsSettings.newBuilder()
        .setTransportChannelProvider(plaintext(emulator.grpcEndpoint()))
        .setCredentialsProvider(NoCredentialsProvider.create())
        .setHeaderProvider(bearer(caller, "https://iamcredentials.googleapis.com/"))
        .build();
  }

  private static TransportChannelProvider plaintext(URI endpoint) {
    return InstantiatingGrpcChannelProvider.newBuilder()
        .setEndpoint(endpoint.getAuthority())
        .setChannelConfigurator(builder -> builder.usePlaintext())
        .build();
  }

  /**
   * Sends the token in a header, because call credentials refuse a plaintext channel. The audience
   * of a JWT that the caller signs is the service.
   */
  private static FixedHeaderProvider bearer(GoogleCredentials caller, String service)
      throws IOException {
    String authorization =
        caller
            .getRequestMetadata(URI.create(service))
            .getOrDefault("Authorization", List.of())
            .get(0);
    return FixedHeaderProvider.create(Map.of("authorization", authorization));
  }
}
