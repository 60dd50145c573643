package io.github.shortlived.testing.internal.compute;

import com.google.cloud.compute.v1.Data;
import com.google.cloud.compute.v1.Instance;
import com.google.cloud.compute.v1.InstancesScopedList;
import com.google.cloud.compute.v1.Warning;
import io.github.shortlived.testing.internal.account.StableIds;
import io.github.shortlived.testing.internal.account.VmInstance;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Converts virtual machines to messages of the Compute Engine API. */
final class InstanceProtos {
  private InstanceProtos() {}

  static String name(VmInstance vm) {
    return name(vm.projectId(), vm.zone(), vm.name());
  }

  static String name(String projectId, String zone, String instance) {
    return "projects/" + projectId + "/zones/" + zone + "/instances/" + instance;
  }

  static String link(String resource) {
    return "https://www.googleapis.com/compute/v1/" + resource;
  }

  static Instance of(VmInstance vm) {
    return Instance.newBuilder()
        .setKind("compute#instance")
        .setId(StableIds.instanceId(vm))
        .setName(vm.name())
        .setZone(link(zone(vm)))
        .setMachineType(link(zone(vm)) + "/machineTypes/" + VmInstance.MACHINE_TYPE)
        .setStatus(VmInstance.STATUS)
        .setSelfLink(link(name(vm)))
        .build();
  }

  /**
   * Groups a page of an aggregated list by scope. The scopes are the zones of all instances of the
   * world; a scope without instances on the page has a warning.
   */
  static Map<String, InstancesScopedList> byScope(
      List<VmInstance> page, Collection<VmInstance> world, boolean includeAllScopes) {
    Map<String, InstancesScopedList> byScope = new TreeMap<>();
    for (String scope : scopes(world, includeAllScopes)) {
      byScope.put(
          scope, scoped(scope, page.stream().filter(vm -> scope(vm).equals(scope)).toList()));
    }
    return byScope;
  }

  /**
   * Returns the zones and, for all scopes, also the regions and {@code global}, which are empty.
   */
  private static SortedSet<String> scopes(Collection<VmInstance> world, boolean includeAllScopes) {
    SortedSet<String> scopes = new TreeSet<>();
    world.forEach(vm -> scopes.add(scope(vm)));
    if (includeAllScopes) {
      scopes.add("global");
      world.forEach(vm -> scopes.add("regions/" + region(vm)));
    }
    return scopes;
  }

  private static InstancesScopedList scoped(String scope, List<VmInstance> instances) {
    return instances.isEmpty()
        ? InstancesScopedList.newBuilder().setWarning(noResults(scope)).build()
        : InstancesScopedList.newBuilder()
            .addAllInstances(instances.stream().map(InstanceProtos::of).toList())
            .build();
  }

  private static Warning noResults(String scope) {
    return Warning.newBuilder()
        .setCode("NO_RESULTS_ON_PAGE")
        .setMessage("There are no results for scope '" + scope + "' on this page.")
        .addData(Data.newBuilder().setKey("scope").setValue(scope))
        .build();
  }

  private static String zone(VmInstance vm) {
    return "projects/" + vm.projectId() + "/zones/" + vm.zone();
  }

  private static String scope(VmInstance vm) {
    return "zones/" + vm.zone();
  }

  private static String region(VmInstance vm) {
    int dash = vm.zone().lastIndexOf('-');
    return dash < 0 ? vm.zone() : vm.zone().substring(0, dash);
  }
}
