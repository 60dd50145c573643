package io.github.shortlived.testing.compatibility;

import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.SA3;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.shortlived.LoopbackNetwork;
import io.github.shortlived.testing.ClientProcess;
import io.github.shortlived.testing.internal.key.Pem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Google's packages for Node.js. They cannot be told another host than Google's, so they connect
 * through a proxy, whose certificate they trust.
 */
class NodeClientsTest {
  private static final Path PACKAGES = Path.of("target", "node-clients").toAbsolutePath();
  private static final Pattern NO_REGISTRY =
      Pattern.compile("E(NOTFOUND|CONNREFUSED|CONNRESET|TIMEDOUT|NETUNREACH)|EAI_AGAIN");
  private static final String GOOGLE =
      Stream.of("iam", "iamcredentials", "oauth2", "sts", "www")
          .map(service -> "dns:" + service + ".googleapis.com")
          .collect(Collectors.joining(","));

  private final Path folder;

  NodeClientsTest(@TempDir Path folder) {
    this.folder = folder;
  }

  /** Installs the packages once, and again when the list of them has changed. */
  @BeforeAll
  static void install() throws Exception {
    ClientProcess.assumeInstalled("node");
    ClientProcess.assumeInstalled("npm");
    Files.createDirectories(PACKAGES);
    copy("clients.cjs");
    Path list = PACKAGES.resolve("package.json");
    String before = Files.exists(list) ? Files.readString(list) : "";
    copy("package.json");
    Path done = PACKAGES.resolve("installed");
    if (Files.exists(done) && Files.readString(list).equals(before)) {
      return;
    }
    Files.deleteIfExists(done);
    ClientProcess npm =
        ClientProcess.run(
            PACKAGES,
            Map.of(),
            "npm",
            "install",
            "--ignore-scripts",
            "--omit=optional",
            "--no-audit",
            "--no-fund",
            "--no-package-lock");
    if (npm.status() != 0 && NO_REGISTRY.matcher(npm.errors()).find()) {
      throw ClientProcess.skipped("npm cannot reach its registry:\n" + npm.errors());
    }
    npm.requireSuccess();
    Files.createFile(done);
  }

  private static void copy(String resource) throws IOException {
    try (InputStream content = NodeClientsTest.class.getResourceAsStream(resource)) {
      Files.copy(
          Objects.requireNonNull(content),
          PACKAGES.resolve(resource),
          StandardCopyOption.REPLACE_EXISTING);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "AUTH_NODE, google-auth-library",
    "IAM_CREDENTIALS_NODE, @google-cloud/iam-credentials",
    "FIREBASE_NODE, firebase-admin"
  })
  void package_eachOperation_isThatOfThePage(RealClient client, String name) throws Exception {
    ClientReport report = ClientReport.of(client, version(name));
    run(name)
        .requireSuccess()
        .lines()
        .filter(line -> line.startsWith("{"))
        .map(line -> JsonParser.parseString(line).getAsJsonObject())
        .forEach(result -> add(result, report));
    report.comparedWithThePage();
  }

  private static void add(JsonObject result, ClientReport report) {
    String operation = result.get("operation").getAsString();
    JsonElement failure = result.get("failure");
    if (failure.isJsonNull()) {
      report.worked(operation);
    } else {
      report.failed(operation, new AssertionError(failure.getAsString()));
    }
  }

  private ClientProcess run(String name) throws Exception {
    KeyStore certificate = LoopbackNetwork.certificate(folder, GOOGLE);
    try (LoopbackNetwork network = new LoopbackNetwork();
        ClientWorld world = ClientWorld.start(folder)) {
      int proxy =
          network
              .proxyToPlaintext(
                  certificate,
                  world.emulator().httpEndpoint().getPort(),
                  world.emulator().grpcEndpoint().getPort())
              .port();
      Map<String, String> environment = new HashMap<>(files(world));
      environment.putAll(world.emulator().clients().environment());
      environment.putAll(network(proxy, certificate));
      environment.put("PORT", String.valueOf(world.emulator().httpEndpoint().getPort()));
      return ClientProcess.run(PACKAGES, environment, "node", "clients.cjs", name);
    }
  }

  private static Map<String, String> files(ClientWorld world) throws IOException {
    Path federation = world.write("federation.json", world.federation().toString());
    Path direct = world.write("direct.json", world.directFederation().toString());
    return Map.of(
        "SA1", SA1,
        "SA2", SA2,
        "SA3", SA3,
        "KEY_FILE", world.keyFile().toString(),
        "USER_FILE", world.userFile().toString(),
        "IMPERSONATION_FILE", world.impersonationFile().toString(),
        "FEDERATION_FILE", federation.toString(),
        "DIRECT_FEDERATION_FILE", direct.toString());
  }

  /** Returns the variables with which an application connects through a proxy of its company. */
  private Map<String, String> network(int port, KeyStore certificate) throws Exception {
    String proxy = "http://127.0.0.1:" + port;
    Path pem = folder.resolve("proxy.pem");
    Files.writeString(pem, Pem.of("CERTIFICATE", certificate.getCertificate("tls").getEncoded()));
    Map<String, String> variables = new HashMap<>();
    for (String name : List.of("HTTPS_PROXY", "https_proxy")) {
      variables.put(name, proxy);
    }
    for (String name : List.of("NO_PROXY", "no_proxy")) {
      variables.put(name, "127.0.0.1");
    }
    variables.put("NODE_EXTRA_CA_CERTS", pem.toString());
    variables.put("GRPC_DEFAULT_SSL_ROOTS_FILE_PATH", pem.toString());
    variables.put("METADATA_SERVER_DETECTION", "assume-present");
    variables.put("HOME", folder.toString());
    return variables;
  }

  private static String version(String name) throws IOException {
    Path file = PACKAGES.resolve("node_modules").resolve(name).resolve("package.json");
    return JsonParser.parseString(Files.readString(file))
        .getAsJsonObject()
        .get("version")
        .getAsString();
  }
}
