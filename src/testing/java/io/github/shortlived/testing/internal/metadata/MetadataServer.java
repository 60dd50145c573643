package io.github.shortlived.testing.internal.metadata;

import com.google.api.client.http.GenericUrl;
import com.google.common.base.Splitter;
import io.github.shortlived.testing.internal.error.RpcException;
import io.github.shortlived.testing.internal.http.ErrorEnvelope;
import io.github.shortlived.testing.internal.http.HttpCall;
import io.github.shortlived.testing.internal.http.HttpReply;
import io.github.shortlived.testing.internal.http.HttpRoute;
import io.github.shortlived.testing.internal.http.PathPattern;
import io.github.shortlived.testing.internal.metadata.MetadataNode.Folder;
import io.github.shortlived.testing.internal.metadata.MetadataNode.Token;
import io.github.shortlived.testing.internal.metadata.MetadataNode.Value;
import io.github.shortlived.testing.internal.world.World;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The metadata server of a virtual machine, which issues the tokens of the attached service
 * account. The texts of the errors are unverified.
 *
 * @see <a href="https://cloud.google.com/compute/docs/metadata/querying-metadata">Querying
 *     metadata</a>
 */
public final class MetadataServer {
  /** The path of the tree of all metadata. */
  public static final String TREE = "/computeMetadata";

  private static final String V1 = TREE + "/v1/";

  /** The keys and folders that a virtual machine has and the emulator has not. */
  private static final Set<String> NOT_EMULATED =
      Set.of(
          V1 + "instance/credentials",
          V1 + "instance/gce-workload-certificates",
          V1 + "instance/guest-attributes",
          V1 + "instance/legacy-endpoint-access",
          V1 + "instance/partner-attributes",
          V1 + "instance/shutdown-details",
          V1 + "instance/upcoming-maintenance",
          V1 + "instance/workload-certificates-config-status",
          V1 + "instance/workload-identities",
          V1 + "instance/workload-trusted-root-certs",
          V1 + "oslogin");

  private static final String ROOT = "/";
  private static final String FLAVOR = "Metadata-Flavor";
  private static final String GOOGLE = "Google";
  private static final Splitter SLASHES = Splitter.on('/').omitEmptyStrings();

  private MetadataServer() {}

  /** Returns the route that Google's libraries call to detect a metadata server. */
  public static Stream<HttpRoute> root() {
    return Stream.of(HttpRoute.of("GET", ROOT, MetadataServer::serve));
  }

  public static Stream<HttpRoute> tree() {
    return Stream.of(new HttpRoute("GET", V1, MetadataServer::match, MetadataServer::serve));
  }

  private static HttpReply serve(World world, HttpCall call, Map<String, String> none) {
    return marked(guarded(world, call));
  }

  /** Returns an error as text: only its values are JSON. */
  public static HttpReply error(RpcException error) {
    return marked(
        MetadataReply.error(ErrorEnvelope.of(error).status(), error.status().getMessage()));
  }

  private static HttpReply marked(HttpReply reply) {
    return reply.with(FLAVOR, GOOGLE).with("Server", "Metadata Server for VM");
  }

  private static Optional<Map<String, String>> match(String path) {
    return isAtOrBelow(path, TREE) && NOT_EMULATED.stream().noneMatch(key -> isAtOrBelow(path, key))
        ? Optional.of(Map.of())
        : Optional.empty();
  }

  private static boolean isAtOrBelow(String path, String key) {
    return path.equals(key) || path.startsWith(key + "/");
  }

  /**
   * Requires a header that a web page cannot set, except for the root, and refuses calls through a
   * proxy.
   */
  private static HttpReply guarded(World world, HttpCall call) {
    boolean hasFlavor =
        call.path().equals(ROOT) || call.header(FLAVOR).filter(GOOGLE::equals).isPresent();
    boolean isForwarded = call.header("X-Forwarded-For").isPresent();
    return hasFlavor && !isForwarded
        ? served(world, call)
        : MetadataReply.error(403, "Your client does not have permission to get this URL.");
  }

  private static HttpReply served(World world, HttpCall call) {
    MetadataQuery query = new MetadataQuery(call);
    return query.waits()
        ? ChangeWatch.await(() -> current(world, query), query.lastEtag(), query.timeout())
        : current(world, query);
  }

  private static HttpReply current(World world, MetadataQuery query) {
    HttpCall call = query.call();
    @Nullable MetadataNode node = find(world, call.path());
    boolean asFolder = call.path().endsWith("/");
    if (node instanceof Folder folder) {
      return asFolder ? query.reply(folder) : moved(call);
    }
    if (node == null || asFolder) {
      return MetadataReply.error(404, "The requested URL was not found on this server.");
    }
    return node instanceof Token token ? token.issuer().apply(call) : query.reply((Value) node);
  }

  /** Redirects to the folder with the same parameters. */
  private static HttpReply moved(HttpCall call) {
    GenericUrl url = new GenericUrl();
    url.setPathParts(GenericUrl.toPathParts(call.path() + "/"));
    url.putAll(call.query());
    return MetadataReply.error(301, "The folder has a slash at its end.")
        .with("Location", url.buildRelativeUrl());
  }

  private static @Nullable MetadataNode find(World world, String path) {
    @Nullable MetadataNode node = new MetadataTree(world).root();
    for (String name : SLASHES.split(path)) {
      node = node instanceof Folder folder ? folder.children().get(PathPattern.decode(name)) : null;
    }
    return node;
  }
}
