package io.github.shortlived.testing.internal.compute;

import com.google.cloud.compute.v1.AggregatedListInstancesRequest;
import com.google.cloud.compute.v1.Compute;
import com.google.cloud.compute.v1.GetInstanceRequest;
import com.google.cloud.compute.v1.Instance;
import com.google.cloud.compute.v1.InstanceAggregatedList;
import com.google.cloud.compute.v1.InstanceList;
import com.google.cloud.compute.v1.ListInstancesRequest;
import com.google.rpc.Code;
import io.github.shortlived.testing.internal.account.Caller;
import io.github.shortlived.testing.internal.account.OAuthScopes;
import io.github.shortlived.testing.internal.account.Resource;
import io.github.shortlived.testing.internal.account.VmInstance;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.github.shortlived.testing.internal.error.RpcException;
import io.github.shortlived.testing.internal.rpc.Page;
import io.github.shortlived.testing.internal.rpc.RpcService;
import io.github.shortlived.testing.internal.world.World;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The Compute Engine API, v1: the methods that read instances. Compute's protos are optional. Only
 * the classes {@code Compute*} and {@code Instance*} may refer to them.
 */
public final class ComputeService {
  private static final String LIST = "compute.instances.list";
  private static final String GET = "compute.instances.get";
  private static final int LARGEST_PAGE = 500;

  private ComputeService() {}

  public static RpcService service() {
    return new RpcService(
            Compute.getDescriptor().findServiceByName("Instances"), OAuthScopes.FOR_COMPUTE)
        .on(ListInstancesRequest.getDefaultInstance(), ComputeService::list)
        .on(AggregatedListInstancesRequest.getDefaultInstance(), ComputeService::aggregatedList)
        .on(GetInstanceRequest.getDefaultInstance(), ComputeService::get);
  }

  private static InstanceList list(World world, Caller caller, ListInstancesRequest request) {
    String projectId = projectId(world, request.getProject());
    Zones.require(world, request.getZone());
    requireAllowed(world, caller, LIST, Resource.project(projectId));
    InstanceFilter.requireOrder(request.getOrderBy());
    Predicate<VmInstance> filter =
        InstanceFilter.of(request.getFilter()).and(vm -> vm.zone().equals(request.getZone()));
    String id = "projects/" + projectId + "/zones/" + request.getZone() + "/instances";
    Page<VmInstance> page =
        page(
            id,
            instances(world, projectId, filter),
            request.getMaxResults(),
            request.getPageToken());
    InstanceList.Builder response =
        InstanceList.newBuilder()
            .setKind("compute#instanceList")
            .setId(id)
            .setSelfLink(InstanceProtos.link(id))
            .addAllItems(page.items().stream().map(InstanceProtos::of).toList());
    return page.nextToken().isEmpty()
        ? response.build()
        : response.setNextPageToken(page.nextToken()).build();
  }

  /** No zone fails in the emulator, so partial success makes no difference. */
  private static InstanceAggregatedList aggregatedList(
      World world, Caller caller, AggregatedListInstancesRequest request) {
    String projectId = projectId(world, request.getProject());
    requireAllowed(world, caller, LIST, Resource.project(projectId));
    InstanceFilter.requireOrder(request.getOrderBy());
    String id = "projects/" + projectId + "/aggregated/instances";
    Page<VmInstance> page =
        page(
            id,
            instances(world, projectId, InstanceFilter.of(request.getFilter())),
            request.getMaxResults(),
            request.getPageToken());
    InstanceAggregatedList.Builder response =
        InstanceAggregatedList.newBuilder()
            .setKind("compute#instanceAggregatedList")
            .setId(id)
            .setSelfLink(InstanceProtos.link(id))
            .putAllItems(
                InstanceProtos.byScope(
                    page.items(), world.instances(), request.getIncludeAllScopes()));
    return page.nextToken().isEmpty()
        ? response.build()
        : response.setNextPageToken(page.nextToken()).build();
  }

  private static Instance get(World world, Caller caller, GetInstanceRequest request) {
    String projectId = projectId(world, request.getProject());
    Zones.require(world, request.getZone());
    requireNameOrId(request.getInstance());
    Optional<VmInstance> instance =
        world.instances().stream()
            .filter(vm -> vm.projectId().equals(projectId) && vm.zone().equals(request.getZone()))
            .filter(vm -> vm.isCalled(request.getInstance()))
            .findFirst();
    String name =
        InstanceProtos.name(
            projectId,
            request.getZone(),
            instance.map(VmInstance::name).orElse(request.getInstance()));
    requireAllowed(world, caller, GET, Resource.instance(projectId, name));
    return instance.map(InstanceProtos::of).orElseThrow(() -> notFound(name));
  }

  /** Returns the ID of a project; the responses have it also if the request has the number. */
  private static String projectId(World world, String idOrNumber) {
    return world.findProject(idOrNumber).orElseThrow(() -> notFound("projects/" + idOrNumber));
  }

  private static void requireNameOrId(String text) {
    if (!VmInstance.NAME_OR_ID.matcher(text).matches()) {
      throw GoogleErrors.invalid(
          "Invalid value for field 'instance': '%s'. Must be a match of regex '%s'"
              .formatted(text, VmInstance.NAME_OR_ID));
    }
  }

  private static void requireAllowed(
      World world, Caller caller, String permission, Resource resource) {
    if (!world.permissions().allows(caller.principal(), permission, resource)) {
      throw GoogleErrors.computePermissionDenied(permission, resource.name());
    }
  }

  private static List<VmInstance> instances(
      World world, String projectId, Predicate<VmInstance> filter) {
    return world.instances().stream()
        .filter(vm -> vm.projectId().equals(projectId))
        .filter(filter)
        .sorted(Comparator.comparing(InstanceProtos::name))
        .toList();
  }

  private static Page<VmInstance> page(
      String id, List<VmInstance> all, int maxResults, String pageToken) {
    return Page.find(id, all, InstanceProtos::name, pageSize(maxResults), pageToken)
        .orElseThrow(() -> invalid("pageToken", pageToken));
  }

  private static int pageSize(int maxResults) {
    if (maxResults < 0 || maxResults > LARGEST_PAGE) {
      throw invalid("maxResults", Integer.toString(maxResults));
    }
    return maxResults == 0 ? LARGEST_PAGE : maxResults;
  }

  /** Creates the error for a parameter; what follows the value in Google's text is unverified. */
  private static RpcException invalid(String field, String value) {
    return GoogleErrors.invalid("Invalid value for field '" + field + "': '" + value + "'.");
  }

  private static RpcException notFound(String resource) {
    return new RpcException(Code.NOT_FOUND, "The resource '" + resource + "' was not found");
  }
}
