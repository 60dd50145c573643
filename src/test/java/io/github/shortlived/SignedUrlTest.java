package io.github.shortlived;

import static io.github.shortlived.AdapterWorld.CHAIN;
import static io.github.shortlived.AdapterWorld.PROJECT;
import static io.github.shortlived.AdapterWorld.STRANGER;
import static io.github.shortlived.AdapterWorld.TARGET;
import static io.github.shortlived.FederatedWorld.SubjectTokenSource.FILE;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.ServiceAccountSigner.SigningException;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.HttpMethod;
import com.google.cloud.storage.PostPolicyV4;
import com.google.cloud.storage.PostPolicyV4.PostConditionsV4;
import com.google.cloud.storage.PostPolicyV4.PostFieldsV4;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.SignUrlOption;
import com.google.cloud.storage.StorageOptions;
import com.google.common.base.Splitter;
import com.google.common.hash.Hashing;
import com.google.common.io.BaseEncoding;
import io.github.shortlived.model.Target;
import java.net.URI;
import java.net.URL;
import java.net.URLDecoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Cloud Storage's client signs URLs and forms with the credentials of this library. Each signature
 * is verified with the published keys of the target, over the text that Cloud Storage documents.
 *
 * @see <a href="https://cloud.google.com/storage/docs/authentication/signatures">Signatures</a>
 */
class SignedUrlTest {
  private static final BlobInfo REPORT = BlobInfo.newBuilder("my-bucket", "a report.pdf").build();
  private static final Map<String, String> UPLOAD_HEADERS =
      Map.of("content-type", "application/pdf", "x-goog-if-generation-match", "0");

  private final FederatedWorld world;
  private final List<ShortLivedCredentials> open = new ArrayList<>();

  SignedUrlTest(@TempDir Path folder) {
    this.world = new FederatedWorld(folder);
  }

  @AfterEach
  void close() {
    open.forEach(ShortLivedCredentials::close);
    world.close();
  }

  /** Who requests the signatures, and for which target. */
  enum Signer {
    DIRECT(false, false, false),
    CHAINED(true, false, false),
    FEDERATED(false, true, false),
    FEDERATED_CHAINED(true, true, false),
    FEDERATED_AS_THE_CALLER(true, true, true);

    private final boolean chained;
    private final boolean federated;
    private final boolean impersonates;

    Signer(boolean chained, boolean federated, boolean impersonates) {
      this.chained = chained;
      this.federated = federated;
      this.impersonates = impersonates;
    }

    Target target() {
      return chained ? CHAIN : TARGET;
    }
  }

  private Storage storage(Signer signer, Target target) throws Exception {
    ShortLivedCredentials credentials = world.adapters().caller();
    if (signer.federated) {
      credentials =
          world.from(world.workload(FILE, signer.impersonates, FederatedWorld.SUBJECT), false);
      open.add(credentials);
    }
    return StorageOptions.http()
        .setProjectId(PROJECT)
        .setCredentials(credentials.googleCredentials(target, CLOUD_PLATFORM))
        .build()
        .getService();
  }

  private static URL readUrl(Storage storage) {
    return storage.signUrl(REPORT, 15, TimeUnit.MINUTES, SignUrlOption.withV4Signature());
  }

  @ParameterizedTest
  @EnumSource
  void signUrl_read_isSignedByTheTarget(Signer signer) throws Exception {
    URL url = readUrl(storage(signer, signer.target()));

    assertThat(isSigned(url, "GET", Map.of())).isTrue();
    assertThat(isSigned(url, "PUT", Map.of())).isFalse();
    assertThat(isSigned(changed(url, "X-Goog-Expires=900", "X-Goog-Expires=999"), "GET", Map.of()))
        .isFalse();
    assertThat(query(url).get("X-Goog-Credential")).startsWith(TARGET.id() + "/");
  }

  @ParameterizedTest
  @EnumSource
  void signUrl_writeWithHeaders_isSignedByTheTarget(Signer signer) throws Exception {
    URL url =
        storage(signer, signer.target())
            .signUrl(
                REPORT,
                15,
                TimeUnit.MINUTES,
                SignUrlOption.withV4Signature(),
                SignUrlOption.httpMethod(HttpMethod.PUT),
                SignUrlOption.withExtHeaders(UPLOAD_HEADERS));

    assertThat(isSigned(url, "PUT", UPLOAD_HEADERS)).isTrue();
    assertThat(isSigned(url, "GET", UPLOAD_HEADERS)).isFalse();
    assertThat(
            isSigned(
                url, "PUT", Map.of("content-type", "text/html", "x-goog-if-generation-match", "0")))
        .isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void postPolicy_withConditions_isSignedByTheTarget(Signer signer) throws Exception {
    PostPolicyV4 form =
        storage(signer, signer.target())
            .generateSignedPostPolicyV4(
                REPORT,
                15,
                TimeUnit.MINUTES,
                PostFieldsV4.newBuilder().setContentType("application/pdf").build(),
                PostConditionsV4.newBuilder().addContentLengthRangeCondition(0, 1024).build());
    Map<String, String> fields = form.getFields();
    String policy = Objects.requireNonNull(fields.get("policy"));
    byte[] signature = hex(Objects.requireNonNull(fields.get("x-goog-signature")));

    assertThat(world.adapters().signed(TARGET, policy.getBytes(UTF_8), signature)).isTrue();
    assertThat(world.adapters().signed(TARGET, (policy + "A").getBytes(UTF_8), signature))
        .isFalse();
    assertThat(fields.get("x-goog-credential")).startsWith(TARGET.id() + "/");
    assertThat(new String(BaseEncoding.base64().decode(policy), UTF_8))
        .contains("\"content-length-range\",0,1024", "a report.pdf", "application/pdf");
  }

  @ParameterizedTest
  @EnumSource
  void signUrl_withoutGrant_namesTheGrant(Signer signer) throws Exception {
    Storage storage = storage(signer, STRANGER);

    assertThatThrownBy(() -> readUrl(storage))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("add-iam-policy-binding " + STRANGER);
    assertThatThrownBy(() -> storage.generateSignedPostPolicyV4(REPORT, 15, TimeUnit.MINUTES))
        .isInstanceOf(SigningException.class);
  }

  private boolean isSigned(URL url, String method, Map<String, String> headers) throws Exception {
    byte[] signature = hex(Objects.requireNonNull(query(url).get("X-Goog-Signature")));
    return world.adapters().signed(TARGET, stringToSign(url, method, headers), signature);
  }

  /** Builds the string to sign as Cloud Storage documents it for V4 signatures. */
  private static byte[] stringToSign(URL url, String method, Map<String, String> headers) {
    String names = Objects.requireNonNull(query(url).get("X-Goog-SignedHeaders"));
    String request =
        String.join(
            "\n",
            method,
            url.getPath(),
            url.getQuery().replaceFirst("&X-Goog-Signature=.*", ""),
            Splitter.on(';')
                .splitToStream(names)
                .map(name -> name + ":" + (name.equals("host") ? url.getHost() : headers.get(name)))
                .collect(Collectors.joining("\n")),
            "",
            names,
            "UNSIGNED-PAYLOAD");
    String date = Objects.requireNonNull(query(url).get("X-Goog-Date"));
    String scope = date.substring(0, 8) + "/auto/storage/goog4_request";
    String hash = Hashing.sha256().hashString(request, UTF_8).toString();
    return String.join("\n", "GOOG4-RSA-SHA256", date, scope, hash).getBytes(UTF_8);
  }

  private static Map<String, String> query(URL url) {
    return Splitter.on('&')
        .splitToStream(url.getQuery())
        .map(part -> part.split("=", 2))
        .collect(Collectors.toMap(part -> part[0], part -> URLDecoder.decode(part[1], UTF_8)));
  }

  private static URL changed(URL url, String from, String to) throws Exception {
    assertThat(url.toString()).contains(from);
    return URI.create(url.toString().replace(from, to)).toURL();
  }

  private static byte[] hex(String text) {
    return BaseEncoding.base16().lowerCase().decode(text);
  }
}
