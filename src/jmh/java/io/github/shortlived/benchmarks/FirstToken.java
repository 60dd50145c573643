package io.github.shortlived.benchmarks;

import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.Endpoints;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The main class of a new JVM that requests one token of another account with a key file. Prints
 * the microseconds since {@code main} began. Each variant is a class of its own, so that a JVM
 * loads no classes of the other variants.
 */
final class FirstToken {
  private FirstToken() {}

  /** Takes the variant, the key file, and the emulator's HTTP and gRPC endpoints. */
  public static void main(String[] arguments) throws Exception {
    long start = System.nanoTime();
    URI http = URI.create(arguments[2]);
    URI grpc = URI.create(arguments[3]);
    Endpoints endpoints = new Endpoints(http, grpc, grpc, http, http);
    variant(arguments[0]).firstToken(Path.of(arguments[1]), endpoints);
    System.out.println((System.nanoTime() - start) / 1_000);
    System.exit(0);
  }

  private static Variant variant(String name) {
    return switch (name) {
      case "ours-http" -> new OursHttp();
      case "ours-grpc" -> new OursGrpc();
      case "impersonated" -> new Impersonated();
      case "gapic-http" -> new GapicHttp();
      case "gapic-grpc" -> new GapicGrpc();
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
}
