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
  private static final String TREE = "/computeMetadata";
  private static final String FLAVOR = "Metadata-Flavor";
  private static final String GOOGLE = "Google";
  private static final Splitter SLASHES = Splitter.on('/').omitEmptyStrings();

  private MetadataServer() {}

  public static Stream<HttpRoute> routes() {
    return Stream.of(
        new HttpRoute(
            "GET", MetadataServer::isServed, (world, call, none) -> marked(guarded(world, call))));
  }

  /** Returns an error as text: only its values are JSON. */
  public static HttpReply error(RpcException error) {
    return marked(
        MetadataReply.error(ErrorEnvelope.of(error).status(), error.status().getMessage()));
  }

  private static HttpReply marked(HttpReply reply) {
    return reply.with(FLAVOR, GOOGLE).with("Server", "Metadata Server for VM");
  }

  private static Optional<Map<String, String>> isServed(String path) {
    return isRoot(path) || path.equals(TREE) || path.startsWith(TREE + "/")
        ? Optional.of(Map.of())
        : Optional.empty();
  }

  /** Google's libraries call the root to detect a metadata server. */
  private static boolean isRoot(String path) {
    return path.equals("/");
  }

  /**
   * Requires a header that a web page cannot set, except for the root, and refuses calls through a
   * proxy.
   */
  private static HttpReply guarded(World world, HttpCall call) {
    boolean hasFlavor =
        isRoot(call.path()) || call.header(FLAVOR).filter(GOOGLE::equals).isPresent();
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
