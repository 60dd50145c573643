package io.github.shortlived.testing.internal.metadata;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.ZONE;
import static io.github.shortlived.testing.Demo.name;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import io.github.shortlived.testing.Demo;
import io.github.shortlived.testing.IamEmulator;
import io.github.shortlived.testing.Wire;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client of a virtual machine reads besides tokens, and the parameters of its calls. */
class MetadataTreeTest {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().followRedirects(Redirect.NORMAL).build();
  private static final String NUMBER = IamEmulator.projectNumber(PROJECT);
  private static final String TEXT = "application/text";
  private static final String JSON = "application/json";

  private final IamEmulator emulator =
      Demo.world().metadataServiceAccount(SA1).instance(PROJECT, ZONE, "vm-1").start();

  @AfterEach
  void stop() {
    emulator.close();
  }

  @ParameterizedTest
  @CsvSource({
    "instance/attributes/, ''",
    "instance/hostname, vm-1.us-west1-a.c.demo-project.internal",
    "instance/machine-type, projects/NUMBER/machineTypes/e2-micro",
    "instance/zone, projects/NUMBER/zones/us-west1-a",
    "instance/name, vm-1",
    "instance/description, ''",
    "instance/maintenance-event, NONE",
    "instance/preempted, FALSE",
    "instance/remaining-cpu-time, -1",
    "instance/scheduling/on-host-maintenance, MIGRATE",
    "instance/virtual-clock/drift-token, 0",
    "instance/disks/0/device-name, vm-1",
    "instance/disks/0/index, 0",
    "instance/network-interfaces/, '0/\n'",
    "instance/network-interfaces/0/ip, 10.128.0.2",
    "instance/network-interfaces/0/network, projects/NUMBER/networks/default",
    "instance/network-interfaces/0/dns-servers, '169.254.169.254\n'",
    "instance/network-interfaces/0/access-configs/0/external-ip, 203.0.113.2",
    "instance/network-interfaces/0/forwarded-ips/, ''",
    "instance/tags?alt=text, ''",
    "project/attributes/, ''",
    "project/numeric-project-id, NUMBER",
    "project/, 'attributes/\nnumeric-project-id\nproject-id\n'",
    "'', 'instance/\nproject/\nuniverse/\n'"
  })
  void value_byDefault_isText(String path, String text) {
    HttpResponse<String> response = get("v1/" + path);
    assertThat(response.body()).isEqualTo(text.replace("NUMBER", NUMBER));
    assertThat(contentType(response)).isEqualTo(TEXT);
    assertThat(etag(response)).matches("[0-9a-f]{16}");
  }

  @Test
  void instance_hasTheNamesOfEveryMachine() {
    assertThat(get("v1/instance/").body())
        .isEqualTo(
            """
            attributes/
            cpu-platform
            description
            disks/
            hostname
            id
            image
            licenses/
            machine-type
            maintenance-event
            name
            network-interfaces/
            preempted
            remaining-cpu-time
            scheduling/
            service-accounts/
            tags
            virtual-clock/
            zone
            """);
    assertThat(get("").body()).isEqualTo("v1/\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "instance/tags | []",
        "instance/name?alt=json | \"vm-1\"",
        "instance/network-interfaces/0/mtu?alt=json | 1460",
        "instance/attributes/?recursive=true | {}",
        "instance/network-interfaces/0/access-configs/?recursive=True | [{\"externalIp\":\"203.0.113.2\",\"type\":\"ONE_TO_ONE_NAT\"}]",
        "instance/virtual-clock?recursive=true | {\"driftToken\":\"0\"}",
        "instance/scheduling/?recursive=true&alt=json | {\"automaticRestart\":\"TRUE\",\"onHostMaintenance\":\"MIGRATE\",\"preemptible\":\"FALSE\"}",
        "project/?recursive=true | {\"attributes\":{},\"numericProjectId\":NUMBER,\"projectId\":\"demo-project\"}"
      })
  void value_asJson_hasExactlyThisContentType(String path, String json) {
    HttpResponse<String> response = get("v1/" + path);
    assertThat(response.body()).isEqualTo(json.replace("NUMBER", NUMBER));
    assertThat(contentType(response)).isEqualTo(JSON);
  }

  @Test
  void token_isJsonWithExactlyThisContentType() {
    HttpResponse<String> token = get("v1/instance/service-accounts/default/token");
    assertThat(contentType(token)).isEqualTo(JSON);
    assertThat(JsonParser.parseString(token.body()).getAsJsonObject().get("token_type").toString())
        .isEqualTo("\"Bearer\"");
  }

  @Test
  void folder_recursiveAsText_hasALineForEachValue() {
    assertThat(get("v1/project/?recursive=true&alt=text").body())
        .isEqualTo("numeric-project-id " + NUMBER + "\nproject-id demo-project\n");
    assertThat(get("v1/instance/service-accounts/default/?recursive=true&alt=text").body())
        .isEqualTo("aliases default\nemail " + SA1 + "\nscopes " + Demo.CLOUD_PLATFORM + "\n");
  }

  @Test
  void etag_sameContentInEachFormat_isEqual() {
    String etag = etag(get("v1/instance/name"));
    assertThat(etag(get("v1/instance/name?alt=json"))).isEqualTo(etag);
    assertThat(etag(get("v1/instance/disks/0/device-name"))).isEqualTo(etag);
    assertThat(etag(get("v1/instance/zone"))).isNotEqualTo(etag);
    String recursive = etag(get("v1/instance/disks/?recursive=true"));
    assertThat(etag(get("v1/instance/disks/?recursive=true&alt=text"))).isEqualTo(recursive);
    assertThat(etag(get("v1/instance/disks/"))).isNotEqualTo(recursive);
  }

  @Test
  void head_hasTheHeadersOfGet() {
    for (String path : List.of("v1/instance/name", "v1/instance/tags", "v1/nothing", "v1/")) {
      HttpResponse<String> got = get(path);
      HttpResponse<String> head = send("HEAD", path);
      assertThat(head.statusCode()).isEqualTo(got.statusCode());
      assertThat(head.body()).isEmpty();
      for (String header :
          List.of("Content-Length", "Content-Type", "ETag", "Metadata-Flavor", "Server")) {
        assertThat(head.headers().allValues(header)).isEqualTo(got.headers().allValues(header));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "v1/instance/attributes/cluster-name",
        "v1/instance/disks/1/",
        "v1/instance/name/",
        "v1/instance/service-accounts/default/token/",
        "v1/nothing",
        "v1beta1/instance/name",
        "nothing"
      })
  void path_unknown_isNotFoundAsText(String path) {
    HttpResponse<String> response = get(path);
    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.body()).isEqualTo("The requested URL was not found on this server.\n");
    assertThat(contentType(response)).isEqualTo("text/html; charset=UTF-8");
    assertThat(response.headers().firstValue("Metadata-Flavor")).hasValue("Google");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, v1/oslogin/users?username=me",
    "GET, v1/oslogin",
    "GET, v1/instance/guest-attributes/",
    "PUT, v1/instance/guest-attributes/space/key",
    "DELETE, v1/instance/guest-attributes/space/key",
    "GET, v1/instance/partner-attributes/?recursive=true",
    "GET, v1/instance/shutdown-details/",
    "GET, v1/instance/upcoming-maintenance",
    "GET, v1/instance/workload-identities"
  })
  void key_ofARealMachineOnly_isNotEmulatedAsText(String method, String path) {
    HttpResponse<String> response = send(method, path);
    assertThat(response.statusCode()).isEqualTo(422);
    assertThat(response.body())
        .isEqualTo(
            "%s /computeMetadata/%s is not emulated.\n"
                .formatted(method, path.replaceAll("\\?.*", "")));
    assertThat(contentType(response)).isEqualTo("text/html; charset=UTF-8");
    assertThat(response.headers().firstValue("Metadata-Flavor")).hasValue("Google");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "project/?alt=json",
        "project/?alt=text",
        "project/?wait_for_change=true",
        "project/project-id?alt=xml",
        "project/project-id?wait_for_change=true&timeout_sec=soon"
      })
  void parameters_thatDoNotFit_areInvalid(String path) {
    HttpResponse<String> response = get("v1/" + path);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(contentType(response)).isEqualTo("text/html; charset=UTF-8");
  }

  @Test
  void parameters_withoutMeaning_areIgnored() {
    String query = "?last_etag=abc&timeout_sec=soon&foo=1&recursive=xyz";
    assertThat(get("v1/project/project-id" + query).body()).isEqualTo(PROJECT);
    assertThat(get("v1/instance/disks/?recursive=xyz").body()).isEqualTo("0/\n");
  }

  @Test
  void waitForChange_ofAnotherEtagOrWithoutTime_isServedAtOnce() {
    String etag = etag(get("v1/instance/name"));
    for (String query :
        List.of("last_etag=0", "timeout_sec=0", "timeout_sec=0&last_etag=" + etag)) {
      HttpResponse<String> response = get("v1/instance/name?wait_for_change=true&" + query);
      assertThat(response.body()).isEqualTo("vm-1");
      assertThat(etag(response)).isEqualTo(etag);
    }
  }

  @Test
  void waitForChange_afterTheChange_isServed() {
    String accounts = "v1/instance/service-accounts/?recursive=true";
    String etag = etag(get(accounts));
    CompletableFuture<HttpResponse<String>> changed =
        HTTP.sendAsync(
            request("GET", accounts + "&wait_for_change=true&last_etag=" + etag),
            BodyHandlers.ofString());
    Wire.as(emulator, ADMIN)
        .send("DELETE", "/v1/" + name(SA1), BodyPublishers.noBody(), "text/plain");
    assertThat(changed.join().body()).isEqualTo("{}");
    assertThat(etag(changed.join())).isNotEqualTo(etag);
  }

  @Test
  void waitForChange_ofAValueThatDisappears_isNotFound() {
    String email = "v1/instance/service-accounts/default/email?wait_for_change=true";
    CompletableFuture<HttpResponse<String>> gone =
        HTTP.sendAsync(request("GET", email), BodyHandlers.ofString());
    Wire.as(emulator, ADMIN)
        .send("DELETE", "/v1/" + name(SA1), BodyPublishers.noBody(), "text/plain");
    assertThat(gone.join().statusCode()).isEqualTo(404);
  }

  private HttpResponse<String> get(String path) {
    return send("GET", path);
  }

  private HttpResponse<String> send(String method, String path) {
    try {
      return HTTP.send(request(method, path), BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private HttpRequest request(String method, String path) {
    return HttpRequest.newBuilder(URI.create(emulator.httpEndpoint() + "/computeMetadata/" + path))
        .method(method, BodyPublishers.noBody())
        .header("Metadata-Flavor", "Google")
        .build();
  }

  private static String contentType(HttpResponse<String> response) {
    return response.headers().firstValue("Content-Type").orElse("");
  }

  private static String etag(HttpResponse<String> response) {
    return response.headers().firstValue("ETag").orElse("");
  }
}
