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
 * What a fresh JVM runs: from a key file to one token of another account. Prints how many
 * microseconds that took since {@code main} began. Each way is a class of its own, so that a JVM
 * loads nothing for the other ways.
 */
final class FirstToken {
  private FirstToken() {}

  /** Arguments: the way, the key file, and where the emulator's HTTP and gRPC are. */
  public static void main(String[] arguments) throws Exception {
    long start = System.nanoTime();
    URI http = URI.create(arguments[2]);
    URI grpc = URI.create(arguments[3]);
    Endpoints endpoints = new Endpoints(http, grpc, grpc, http, http);
    way(arguments[0]).firstToken(Path.of(arguments[1]), endpoints);
    System.out.println((System.nanoTime() - start) / 1_000);
    System.exit(0);
  }

  private static Way way(String name) {
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

  private interface Way {
    void firstToken(Path keyFile, Endpoints endpoints) throws IOException;
  }

  private static final class OursHttp implements Way {
    @Override
    public void firstToken(Path keyFile, Endpoints endpoints) {
      ShortLivedCredentials.builder()
          .keyFile(keyFile)
          .endpoints(endpoints)
          .build()
          .issue(DemoCalls.request());
    }
  }

  private static final class OursGrpc implements Way {
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

  private static final class Impersonated implements Way {
    @Override
    public void firstToken(Path keyFile, Endpoints endpoints) throws IOException {
      DemoCalls.impersonated(key(keyFile), DemoCalls.TARGET, endpoints).refreshAccessToken();
    }
  }

  private static final class GapicHttp implements Way {
    @Override
    public void firstToken(Path keyFile, Endpoints endpoints) throws IOException {
      new GapicClient.Http(key(keyFile), endpoints).mint(DemoCalls.NAME);
    }
  }

  private static final class GapicGrpc implements Way {
    @Override
    public void firstToken(Path keyFile, Endpoints endpoints) throws IOException {
      new GapicClient.Grpc(key(keyFile), endpoints).mint(DemoCalls.NAME);
    }
  }
}
