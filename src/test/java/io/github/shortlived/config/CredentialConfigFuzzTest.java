package io.github.shortlived.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.shortlived.FakeHttp;
import io.github.shortlived.FuzzedText;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.TestKeys;
import io.github.shortlived.model.CredentialException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Loads credential configurations of any text. Each policy accepts one only if another parser finds
 * in it nothing but what the policy allows; otherwise the message of the refusal quotes nothing. No
 * service is called. {@code <<pem>>} stands for a private key that is generated for this run.
 */
class CredentialConfigFuzzTest {
  private static final String PEM = TestKeys.pem().replace("\n", "\\n");
  private static final String FILE = "/nowhere/subject-token";
  private static final String COMMAND = "/nowhere/idp --token";
  private static final Set<String> FILES =
      Set.of("file", "output_file", "certificate_config_location", "trust_chain_path");
  private static final Set<String> OTHER_CLOUDS = Set.of("169.254.169.254", "[fd00:ec2::254]");

  private static final CredentialConfigPolicy GOOGLE = CredentialConfigPolicy.googleOnly();
  private static final List<CredentialConfigPolicy> STRICT =
      List.of(
          GOOGLE,
          GOOGLE.onlyTypes(CredentialConfigType.IMPERSONATED_SERVICE_ACCOUNT),
          CredentialConfigPolicy.universe("apis.example"));
  private static final CredentialConfigPolicy WIDE =
      GOOGLE
          .allowingHost("idp.example")
          .allowingFile(Path.of(FILE))
          .allowingCommand(COMMAND)
          .allowingAws()
          .allowingAzure();

  @FuzzTest(maxDuration = "1m")
  void configuration_ofAnyText_namesWhatIsAllowedOrIsRefused(byte[] input) {
    String json = FuzzedText.of(input).replace("<<pem>>", PEM);
    for (CredentialConfigPolicy policy : STRICT) {
      if (isAccepted(json, policy)) {
        checkAllowed("", tree(json), Set.of(), policy.universe());
      }
    }
    if (isAccepted(json, WIDE)) {
      checkAllowed("", tree(json), Set.of("idp.example"), WIDE.universe());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "aws",
        "azure",
        "federated-user",
        "file",
        "impersonated-key",
        "impersonated-user",
        "key",
        "program",
        "url",
        "user"
      })
  void configuration_thatNamesWhatIsAllowed_isAccepted(String seed) {
    String method = "configuration_ofAnyText_namesWhatIsAllowedOrIsRefused";
    String json = FuzzedText.of(FuzzedText.seed(getClass(), method, seed)).replace("<<pem>>", PEM);
    assertThat(isAccepted(json, WIDE)).isTrue();
  }

  /** Returns whether the policy accepts the configuration; no service is called either way. */
  private static boolean isAccepted(String json, CredentialConfigPolicy policy) {
    FakeHttp network = new FakeHttp();
    ShortLivedCredentials.Builder builder =
        ShortLivedCredentials.builder().httpTransportFactory(network).configuration(json, policy);
    boolean accepted =
        FuzzedText.accepted(() -> built(builder))
            .map(
                credentials -> {
                  credentials.close();
                  return true;
                })
            .orElse(false);
    assertThat(network.requests()).isEmpty();
    return accepted;
  }

  /** Hosts are compared in lower case, so a message must not contain them in lower case either. */
  private static ShortLivedCredentials built(ShortLivedCredentials.Builder builder) {
    try {
      return builder.build();
    } catch (CredentialException refusal) {
      assertThat(refusal.getMessage().toLowerCase(Locale.ROOT))
          .doesNotContain(FuzzedText.HIDDEN.toLowerCase(Locale.ROOT));
      assertThat(refusal).hasNoCause();
      throw refusal;
    }
  }

  private static JsonObject tree(String json) {
    return JsonParser.parseString(json).getAsJsonObject();
  }

  /** Checks every field; hosts are given for the wide policy only. */
  private static void checkAllowed(
      String name, JsonElement value, Set<String> hosts, String universe) {
    if (value.isJsonObject() && !name.equals("headers")) { // Names of headers are free.
      value
          .getAsJsonObject()
          .asMap()
          .forEach((key, part) -> checkAllowed(key, part, hosts, universe));
    } else if (value.isJsonPrimitive()) {
      checkAllowed(name, value.getAsString(), hosts, universe);
    }
  }

  private static void checkAllowed(String name, String text, Set<String> hosts, String universe) {
    if (name.endsWith("url") || name.endsWith("uri")) {
      String host = host(text);
      assertThat(isGoogle(host, universe) || (!hosts.isEmpty() && isOther(host, hosts)))
          .as("%s", name)
          .isTrue();
    } else if (FILES.contains(name)) {
      assertThat(List.of(text, hosts.isEmpty())).isEqualTo(List.of(FILE, false));
    } else if (name.equals("command")) {
      assertThat(List.of(text, hosts.isEmpty())).isEqualTo(List.of(COMMAND, false));
    } else if (name.equals("universe_domain")) {
      assertThat(text).isEqualTo(universe);
    }
  }

  /** Replaces characters after the host that this parser refuses. */
  private static String host(String url) {
    String before = url.replaceFirst("\\?.*", "").replace('%', '_').replace("{region}", "region");
    return URI.create(before).getHost();
  }

  private static boolean isGoogle(String host, String universe) {
    String lower = host.toLowerCase(Locale.ROOT);
    return lower.endsWith("." + universe) || lower.equals("accounts.google.com");
  }

  private static boolean isOther(String host, Set<String> hosts) {
    String lower = host.toLowerCase(Locale.ROOT);
    return hosts.contains(lower)
        || OTHER_CLOUDS.contains(lower)
        || lower.matches(".*\\.amazonaws\\.com(\\.cn)?");
  }
}
