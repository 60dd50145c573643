package io.github.shortlived.benchmarks;

import com.google.api.gax.core.FixedCredentialsProvider;
import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.grpc.GrpcCallContext;
import com.google.api.gax.rpc.ApiCallContext;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.cloud.iam.credentials.v1.GenerateAccessTokenRequest;
import com.google.cloud.iam.credentials.v1.GenerateAccessTokenResponse;
import com.google.cloud.iam.credentials.v1.IamCredentialsClient;
import com.google.cloud.iam.credentials.v1.IamCredentialsSettings;
import com.google.protobuf.Duration;
import io.github.shortlived.model.Endpoints;
import io.grpc.ManagedChannelBuilder;
import java.io.IOException;
import java.net.URI;

/** Google's generated client without the library. Thread-safe. */
interface GapicClient extends AutoCloseable {
  GenerateAccessTokenResponse generateAccessToken(String name) throws IOException;

  @Override
  void close();

  /** Creates a client over {@code http} or {@code grpc}. */
  static GapicClient over(String transport, GoogleCredentials source, Endpoints endpoints)
      throws IOException {
    return transport.equals("grpc") ? new Grpc(source, endpoints) : new Http(source, endpoints);
  }

  static GenerateAccessTokenRequest request(String name) {
    return GenerateAccessTokenRequest.newBuilder()
        .setName(name)
        .addScope(DemoCalls.SCOPE)
        .setLifetime(Duration.newBuilder().setSeconds(3600))
        .build();
  }

  /** Uses HTTP/JSON, with the credentials in the settings of the client. */
  final class Http implements GapicClient {
    private final IamCredentialsClient client;

    Http(GoogleCredentials source, Endpoints endpoints) throws IOException {
      IamCredentialsSettings.Builder settings = IamCredentialsSettings.newHttpJsonBuilder();
      settings.setCredentialsProvider(FixedCredentialsProvider.create(source));
      settings.setEndpoint(endpoints.iamCredentials().toString());
      client = IamCredentialsClient.create(settings.build());
    }

    @Override
    public GenerateAccessTokenResponse generateAccessToken(String name) {
      return client.generateAccessToken(request(name));
    }

    @Override
    public void close() {
      client.close();
    }
  }

  /**
   * Uses plaintext gRPC. The client sends no credentials without TLS, so each call adds their
   * headers.
   */
  final class Grpc implements GapicClient {
    private final GoogleCredentials source;
    private final URI endpoint;
    private final IamCredentialsClient client;

    Grpc(GoogleCredentials source, Endpoints endpoints) throws IOException {
      this.source = source;
      this.endpoint = endpoints.iamCredentialsGrpc();
      IamCredentialsSettings.Builder settings = IamCredentialsSettings.newBuilder();
      settings.setCredentialsProvider(NoCredentialsProvider.create());
      settings.setTransportChannelProvider(
          IamCredentialsSettings.defaultGrpcTransportProviderBuilder()
              .setEndpoint(endpoint.getAuthority())
              .setChannelConfigurator(ManagedChannelBuilder::usePlaintext)
              .build());
      client = IamCredentialsClient.create(settings.build());
    }

    @Override
    public GenerateAccessTokenResponse generateAccessToken(String name) throws IOException {
      ApiCallContext context =
          GrpcCallContext.createDefault().withExtraHeaders(source.getRequestMetadata(endpoint));
      return client.generateAccessTokenCallable().call(request(name), context);
    }

    @Override
    public void close() {
      client.close();
    }
  }
}
