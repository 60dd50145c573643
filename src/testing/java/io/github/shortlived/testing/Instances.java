package io.github.shortlived.testing;

import com.google.cloud.compute.v1.Instance;

/** Virtual machines in Compute Engine's words. */
final class Instances {
  private Instances() {}

  static String name(Vm vm) {
    return zone(vm) + "/instances/" + vm.name();
  }

  static String link(String resource) {
    return "https://www.googleapis.com/compute/v1/" + resource;
  }

  static Instance shown(Vm vm) {
    return Instance.newBuilder()
        .setKind("compute#instance")
        .setId(StableIds.instanceId(vm))
        .setName(vm.name())
        .setZone(link(zone(vm)))
        .setMachineType(link(zone(vm)) + "/machineTypes/e2-micro")
        .setStatus(Vm.STATUS)
        .setSelfLink(link(name(vm)))
        .build();
  }

  private static String zone(Vm vm) {
    return "projects/" + vm.projectId() + "/zones/" + vm.zone();
  }
}
