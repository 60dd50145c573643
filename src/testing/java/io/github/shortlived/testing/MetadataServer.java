package io.github.shortlived.testing;

import com.google.common.base.Splitter;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The metadata server that a virtual machine asks for its account's tokens. Texts of its refusals
 * are unverified.
 *
 * @see <a href="https://cloud.google.com/compute/docs/metadata/querying-metadata">Querying
 *     metadata</a>
 */
final class MetadataServer {
  private static final String ROOT = "/computeMetadata/v1";
  static final String FLAVOR = "Metadata-Flavor";
  static final String GOOGLE = "Google";
  private static final Splitter SLASHES = Splitter.on('/').omitEmptyStrings();

  private final MetadataTree tree;

  MetadataServer(World world) {
    this.tree = new MetadataTree(world);
  }

  Stream<HttpRoute> routes() {
    return Stream.of(
        route("/", this::root), route(Pattern.quote(ROOT) + "(?:/.*)?", this::guarded));
  }

  private static HttpRoute route(String regex, Endpoint endpoint) {
    return new HttpRoute(
        "GET",
        new PathPattern(Pattern.compile(regex), List.of()),
        (call, none) -> endpoint.serve(call).with(FLAVOR, GOOGLE));
  }

  private interface Endpoint {
    HttpReply serve(HttpCall call);
  }

  /** Tells everyone that this is a metadata server: Google's libraries look for it here. */
  private HttpReply root(HttpCall call) {
    return isForwarded(call) ? forbidden() : HttpReply.text(200, "computeMetadata/\n");
  }

  /** A page in a browser can set neither header, and a proxy sets the second. */
  private HttpReply guarded(HttpCall call) {
    boolean isMeant = call.header(FLAVOR).filter(GOOGLE::equals).isPresent();
    return isMeant && !isForwarded(call) ? found(call) : forbidden();
  }

  private HttpReply found(HttpCall call) {
    return find(call.path()).map(node -> shown(node, call)).orElseGet(MetadataServer::notFound);
  }

  private Optional<MetadataNode> find(String path) {
    Optional<MetadataNode> node = Optional.of(tree.root());
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
