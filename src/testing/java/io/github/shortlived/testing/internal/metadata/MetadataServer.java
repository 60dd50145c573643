package io.github.shortlived.testing.internal.metadata;

import com.google.common.base.Splitter;
import io.github.shortlived.testing.internal.error.RpcException;
import io.github.shortlived.testing.internal.http.ErrorEnvelope;
import io.github.shortlived.testing.internal.http.HttpCall;
import io.github.shortlived.testing.internal.http.HttpReply;
import io.github.shortlived.testing.internal.http.HttpRoute;
import io.github.shortlived.testing.internal.http.PathPattern;
import io.github.shortlived.testing.internal.metadata.MetadataNode.Folder;
import io.github.shortlived.testing.internal.world.World;
import java.util.Map;
import java.util.Optional;
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
  private static final String ROOT = "/computeMetadata/v1";
  private static final String FLAVOR = "Metadata-Flavor";
  private static final String GOOGLE = "Google";
  private static final Splitter SLASHES = Splitter.on('/').omitEmptyStrings();

  private MetadataServer() {}

  public static Stream<HttpRoute> routes() {
    return Stream.of(
        new HttpRoute("GET", PathPattern.of("/"), (world, call, none) -> marked(root(call))),
        new HttpRoute(
            "GET", MetadataServer::isInTree, (world, call, none) -> marked(guarded(world, call))));
  }

  /** Returns an error as plain text. */
  public static HttpReply error(RpcException error) {
    int status = ErrorEnvelope.of(error).status();
    return marked(HttpReply.text(status, error.status().getMessage() + "\n"));
  }

  private static HttpReply marked(HttpReply reply) {
    return reply.with(FLAVOR, GOOGLE);
  }

  private static Optional<Map<String, String>> isInTree(String path) {
    return path.equals(ROOT) || path.startsWith(ROOT + "/")
        ? Optional.of(Map.of())
        : Optional.empty();
  }

  /** Google's libraries call the root to detect a metadata server. */
  private static HttpReply root(HttpCall call) {
    return isForwarded(call) ? forbidden() : HttpReply.text(200, "computeMetadata/\n");
  }

  /** Requires a header that a web page cannot set, and refuses calls through a proxy. */
  private static HttpReply guarded(World world, HttpCall call) {
    boolean hasFlavor = call.header(FLAVOR).filter(GOOGLE::equals).isPresent();
    return hasFlavor && !isForwarded(call) ? found(world, call) : forbidden();
  }

  private static HttpReply found(World world, HttpCall call) {
    @Nullable MetadataNode node = find(world, call.path());
    boolean asFolder = call.path().endsWith("/");
    if (node instanceof Folder folder) {
      return asFolder
          ? shown(folder, call)
          : HttpReply.text(301, "").with("Location", call.path() + "/");
    }
    return node == null || asFolder
        ? HttpReply.text(404, "The requested URL was not found on this server.\n")
        : leaf(node, call);
  }

  private static @Nullable MetadataNode find(World world, String path) {
    @Nullable MetadataNode node = new MetadataTree(world).root();
    for (String name : SLASHES.split(path.substring(ROOT.length()))) {
      node = node instanceof Folder folder ? folder.children().get(PathPattern.decode(name)) : null;
    }
    return node;
  }

  private static HttpReply shown(Folder folder, HttpCall call) {
    return call.parameter("recursive").filter("true"::equalsIgnoreCase).isPresent()
        ? HttpReply.json(200, folder.json())
        : HttpReply.text(200, folder.listing());
  }

  private static HttpReply leaf(MetadataNode node, HttpCall call) {
    if (node instanceof MetadataNode.Token token) {
      return token.issuer().apply(call);
    }
    MetadataNode.Value value = (MetadataNode.Value) node;
    return call.parameter("alt").filter("json"::equals).isPresent()
        ? HttpReply.json(200, value.json().toString())
        : HttpReply.text(200, value.text());
  }

  private static boolean isForwarded(HttpCall call) {
    return call.header("X-Forwarded-For").isPresent();
  }

  private static HttpReply forbidden() {
    return HttpReply.text(403, "Your client does not have permission to get this URL.\n");
  }
}
