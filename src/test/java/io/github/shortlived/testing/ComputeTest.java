package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.ZONE;
import static io.github.shortlived.testing.Demo.member;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.gax.rpc.StatusCode.Code;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.cloud.compute.v1.AggregatedListInstancesRequest;
import com.google.cloud.compute.v1.Instance;
import com.google.cloud.compute.v1.InstancesClient;
import com.google.cloud.compute.v1.InstancesScopedList;
import com.google.cloud.compute.v1.ListInstancesRequest;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ComputeTest {
  private static final String PATH =
      "/compute/v1/projects/" + PROJECT + "/zones/" + ZONE + "/instances";
  private static final List<String> VM_1_AND_2 = List.of("vm-1", "vm-2");

  private final IamEmulator emulator =
      Demo.world()
          .instance(PROJECT, ZONE, "vm-2")
          .instance(PROJECT, ZONE, "vm-1")
          .instance(PROJECT, "europe-west4-b", "vm-3")
          .start();
  private InstancesClient sa1;

  @BeforeEach
  void connect() throws IOException {
    sa1 = Clients.instances(emulator, emulator.googleCredentials(member(SA1)));
  }

  @AfterEach
  void stop() {
    sa1.close();
    emulator.close();
  }

  @Test
  void list_withAndWithoutProjectRole_isAllowedAndDenied() {
    Refused refused = Refused.by(() -> sa1.list(PROJECT, ZONE));
    assertThat(refused.code()).isEqualTo(Code.PERMISSION_DENIED);
    assertThat(refused.message())
        .isEqualTo("Required 'compute.instances.list' permission for 'projects/demo-project'");
    emulator.addProjectBinding(PROJECT, "roles/compute.viewer", member(SA1));
    assertThat(names(ListInstancesRequest.newBuilder())).containsExactly("vm-1", "vm-2");
  }

  @Test
  void list_pageByPage_returnsEachOnce() {
    emulator.addProjectBinding(PROJECT, "roles/compute.viewer", member(SA1));
    assertThat(names(ListInstancesRequest.newBuilder().setMaxResults(1)))
        .containsExactly("vm-1", "vm-2");
  }

  @Test
  void list_unknownZoneOrProject_isInvalidOrNotFound() throws IOException {
    try (InstancesClient admin = Clients.instances(emulator, emulator.googleCredentials(ADMIN))) {
      for (String region :
          List.of("us-west1", "us-west1-z", "US-WEST1-A", "nowhere-a", "us-wesst1-ai1a")) {
        Refused refused = Refused.by(() -> admin.list(PROJECT, region));
        assertThat(refused.code()).isEqualTo(Code.INVALID_ARGUMENT);
        assertThat(refused.message())
            .isEqualTo("Invalid value for field 'zone': '" + region + "'. Unknown zone.");
      }
      assertThat(Refused.by(() -> admin.get(PROJECT, "us-west1", "vm-1")).message())
          .isEqualTo("Invalid value for field 'zone': 'us-west1'. Unknown zone.");
      assertThat(admin.list(PROJECT, "europe-west1-d").iterateAll()).isEmpty();
      assertThat(Refused.by(() -> admin.list("unknown", ZONE)).code()).isEqualTo(Code.NOT_FOUND);
      assertThat(Refused.by(() -> admin.get(PROJECT, ZONE, "VM_1")).code())
          .isEqualTo(Code.INVALID_ARGUMENT);
    }
  }

  @Test
  void list_zoneThatTheWorldDeclares_isServed() throws IOException {
    try (IamEmulator ours = Demo.world().instance(PROJECT, "moon-east1-a", "vm-1").start();
        InstancesClient admin = Clients.instances(ours, ours.googleCredentials(ADMIN))) {
      assertThat(admin.list(PROJECT, "moon-east1-a").iterateAll()).hasSize(1);
      assertThat(
              Wire.error(Wire.as(ours, ADMIN).get(PATH.replace(ZONE, "moon-east1-b"))).toString())
          .isEqualTo(
              "{\"code\":400,\"message\":\"Invalid value for field 'zone': 'moon-east1-b'. Unknown"
                  + " zone.\",\"errors\":[{\"message\":\"Invalid value for field 'zone':"
                  + " 'moon-east1-b'. Unknown zone.\",\"domain\":\"global\",\"reason\":\"invalid\"}]}");
    }
  }

  @Test
  void list_notEmulatedOptions_areUnimplemented() {
    emulator.addProjectBinding(PROJECT, "roles/compute.viewer", member(SA1));
    assertThat(get("?filter=name%20ne%20vm-1").statusCode()).isEqualTo(422);
    assertThat(get("?orderBy=creationTimestamp%20desc").statusCode()).isEqualTo(422);
    assertThat(get("?orderBy=name").statusCode()).isEqualTo(200);
    assertThat(get("?maxResults=501").statusCode()).isEqualTo(400);
    assertThat(get("?pageToken=%21").statusCode()).isEqualTo(400);
  }

  @Test
  void list_filteredByOneField_returnsMatches() {
    emulator.addProjectBinding(PROJECT, "roles/compute.viewer", member(SA1));
    for (String filter : List.of("name=vm-1", "name = \"vm-1\"", "(name eq vm-1)")) {
      assertThat(names(ListInstancesRequest.newBuilder().setFilter(filter)))
          .containsExactly("vm-1");
    }
    assertThat(names(ListInstancesRequest.newBuilder().setFilter("status=RUNNING"))).hasSize(2);
    assertThat(names(ListInstancesRequest.newBuilder().setFilter("status=TERMINATED"))).isEmpty();
  }

  @Test
  void aggregatedList_granted_mapsEveryZone() {
    assertThat(Refused.by(() -> sa1.aggregatedList(PROJECT)).message())
        .isEqualTo("Required 'compute.instances.list' permission for 'projects/demo-project'");
    emulator.addProjectBinding(PROJECT, "roles/compute.viewer", member(SA1));
    Map<String, List<String>> zones = new TreeMap<>();
    sa1.aggregatedList(PROJECT)
        .iterateAll()
        .forEach(zone -> zones.put(zone.getKey(), names(zone.getValue())));
    assertThat(zones)
        .isEqualTo(Map.of("zones/europe-west4-b", List.of("vm-3"), "zones/us-west1-a", VM_1_AND_2));
  }

  @Test
  void aggregatedList_pageByPage_returnsEachOnce() {
    emulator.addProjectBinding(PROJECT, "roles/compute.viewer", member(SA1));
    List<String> names = new ArrayList<>();
    sa1.aggregatedList(
            AggregatedListInstancesRequest.newBuilder()
                .setProject(PROJECT)
                .setMaxResults(1)
                .build())
        .iterateAll()
        .forEach(zone -> names.addAll(names(zone.getValue())));
    assertThat(names).containsExactly("vm-3", "vm-1", "vm-2");
  }

  @Test
  void aggregatedList_requestedByGcloud_warnsOfEmptyScopes() {
    emulator.addProjectBinding(PROJECT, "roles/compute.viewer", member(SA1));
    String query =
        "?includeAllScopes=True&maxResults=500&returnPartialSuccess=True&filter=name%3Dvm-3";
    JsonObject response =
        Wire.json(
            Wire.as(emulator, member(SA1))
                .get("/compute/v1/projects/" + PROJECT + "/aggregated/instances" + query));
    JsonObject items = response.getAsJsonObject("items");
    assertThat(items.keySet())
        .containsExactlyInAnyOrder(
            "global",
            "regions/europe-west4",
            "regions/us-west1",
            "zones/europe-west4-b",
            "zones/us-west1-a");
    assertThat(items.getAsJsonObject("zones/europe-west4-b").has("warning")).isFalse();
    JsonObject warning = items.getAsJsonObject("zones/us-west1-a").getAsJsonObject("warning");
    assertThat(warning.get("code").getAsString()).isEqualTo("NO_RESULTS_ON_PAGE");
  }

  @Test
  void get_grantedUnknownAndDenied_isReturnedNotFoundAndRefused() {
    Refused refused = Refused.by(() -> sa1.get(PROJECT, ZONE, "vm-1"));
    assertThat(refused.permission()).isEqualTo("compute.instances.get");
    emulator.addProjectBinding(PROJECT, "roles/compute.viewer", member(SA1));
    Instance instance = sa1.get(PROJECT, ZONE, "vm-1");
    assertThat(instance.getName()).isEqualTo("vm-1");
    assertThat(instance.getId()).isPositive();
    Refused unknown = Refused.by(() -> sa1.get(PROJECT, ZONE, "vm-3"));
    assertThat(unknown.code()).isEqualTo(Code.NOT_FOUND);
    assertThat(unknown.message())
        .isEqualTo(
            "The resource 'projects/demo-project/zones/us-west1-a/instances/vm-3' was not found");
  }

  @Test
  void errors_haveTheFormOfCompute() {
    JsonObject denied = Wire.error(get(""));
    assertThat(denied.keySet()).contains("code", "message", "errors").doesNotContain("status");
    assertThat(oneError(denied).get("reason").getAsString()).isEqualTo("forbidden");
    assertThat(oneError(denied).get("domain").getAsString()).isEqualTo("global");
    assertThat(oneError(denied).get("message")).isEqualTo(denied.get("message"));
    emulator.addProjectBinding(PROJECT, "roles/compute.viewer", member(SA1));
    assertThat(oneError(Wire.error(get("/unknown"))).get("reason").getAsString())
        .isEqualTo("notFound");
    assertThat(oneError(Wire.error(get("?maxResults=-1"))).get("reason").getAsString())
        .isEqualTo("invalid");
  }

  @Test
  void errors_ofTheFrontEnd_haveAStatus() throws IOException {
    HttpResponse<String> anonymous = Wire.anonymous(emulator).get(PATH);
    assertThat(anonymous.statusCode()).isEqualTo(401);
    assertThat(Wire.error(anonymous).get("status").getAsString()).isEqualTo("UNAUTHENTICATED");
    assertThat(oneError(Wire.error(anonymous)).get("reason").getAsString()).isEqualTo("authError");
    GoogleCredentials iamOnly =
        emulator.googleCredentials(member(SA1)).createScoped("https://www.googleapis.com/auth/iam");
    HttpResponse<String> narrow =
        Wire.anonymous(emulator).with(Clients.accessToken(iamOnly)).get(PATH);
    assertThat(narrow.statusCode()).isEqualTo(403);
    assertThat(narrow.body()).contains("ACCESS_TOKEN_SCOPE_INSUFFICIENT");
    assertThat(oneError(Wire.error(narrow)).get("reason").getAsString())
        .isEqualTo("insufficientPermissions");
  }

  @Test
  void errors_ofADisabledApi_haveTheReasonAccessNotConfigured() {
    emulator.controls().disableApi(PROJECT, "compute.googleapis.com");
    JsonObject disabled = Wire.error(get(""));
    assertThat(disabled.get("status").getAsString()).isEqualTo("PERMISSION_DENIED");
    assertThat(oneError(disabled).get("reason").getAsString()).isEqualTo("accessNotConfigured");
    assertThat(oneError(disabled).get("domain").getAsString()).isEqualTo("usageLimits");
    assertThat(oneError(disabled).get("message")).isEqualTo(disabled.get("message"));
    emulator.controls().enableApi(PROJECT, "compute.googleapis.com");
    assertThat(oneError(Wire.error(get(""))).get("reason").getAsString()).isEqualTo("forbidden");
  }

  @Test
  void paths_withoutTheComputePrefix_areNotEmulated() {
    Wire wire = Wire.as(emulator, ADMIN);
    assertThat(wire.get(PATH).statusCode()).isEqualTo(200);
    assertThat(wire.get(PATH.substring("/compute/v1".length())).statusCode()).isEqualTo(422);
  }

  private HttpResponse<String> get(String rest) {
    return Wire.as(emulator, member(SA1)).get(PATH + rest);
  }

  private static JsonObject oneError(JsonObject error) {
    return error.getAsJsonArray("errors").get(0).getAsJsonObject();
  }

  private static List<String> names(InstancesScopedList zone) {
    return zone.getInstancesList().stream().map(Instance::getName).toList();
  }

  private List<String> names(ListInstancesRequest.Builder request) {
    List<String> names = new ArrayList<>();
    for (Instance instance :
        sa1.list(request.setProject(PROJECT).setZone(ZONE).build()).iterateAll()) {
      names.add(instance.getName());
    }
    return names;
  }
}
