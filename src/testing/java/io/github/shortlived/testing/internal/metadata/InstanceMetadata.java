package io.github.shortlived.testing.internal.metadata;

import com.google.common.collect.ImmutableMap;
import io.github.shortlived.testing.internal.account.AccountEmail;
import io.github.shortlived.testing.internal.account.StableIds;
import io.github.shortlived.testing.internal.account.VmInstance;
import io.github.shortlived.testing.internal.metadata.MetadataNode.Folder;
import io.github.shortlived.testing.internal.metadata.MetadataNode.Value;
import java.util.List;
import java.util.Map;

/**
 * The metadata that every virtual machine has, apart from its service accounts: those of a small
 * machine with one disk in the default network, without attributes and tags of a user.
 *
 * @see <a href="https://cloud.google.com/compute/docs/metadata/predefined-metadata-keys">Predefined
 *     metadata keys</a>
 */
record InstanceMetadata(VmInstance vm) {
  /** Returns the nodes below {@code instance/} in the order of their names. */
  Map<String, MetadataNode> nodes() {
    return ImmutableMap.<String, MetadataNode>builder()
        .put("attributes", Folder.of(Map.of()))
        .put("cpu-platform", Value.of("Intel Broadwell"))
        .put("description", Value.of(""))
        .put("disks", Folder.list(bootDisk()))
        .put("hostname", Value.of(hostname()))
        .put("id", Value.of(StableIds.instanceId(vm)))
        .put("image", Value.of("projects/debian-cloud/global/images/debian-12-bookworm-v20250610"))
        .put("licenses", Folder.list())
        .put("machine-type", Value.of(project() + "/machineTypes/" + VmInstance.MACHINE_TYPE))
        .put("maintenance-event", Value.of("NONE"))
        .put("name", Value.of(vm.name()))
        .put("network-interfaces", Folder.list(networkInterface()))
        .put("preempted", Value.of("FALSE"))
        .put("remaining-cpu-time", Value.of(-1))
        .put("scheduling", scheduling())
        .put("tags", Value.ofJson(List.of()))
        .put("virtual-clock", Folder.of(Map.of("drift-token", Value.of("0"))))
        .put("zone", Value.of(project() + "/zones/" + vm.zone()))
        .buildOrThrow();
  }

  private String project() {
    return "projects/" + StableIds.projectNumber(vm.projectId());
  }

  private String hostname() {
    return "%s.%s.c.%s.internal".formatted(vm.name(), vm.zone(), AccountEmail.host(vm.projectId()));
  }

  private Folder bootDisk() {
    return Folder.of(
        ImmutableMap.of(
            "device-name", Value.of(vm.name()),
            "index", Value.of(0),
            "interface", Value.of("SCSI"),
            "mode", Value.of("READ_WRITE"),
            "type", Value.of("PERSISTENT-BALANCED")));
  }

  /** Returns an interface whose external address is one for documentation. */
  private Folder networkInterface() {
    Folder external =
        Folder.of(
            ImmutableMap.of(
                "external-ip", Value.of("203.0.113.2"), "type", Value.of("ONE_TO_ONE_NAT")));
    return Folder.of(
        ImmutableMap.<String, MetadataNode>builder()
            .put("access-configs", Folder.list(external))
            .put("dns-servers", Value.of(List.of("169.254.169.254")))
            .put("forwarded-ips", Folder.list())
            .put("gateway", Value.of("10.128.0.1"))
            .put("ip", Value.of("10.128.0.2"))
            .put("ip-aliases", Folder.list())
            .put("mac", Value.of("42:01:0a:80:00:02"))
            .put("mtu", Value.of(1460))
            .put("network", Value.of(project() + "/networks/default"))
            .put("subnetmask", Value.of("255.255.240.0"))
            .put("target-instance-ips", Folder.list())
            .buildOrThrow());
  }

  private static Folder scheduling() {
    return Folder.of(
        ImmutableMap.of(
            "automatic-restart", Value.of("TRUE"),
            "on-host-maintenance", Value.of("MIGRATE"),
            "preemptible", Value.of("FALSE")));
  }
}
