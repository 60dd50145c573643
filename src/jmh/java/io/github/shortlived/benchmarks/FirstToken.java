package io.github.shortlived.benchmarks;

import com.google.api.client.http.ByteArrayContent;
import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpHeaders;
import com.google.api.client.http.HttpRequestFactory;
import com.google.api.client.http.HttpResponse;
import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.LowLevelHttpRequest;
import com.google.api.client.http.LowLevelHttpResponse;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.api.client.testing.http.MockLowLevelHttpResponse;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.auth.oauth2.TokenVerifier;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.Endpoints;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.verify.TokenVerification;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The main class of a new JVM that requests one token of another account with a key file, or
 * verifies an ID token. Prints the microseconds since {@code main} began. Each variant is a class
 * of its own, so that a JVM loads no classes of the other variants.
 */
final class FirstToken {
  static final String AUDIENCE = "https://service.example.com";

  /** The file with the ID token to verify, beside the key file. */
  static final String ID_TOKEN = "id-token.txt";

  private FirstToken() {}

  /** Takes the variant, the key file, and the emulator's HTTP and gRPC endpoints. */
  public static void main(String[] arguments) throws Exception {
    long start = System.nanoTime();
    URI http = URI.create(arguments[2]);
    URI grpc = URI.create(arguments[3]);
    Endpoints endpoints = Endpoints.of(http, grpc);
    variant(arguments[0]).firstToken(Path.of(arguments[1]), endpoints);
    System.out.println((System.nanoTime() - start) / 1_000);
    System.exit(0);
  }

  private static Variant variant(String name) {
    return switch (name) {
      case "ours-http" -> new OursHttp();
      case "ours-grpc" -> new OursGrpc();
      case "impersonated" -> new Impersonated();
      case "ours-id" -> new OursId();
      case "impersonated-id" -> new ImpersonatedId();
      case "gapic-http" -> new GapicHttp();
      case "gapic-grpc" -> new GapicGrpc();
      case "verify-ours" -> new VerifyOurs();
      case "verify-google-auth" -> new VerifyGoogleAuth();
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static GoogleCredentials key(Path keyFile) throws IOException {
    try (InputStream key = Files.newInputStream(keyFile)) {
      return ServiceAccountCredentials.fromStream(key).createScoped(DemoCalls.SCOPE);
    }
  }

  private interface Variant {
    void firstToken(Path keyFile, Endpoints endpoints) throws IOException;
  }

  private static final class OursHttp implements Variant {
    @Override
    public void firstToken(Path keyFile, Endpoints endpoints) {
      ShortLivedCredentials.builder()
          .keyFile(keyFile)
          .endpoints(endpoints)
          .build()
          .issue(DemoCalls.request());
    }
  }

  private static final class OursGrpc implements Variant {
    @Override
    public void firstToken(Path keyFile, Endpoints endpoints) {
      ShortLivedCredentials.builder()
          .keyFile(keyFile)
          .endpoints(endpoints)
          .grpc()
          .build()
          .issue(DemoCalls.request());
    }
  }

  private static final class Impersonated implements Variant {
    @Override
    public void firstToken(Path keyFile, Endpoints endpoints) throws IOException {
      DemoCalls.impersonated(key(keyFile), DemoCalls.TARGET, endpoints).refreshAccessToken();
    }
  }

  private static final class OursId implements Variant {
    @Override
    public void firstToken(Path keyFile, Endpoints endpoints) {
      ShortLivedCredentials.builder()
          .keyFile(keyFile)
          .endpoints(endpoints)
          .build()
          .idToken(ServiceAccount.of(DemoCalls.TARGET), AUDIENCE);
    }
  }

  private static final class ImpersonatedId implements Variant {
    @Override
    public void firstToken(Path keyFile, Endpoints endpoints) throws IOException {
      HttpTransport transport = new RedirectedTransport(endpoints.iamCredentials());
      DemoCalls.impersonated(key(keyFile), DemoCalls.TARGET, endpoints).toBuilder()
          .setHttpTransportFactory(() -> transport)
          .build()
          .idTokenWithAudience(AUDIENCE, List.of());
    }
  }

  /** Sends all requests to another host: google-auth has a fixed URL for ID tokens. */
  private static final class RedirectedTransport extends HttpTransport {
    private final URI host;
    private final HttpRequestFactory requests = new NetHttpTransport().createRequestFactory();

    RedirectedTransport(URI host) {
      this.host = host;
    }

    @Override
    protected LowLevelHttpRequest buildRequest(String method, String url) {
      String path = URI.create(url).getRawPath();
      return new LowLevelHttpRequest() {
        private final HttpHeaders headers = new HttpHeaders();

        @Override
        public void addHeader(String name, String value) {
          headers.set(name, List.of(value));
        }

        @Override
        public LowLevelHttpResponse execute() throws IOException {
          ByteArrayOutputStream body = new ByteArrayOutputStream();
          getStreamingContent().writeTo(body);
          HttpResponse response =
              requests
                  .buildRequest(
                      method,
                      new GenericUrl(host + path, true),
                      new ByteArrayContent(getContentType(), body.toByteArray()))
                  .setHeaders(headers)
                  .execute();
          return new MockLowLevelHttpResponse()
              .setContentType(response.getContentType())
              .setContent(response.getContent().readAllBytes());
        }
      };
    }
  }

  private static final class GapicHttp implements Variant {
    @Override
    public void firstToken(Path keyFile, Endpoints endpoints) throws IOException {
      new GapicClient.Http(key(keyFile), endpoints).generateAccessToken(DemoCalls.NAME);
    }
  }

  private static final class GapicGrpc implements Variant {
    @Override
    public void firstToken(Path keyFile, Endpoints endpoints) throws IOException {
      new GapicClient.Grpc(key(keyFile), endpoints).generateAccessToken(DemoCalls.NAME);
    }
  }

  private static String idToken(Path keyFile) throws IOException {
    return Files.readString(keyFile.resolveSibling(ID_TOKEN));
  }

  private static final class VerifyOurs implements Variant {
    @Override
    public void firstToken(Path keyFile, Endpoints endpoints) throws IOException {
      TokenVerification.builder()
          .endpoints(endpoints)
          .build()
          .verifyIdToken(idToken(keyFile), AUDIENCE);
    }
  }

  private static final class VerifyGoogleAuth implements Variant {
    @Override
    public void firstToken(Path keyFile, Endpoints endpoints) throws IOException {
      TokenVerifier verifier =
          TokenVerifier.newBuilder()
              .setAudience(AUDIENCE)
              .setIssuer("https://accounts.google.com")
              .setCertificatesLocation(endpoints.publishedKeys() + "/oauth2/v3/certs")
              .build();
      try {
        verifier.verify(idToken(keyFile));
      } catch (TokenVerifier.VerificationException e) {
        throw new IOException(e);
      }
    }
  }
}
