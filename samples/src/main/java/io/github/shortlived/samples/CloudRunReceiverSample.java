package io.github.shortlived.samples;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import io.github.shortlived.model.CredentialException.Unavailable;
import io.github.shortlived.model.CredentialException.VerificationFailed;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.verify.TokenVerification;
import io.github.shortlived.verify.VerifiedIdToken;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A service on Cloud Run that verifies the ID token of each caller, and allows one account. */
public final class CloudRunReceiverSample {
  private CloudRunReceiverSample() {}

  /** Arguments: the port, the URL of the service, the email address of the allowed account. */
  public static void main(String[] args) throws IOException {
    if (args.length != 3) {
      System.err.println("Usage: CloudRunReceiverSample PORT URL CALLER");
      return;
    }
    HttpServer server = HttpServer.create(new InetSocketAddress(Integer.parseInt(args[0])), 0);
    run(server, TokenVerification.create(), args[1], ServiceAccount.of(args[2]));
  }

  static void run(
      HttpServer server, TokenVerification verification, String url, ServiceAccount caller) {
    server.createContext(
        "/",
        exchange -> {
          String authorization = exchange.getRequestHeaders().getFirst("Authorization");
          int status = status(verification, authorization, url, caller);
          byte[] body = (status == 200 ? "Hello" : "Refused").getBytes(UTF_8);
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  private static int status(
      TokenVerification verification,
      @Nullable String authorization,
      String url,
      ServiceAccount caller) {
    // [START cloud_run_receiver]
    if (authorization == null || !authorization.startsWith("Bearer ")) {
      return 401;
    }
    String token = authorization.substring("Bearer ".length());
    try {
      VerifiedIdToken verified = verification.verifyIdToken(token, url);
      return verified.email().equals(Optional.of(caller.id())) ? 200 : 403;
    } catch (VerificationFailed e) {
      System.out.println(e.getMessage()); // never has the token
      return 401;
    } catch (Unavailable e) {
      return 503; // Google's keys cannot be fetched
    }
    // [END cloud_run_receiver]
  }
}
