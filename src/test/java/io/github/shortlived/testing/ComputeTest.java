package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.ZONE;
import static io.github.shortlived.testing.Demo.member;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.gax.rpc.StatusCode.Code;
import com.google.cloud.compute.v1.Instance;
import com.google.cloud.compute.v1.InstancesClient;
import com.google.cloud.compute.v1.ListInstancesRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ComputeTest {
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
    emulator.bindProjectRole(PROJECT, "roles/compute.viewer", member(SA1));
    assertThat(names(ListInstancesRequest.newBuilder())).containsExactly("vm-1", "vm-2");
  }

  @Test
  void list_pageByPage_showsEachOnce() {
    emulator.bindProjectRole(PROJECT, "roles/compute.viewer", member(SA1));
    assertThat(names(ListInstancesRequest.newBuilder().setMaxResults(1)))
        .containsExactly("vm-1", "vm-2");
  }

  @Test
  void list_unknownZoneOrProject_isEmptyOrNotFound() throws IOException {
    try (InstancesClient admin = Clients.instances(emulator, emulator.googleCredentials(ADMIN))) {
      assertThat(admin.list(PROJECT, "nowhere-a").iterateAll()).isEmpty();
      assertThat(Refused.by(() -> admin.list("unknown", ZONE)).code()).isEqualTo(Code.NOT_FOUND);
    }
  }

  @Test
  void list_whatIsNotEmulated_saysSo() {
    emulator.bindProjectRole(PROJECT, "roles/compute.viewer", member(SA1));
    Wire wire = Wire.as(emulator, member(SA1));
    String path = "/compute/v1/projects/" + PROJECT + "/zones/" + ZONE + "/instances";
    assertThat(wire.get(path + "?filter=name%3Dvm-1").statusCode()).isEqualTo(501);
    assertThat(wire.get(path + "/vm-1").statusCode()).isEqualTo(501);
    assertThat(wire.get(path + "?maxResults=501").statusCode()).isEqualTo(400);
    assertThat(wire.get(path + "?pageToken=%21").statusCode()).isEqualTo(400);
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
