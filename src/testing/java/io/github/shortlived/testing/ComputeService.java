package io.github.shortlived.testing;

import com.google.cloud.compute.v1.AggregatedListInstancesRequest;
import com.google.cloud.compute.v1.Compute;
import com.google.cloud.compute.v1.GetInstanceRequest;
import com.google.cloud.compute.v1.Instance;
import com.google.cloud.compute.v1.InstanceAggregatedList;
import com.google.cloud.compute.v1.InstanceList;
import com.google.cloud.compute.v1.ListInstancesRequest;
import com.google.rpc.Code;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * The Compute Engine API, v1, as far as reading instances goes. Only classes named after Compute
 * and its instances touch Compute's protos, which may be absent.
 */
final class ComputeService {
  private static final String LIST = "compute.instances.list";
  private static final String GET = "compute.instances.get";
  private static final int LARGEST_PAGE = 500;

  private final World world;

  private ComputeService(World world) {
    this.world = world;
  }

  static RpcService of(World world) {
    ComputeService service = new ComputeService(world);
    return new RpcService(
            Compute.getDescriptor().findServiceByName("Instances"), Scopes.FOR_COMPUTE)
        .on("List", ListInstancesRequest.getDefaultInstance(), service::list)
        .on(
            "AggregatedList",
            AggregatedListInstancesRequest.getDefaultInstance(),
            service::aggregatedList)
        .on("Get", GetInstanceRequest.getDefaultInstance(), service::get);
  }

  private InstanceList list(Caller caller, ListInstancesRequest request) {
    requireAllowed(caller, LIST, Resource.project(request.getProject()));
    InstanceFilter.requireOrder(request.getOrderBy());
    Predicate<Vm> filter =
        InstanceFilter.of(request.getFilter()).and(vm -> vm.zone().equals(request.getZone()));
    Page<Vm> page =
        page(request.getProject(), filter, request.getMaxResults(), request.getPageToken());
    String id = "projects/" + request.getProject() + "/zones/" + request.getZone() + "/instances";
    InstanceList.Builder answer =
        InstanceList.newBuilder()
            .setKind("compute#instanceList")
            .setId(id)
            .setSelfLink(Instances.link(id))
            .addAllItems(page.items().stream().map(Instances::shown).toList());
    return page.nextToken().isEmpty()
        ? answer.build()
        : answer.setNextPageToken(page.nextToken()).build();
  }

  /** No zone ever fails here, so an answer is as complete with partial success as without. */
  private InstanceAggregatedList aggregatedList(
      Caller caller, AggregatedListInstancesRequest request) {
    requireAllowed(caller, LIST, Resource.project(request.getProject()));
    InstanceFilter.requireOrder(request.getOrderBy());
    Page<Vm> page =
        page(
            request.getProject(),
            InstanceFilter.of(request.getFilter()),
            request.getMaxResults(),
            request.getPageToken());
    String id = "projects/" + request.getProject() + "/aggregated/instances";
    InstanceAggregatedList.Builder answer =
        InstanceAggregatedList.newBuilder()
            .setKind("compute#instanceAggregatedList")
            .setId(id)
            .setSelfLink(Instances.link(id))
            .putAllItems(
                InstanceScopes.of(page.items(), world.instances(), request.getIncludeAllScopes()));
    return page.nextToken().isEmpty()
        ? answer.build()
        : answer.setNextPageToken(page.nextToken()).build();
  }

  private Instance get(Caller caller, GetInstanceRequest request) {
    Vm asked = new Vm(request.getProject(), request.getZone(), request.getInstance());
    requireAllowed(caller, GET, Resource.instance(asked.projectId(), Instances.name(asked)));
    return world.instances().stream()
        .filter(asked::equals)
        .findFirst()
        .map(Instances::shown)
        .orElseThrow(() -> notFound(Instances.name(asked)));
  }

  private void requireAllowed(Caller caller, String permission, Resource on) {
    if (!world.projects().contains(on.projectId())) {
      throw notFound("projects/" + on.projectId());
    }
    if (!world.access().allows(caller.principal(), permission, on)) {
      throw Refusals.computePermissionDenied(permission, on.name());
    }
  }

  private Page<Vm> page(String projectId, Predicate<Vm> filter, int maxResults, String pageToken) {
    List<Vm> all =
        world.instances().stream()
            .filter(vm -> vm.projectId().equals(projectId))
            .filter(filter)
            .sorted(Comparator.comparing(Instances::name))
            .toList();
    return Page.of(all, Instances::name, pageSize(maxResults), pageToken);
  }

  private static int pageSize(int asked) {
    if (asked < 0 || asked > LARGEST_PAGE) {
      throw Refusals.invalid("Invalid value for field 'maxResults': '" + asked + "'.");
    }
    return asked == 0 ? LARGEST_PAGE : asked;
  }

  private static RpcException notFound(String resource) {
    return new RpcException(Code.NOT_FOUND, "The resource '" + resource + "' was not found");
  }
}
