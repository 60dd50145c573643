package io.github.shortlived.testing;

import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.ZONE;
import static io.github.shortlived.testing.Demo.member;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.compute.v1.InstancesClient;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The resource of a condition is the instance when one is read, and the project in lists. */
class ComputeConditionTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "resource.name == 'projects/demo-project/zones/us-west1-a/instances/vm-1'",
        "resource.name.startsWith('projects/demo-project/zones/us-west1-a/instances/vm-1')",
      })
  void get_withAConditionOnTheName_isAllowedForThatInstanceOnly(String condition)
      throws IOException {
    try (IamEmulator emulator = world(condition);
        InstancesClient sa1 = instances(emulator)) {
      assertThat(sa1.get(PROJECT, ZONE, "vm-1").getName()).isEqualTo("vm-1");
      Refused refused = Refused.by(() -> sa1.get(PROJECT, ZONE, "vm-2"));
      assertThat(refused.permission()).isEqualTo("compute.instances.get");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "resource.type == 'compute.googleapis.com/Instance'",
        "resource.service == 'compute.googleapis.com'",
      })
  void condition_onTheType_distinguishesAnInstanceFromItsProject(String condition)
      throws IOException {
    try (IamEmulator emulator = world(condition);
        InstancesClient sa1 = instances(emulator)) {
      assertThat(sa1.get(PROJECT, ZONE, "vm-2").getName()).isEqualTo("vm-2");
      Refused refused = Refused.by(() -> sa1.list(PROJECT, ZONE));
      assertThat(refused.permission()).isEqualTo("compute.instances.list");
    }
  }

  @Test
  void condition_onTheProject_allowsTheListOnly() throws IOException {
    try (IamEmulator emulator =
            world("resource.type == 'cloudresourcemanager.googleapis.com/Project'");
        InstancesClient sa1 = instances(emulator)) {
      assertThat(sa1.list(PROJECT, ZONE).iterateAll()).hasSize(2);
      Refused refused = Refused.by(() -> sa1.get(PROJECT, ZONE, "vm-1"));
      assertThat(refused.permission()).isEqualTo("compute.instances.get");
    }
  }

  private static IamEmulator world(String condition) {
    return Demo.world()
        .instance(PROJECT, ZONE, "vm-1")
        .instance(PROJECT, ZONE, "vm-2")
        .projectBinding(PROJECT, "roles/compute.viewer", member(SA1), condition)
        .start();
  }

  private static InstancesClient instances(IamEmulator emulator) throws IOException {
    return Clients.instances(emulator, emulator.googleCredentials(member(SA1)));
  }
}
