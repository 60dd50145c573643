package io.github.shortlived.testing;

import com.google.cloud.compute.v1.Compute;
import com.google.cloud.compute.v1.Instance;
import com.google.cloud.compute.v1.InstanceList;
import com.google.cloud.compute.v1.ListInstancesRequest;
import com.google.rpc.Code;
import java.util.Comparator;
import java.util.List;

/**
 * The Compute Engine API, v1, as far as listing the instances of a zone. The only class to touch
 * Compute's protos, which may be absent.
 */
final class ComputeService {
  private static final String LIST = "compute.instances.list";
  private static final int LARGEST_PAGE = 500;

  private final World world;

  private ComputeService(World world) {
    this.world = world;
  }

  static RpcService of(World world) {
    ComputeService service = new ComputeService(world);
    return new RpcService(
            Compute.getDescriptor().findServiceByName("Instances"), Scopes.FOR_COMPUTE)
        .on("List", ListInstancesRequest.getDefaultInstance(), service::list);
  }

  private InstanceList list(Caller caller, ListInstancesRequest request) {
    requireProject(caller, request.getProject());
    if (request.hasFilter() || request.hasOrderBy()) {
      throw Refusals.notEmulated("Filtering or ordering instances");
    }
    List<Vm> all = instances(request.getProject(), request.getZone());
    Page<Vm> page = Page.of(all, Vm::name, pageSize(request), request.getPageToken());
    String id = "projects/" + request.getProject() + "/zones/" + request.getZone() + "/instances";
    InstanceList.Builder answer =
        InstanceList.newBuilder()
            .setKind("compute#instanceList")
            .setId(id)
            .setSelfLink(link(id))
            .addAllItems(page.items().stream().map(ComputeService::shown).toList());
    return page.nextToken().isEmpty()
        ? answer.build()
        : answer.setNextPageToken(page.nextToken()).build();
  }

  private void requireProject(Caller caller, String projectId) {
    String name = "projects/" + projectId;
    if (!world.projects().contains(projectId)) {
      throw new RpcException(Code.NOT_FOUND, "The resource '" + name + "' was not found");
    }
    if (!world.access().allows(caller.principal(), LIST, Resource.project(projectId))) {
      throw Refusals.computePermissionDenied(LIST, name);
    }
  }

  private List<Vm> instances(String projectId, String zone) {
    return world.instances().stream()
        .filter(vm -> vm.projectId().equals(projectId) && vm.zone().equals(zone))
        .sorted(Comparator.comparing(Vm::name))
        .toList();
  }

  private static int pageSize(ListInstancesRequest request) {
    int asked = request.hasMaxResults() ? request.getMaxResults() : LARGEST_PAGE;
    if (asked < 0 || asked > LARGEST_PAGE) {
      throw Refusals.invalid("Invalid value for field 'maxResults': '" + asked + "'.");
    }
    return asked == 0 ? LARGEST_PAGE : asked;
  }

  private static Instance shown(Vm vm) {
    String zone = link("projects/" + vm.projectId() + "/zones/" + vm.zone());
    return Instance.newBuilder()
        .setKind("compute#instance")
        .setId(Integer.toUnsignedLong(vm.hashCode()))
        .setName(vm.name())
        .setZone(zone)
        .setMachineType(zone + "/machineTypes/e2-micro")
        .setStatus("RUNNING")
        .setSelfLink(zone + "/instances/" + vm.name())
        .build();
  }

  private static String link(String resource) {
    return "https://www.googleapis.com/compute/v1/" + resource;
  }
}
