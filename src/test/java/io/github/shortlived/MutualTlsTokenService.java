package io.github.shortlived;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * A Security Token Service over mutual TLS, which the emulator has not. It requires that the
 * subject token is the certificate of the connection, replaces it by a subject token that the
 * emulator accepts, and forwards this and all other requests to the emulator.
 */
final class MutualTlsTokenService implements AutoCloseable {
  private static final String MTLS = "urn:ietf:params:oauth:token-type:mtls";
  private static final String JWT = "urn:ietf:params:oauth:token-type:jwt";

  private final HttpsServer server;
  private final URI emulator;
  private final Path folder;
  private final String token;

  private MutualTlsTokenService(HttpsServer server, URI emulator, Path folder, String token) {
    this.server = server;
    this.emulator = emulator;
    this.folder = folder;
    this.token = token;
  }

  /** Starts a service with the certificate in this folder, which clients have too. */
  static MutualTlsTokenService start(FederatedWorld world, Path folder, String token)
      throws Exception {
    KeyStore certificate = LoopbackNetwork.certificateIn(folder);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(LoopbackNetwork.keys(certificate), null, null);
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new ClientCertificates(context));
    writeCertificate(certificate, folder);
    MutualTlsTokenService service =
        new MutualTlsTokenService(
            server, world.adapters().emulator().httpEndpoint(), folder, token);
    server.createContext("/", service::serve);
    server.start();
    return service;
  }

  private static final class ClientCertificates extends HttpsConfigurator {
    ClientCertificates(SSLContext context) {
      super(context);
    }

    @Override
    public void configure(HttpsParameters connection) {
      SSLParameters parameters = getSSLContext().getDefaultSSLParameters();
      parameters.setNeedClientAuth(true);
      connection.setSSLParameters(parameters);
    }
  }

  private static void writeCertificate(KeyStore store, Path folder) throws Exception {
    Files.writeString(
        folder.resolve("cert.pem"), pem("CERTIFICATE", store.getCertificate("tls").getEncoded()));
    Files.writeString(
        folder.resolve("key.pem"),
        pem("PRIVATE KEY", store.getKey("tls", LoopbackNetwork.password()).getEncoded()));
    JsonObject workload = new JsonObject();
    workload.addProperty("cert_path", folder.resolve("cert.pem").toString());
    workload.addProperty("key_path", folder.resolve("key.pem").toString());
    JsonObject configurations = new JsonObject();
    configurations.add("workload", workload);
    JsonObject file = new JsonObject();
    file.add("cert_configs", configurations);
    Files.writeString(configurationIn(folder), file.toString());
  }

  private static Path configurationIn(Path folder) {
    return folder.resolve("certificate_config.json");
  }

  Path certificateConfiguration() {
    return configurationIn(folder);
  }

  String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  private static String pem(String type, byte[] der) {
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
        .formatted(type, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der));
  }

  /** Changes a configuration so that the workload proves its identity with the certificate. */
  JsonObject configure(JsonObject json) {
    String url = "https://" + host();
    JsonObject certificate = new JsonObject();
    certificate.addProperty("certificate_config_location", certificateConfiguration().toString());
    JsonObject source = new JsonObject();
    source.add("certificate", certificate);
    json.add("credential_source", source);
    json.addProperty("subject_token_type", MTLS);
    json.addProperty("token_url", url + "/v1/token");
    if (json.has("service_account_impersonation_url")) {
      String path =
          URI.create(json.get("service_account_impersonation_url").getAsString()).getPath();
      json.addProperty("service_account_impersonation_url", url + path);
    }
    return json;
  }

  private void serve(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    String path = exchange.getRequestURI().getPath();
    Certificate client = ((HttpsExchange) exchange).getSSLSession().getPeerCertificates()[0];
    HttpResponse<String> response =
        forwarded(exchange, path.equals("/v1/token") ? replaced(body, client) : body);
    byte[] bytes = response.body().getBytes(UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(response.statusCode(), bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private HttpResponse<String> forwarded(HttpExchange exchange, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(emulator.resolve(exchange.getRequestURI().getPath()))
            .POST(HttpRequest.BodyPublishers.ofString(body));
    for (String name : new String[] {"Content-Type", "Authorization"}) {
      String value = exchange.getRequestHeaders().getFirst(name);
      if (value != null) {
        request.header(name, value);
      }
    }
    return HttpClient.newHttpClient()
        .sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
        .join();
  }

  private String replaced(String form, Certificate client) {
    return Arrays.stream(form.split("&", -1))
        .map(field -> field.split("=", 2))
        .map(field -> field[0] + "=" + URLEncoder.encode(value(field, client), UTF_8))
        .collect(Collectors.joining("&"));
  }

  private String value(String[] field, Certificate client) {
    String value = URLDecoder.decode(field[1], UTF_8);
    return switch (field[0]) {
      case "subject_token" -> isOf(client, value) ? token : "another certificate";
      case "subject_token_type" -> value.equals(MTLS) ? JWT : "another type";
      default -> value;
    };
  }

  /** Returns whether the first certificate of the token is this one. */
  private static boolean isOf(Certificate client, String token) {
    byte[] first =
        Base64.getDecoder()
            .decode(JsonParser.parseString(token).getAsJsonArray().get(0).getAsString());
    try {
      return Arrays.equals(first, client.getEncoded());
    } catch (java.security.cert.CertificateEncodingException e) {
      return false;
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
