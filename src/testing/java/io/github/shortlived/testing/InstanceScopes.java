package io.github.shortlived.testing;

import com.google.cloud.compute.v1.Data;
import com.google.cloud.compute.v1.InstancesScopedList;
import com.google.cloud.compute.v1.Warning;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A page of instances by scope, as an aggregated list has it: a scope without any carries a warning
 * instead. The scopes of this world are the zones of its instances.
 */
final class InstanceScopes {
  private InstanceScopes() {}

  static Map<String, InstancesScopedList> of(
      List<Vm> page, Collection<Vm> world, boolean includeAllScopes) {
    Map<String, InstancesScopedList> byScope = new TreeMap<>();
    for (String scope : scopes(world, includeAllScopes)) {
      byScope.put(
          scope, scoped(scope, page.stream().filter(vm -> scope(vm).equals(scope)).toList()));
    }
    return byScope;
  }

  /** Instances live in zones; the wish for all scopes adds those where none can be. */
  private static SortedSet<String> scopes(Collection<Vm> world, boolean includeAllScopes) {
    SortedSet<String> scopes = new TreeSet<>();
    world.forEach(vm -> scopes.add(scope(vm)));
    if (includeAllScopes) {
      scopes.add("global");
      world.forEach(vm -> scopes.add("regions/" + region(vm)));
    }
    return scopes;
  }

  private static String scope(Vm vm) {
    return "zones/" + vm.zone();
  }

  private static String region(Vm vm) {
    int dash = vm.zone().lastIndexOf('-');
    return dash < 0 ? vm.zone() : vm.zone().substring(0, dash);
  }

  private static InstancesScopedList scoped(String scope, List<Vm> instances) {
    return instances.isEmpty()
        ? InstancesScopedList.newBuilder().setWarning(noResults(scope)).build()
        : InstancesScopedList.newBuilder()
            .addAllInstances(instances.stream().map(Instances::shown).toList())
            .build();
  }

  private static Warning noResults(String scope) {
    return Warning.newBuilder()
        .setCode("NO_RESULTS_ON_PAGE")
        .setMessage("There are no results for scope '" + scope + "' on this page.")
        .addData(Data.newBuilder().setKey("scope").setValue(scope))
        .build();
  }
}
