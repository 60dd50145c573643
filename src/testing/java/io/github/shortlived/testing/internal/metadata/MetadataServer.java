package io.github.shortlived.testing.internal.metadata;

import com.google.common.base.Splitter;
import io.github.shortlived.testing.internal.error.RpcException;
import io.github.shortlived.testing.internal.http.ErrorEnvelope;
import io.github.shortlived.testing.internal.http.HttpCall;
import io.github.shortlived.testing.internal.http.HttpReply;
import io.github.shortlived.testing.internal.http.HttpRoute;
import io.github.shortlived.testing.internal.http.PathPattern;
import io.github.shortlived.testing.internal.world.World;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The metadata server of a virtual machine, which issues the tokens of the attached service
 * account. The texts of its refusals are unverified.
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
  public static HttpReply error(RpcException refusal) {
    int status = ErrorEnvelope.of(refusal).status();
    return marked(HttpReply.text(status, refusal.status().getMessage() + "\n"));
  }

  private static HttpReply marked(HttpReply reply) {
    return reply.with(FLAVOR, GOOGLE);
  }

  private static Optional<Map<String, String>> isInTree(String path) {
    return path.equals(ROOT) || path.startsWith(ROOT + "/")
        ? Optional.of(Map.of())
        : Optional.empty();
  }

  /** Google's libraries call the root to find out whether there is a metadata server. */
  private static HttpReply root(HttpCall call) {
    return isForwarded(call) ? forbidden() : HttpReply.text(200, "computeMetadata/\n");
  }

  /** A web page in a browser can set neither header; a proxy sets the second. */
  private static HttpReply guarded(World world, HttpCall call) {
    boolean isMeant = call.header(FLAVOR).filter(GOOGLE::equals).isPresent();
    return isMeant && !isForwarded(call) ? found(world, call) : forbidden();
  }

  private static HttpReply found(World world, HttpCall call) {
    return find(world, call.path())
        .map(node -> shown(node, call))
        .orElseGet(MetadataServer::notFound);
  }

  private static Optional<MetadataNode> find(World world, String path) {
    Optional<MetadataNode> node = Optional.of(new MetadataTree(world).root());
    for (String name : SLASHES.split(path.substring(ROOT.length()))) {
      node = node.flatMap(parent -> child(parent, name));
    }
    return node;
  }

  private static Optional<MetadataNode> child(MetadataNode parent, String name) {
    return parent instanceof MetadataNode.Folder folder
        ? Optional.ofNullable(folder.children().get(PathPattern.decode(name)))
        : Optional.empty();
  }

  private static HttpReply shown(MetadataNode node, HttpCall call) {
    boolean asFolder = call.path().endsWith("/");
    if (node instanceof MetadataNode.Folder folder) {
      return asFolder ? shown(folder, call) : movedInto(call);
    }
    return asFolder ? notFound() : leaf(node, call);
  }

  private static HttpReply shown(MetadataNode.Folder folder, HttpCall call) {
    return isTrue(call, "recursive")
        ? folder.json().map(MetadataServer::json).orElseGet(MetadataServer::notFound)
        : HttpReply.text(200, folder.listing());
  }

  private static HttpReply leaf(MetadataNode node, HttpCall call) {
    if (node instanceof MetadataNode.Token token) {
      return token.maker().apply(call);
    }
    boolean asJson = call.parameter("alt").filter("json"::equals).isPresent();
    return node instanceof MetadataNode.Value value && !asJson
        ? HttpReply.text(200, value.text())
        : node.json().map(MetadataServer::json).orElseGet(MetadataServer::notFound);
  }

  private static HttpReply json(Object json) {
    return HttpReply.json(200, json.toString());
  }

  private static boolean isTrue(HttpCall call, String parameter) {
    return call.parameter(parameter).filter("true"::equalsIgnoreCase).isPresent();
  }

  private static boolean isForwarded(HttpCall call) {
    return call.header("X-Forwarded-For").isPresent();
  }

  private static HttpReply movedInto(HttpCall call) {
    return HttpReply.text(301, "").with("Location", call.path() + "/");
  }

  private static HttpReply forbidden() {
    return HttpReply.text(403, "Your client does not have permission to get this URL.\n");
  }

  private static HttpReply notFound() {
    return HttpReply.text(404, "The requested URL was not found on this server.\n");
  }
}
