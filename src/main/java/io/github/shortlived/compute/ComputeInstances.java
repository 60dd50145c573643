package io.github.shortlived.compute;

import com.google.api.gax.httpjson.HttpJsonCallContext;
import com.google.api.gax.rpc.TransportChannelProvider;
import com.google.cloud.compute.v1.Instance;
import com.google.cloud.compute.v1.InstanceList;
import com.google.cloud.compute.v1.InstancesClient;
import com.google.cloud.compute.v1.InstancesSettings;
import com.google.cloud.compute.v1.ListInstancesRequest;
import io.github.shortlived.InternalCredentials;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.internal.client.ClientContext;
import io.github.shortlived.internal.client.Description;
import io.github.shortlived.internal.client.GoogleApiClient;
import io.github.shortlived.internal.client.SourceCredentials;
import io.github.shortlived.internal.failure.ServiceFailure;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.InternalExceptions;
import io.github.shortlived.model.RequiredGrant;
import io.github.shortlived.model.Scopes;
import io.github.shortlived.model.Target;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A client that lists Compute Engine instances as a target of {@link ShortLivedCredentials}. It
 * requests the access token of the target with the first page, and again when the token expires.
 *
 * <p>The target needs the permission {@code compute.instances.list} in the project, which is part
 * of {@code roles/compute.viewer}. Thread-safe. Calls block and throw {@link CredentialException}s.
 * After this or the credentials are closed they throw {@link IllegalStateException}.
 *
 * @see <a
 *     href="https://cloud.google.com/compute/docs/reference/rest/v1/instances/list">instances.list</a>
 */
public final class ComputeInstances implements AutoCloseable {
  private final GoogleApiClient<InstancesClient> client;
  private final ClientContext context;
  private final ShortLivedCredentials credentials;
  private final Target target;
  private volatile boolean closed;

  private ComputeInstances(
      GoogleApiClient<InstancesClient> client,
      ClientContext context,
      ShortLivedCredentials credentials,
      Target target) {
    this.client = client;
    this.context = context;
    this.credentials = credentials;
    this.target = target;
  }

  /**
   * Creates a client that calls as this target of these credentials, with their endpoints, retry
   * policy and listener.
   *
   * @throws CredentialException.UnmetDependency if the library google-cloud-compute is missing
   */
  public static ComputeInstances using(ShortLivedCredentials credentials, Target target) {
    Objects.requireNonNull(credentials, "credentials");
    Objects.requireNonNull(target, "target");
    try {
      return connect(credentials, target);
    } catch (IOException e) {
      throw InternalExceptions.translate(e, "Starting the Compute Engine client");
    } catch (RuntimeException | Error e) {
      InternalExceptions.throwIfUnmetDependency(e);
      throw e;
    }
  }

  private static ComputeInstances connect(ShortLivedCredentials credentials, Target target)
      throws IOException {
    SourceCredentials caller =
        SourceCredentials.of(
            credentials.googleCredentials(target, Scopes.CLOUD_PLATFORM), Scopes.CLOUD_PLATFORM);
    ClientContext context = InternalCredentials.context(credentials).withSource(caller);
    return new ComputeInstances(Connection.to(context), context, credentials, target);
  }

  /**
   * Returns the instances of a zone, in the order of the service. Fetches the first page at once,
   * and each following page when the stream reaches it; both block.
   *
   * @param project the project ID, such as {@code my-project}
   * @param zone the zone, such as {@code us-west1-a}
   * @throws CredentialException if a page cannot be fetched; the stream throws it for later pages
   */
  public Stream<Instance> list(String project, String zone) {
    Objects.requireNonNull(project, "project");
    Objects.requireNonNull(zone, "zone");
    try {
      return instances(project, zone);
    } catch (RuntimeException | Error e) {
      InternalExceptions.throwIfUnmetDependency(e);
      throw e;
    }
  }

  private Stream<Instance> instances(String project, String zone) {
    ListInstancesRequest first =
        ListInstancesRequest.newBuilder().setProject(project).setZone(zone).build();
    return Stream.iterate(
            Optional.of(page(first)),
            Optional::isPresent,
            page -> page.flatMap(p -> next(first, p)))
        .flatMap(page -> page.orElseThrow().getItemsList().stream());
  }

  private Optional<InstanceList> next(ListInstancesRequest first, InstanceList page) {
    return page.getNextPageToken().isEmpty()
        ? Optional.empty()
        : Optional.of(page(first.toBuilder().setPageToken(page.getNextPageToken()).build()));
  }

  private InstanceList page(ListInstancesRequest request) {
    if (closed) {
      throw new IllegalStateException("These ComputeInstances are closed");
    }
    try {
      return fetch(request);
    } catch (CredentialException e) {
      InternalCredentials.checkOpen(credentials); // The source did not fail; it is closed.
      throw e;
    }
  }

  private InstanceList fetch(ListInstancesRequest request) {
    String action =
        "Listing the instances of %s in %s".formatted(request.getZone(), request.getProject());
    return context.call(
        action,
        deadline ->
            client.call(
                "instances.list",
                InstancesClient::listCallable,
                request,
                context.source(),
                deadline),
        ComputeInstances::isRetryable,
        List::<RequiredGrant>of);
  }

  /** A token that could not be issued was retried already: these credentials are the source. */
  private static boolean isRetryable(ServiceFailure failure) {
    return failure.retryable() && !failure.bySource();
  }

  /** Closes the connection. The credentials stay open. */
  @Override
  public void close() {
    closed = true;
    client.close();
  }

  /** {@return the target, the credentials, and whether it is closed; no call} */
  @Override
  public String toString() {
    return Description.of(getClass())
        .with("target", target)
        .with("credentials", credentials)
        .closed(closed)
        .toString();
  }

  /** A class of its own, so that this one can be loaded without the optional libraries. */
  private static final class Connection {
    static GoogleApiClient<InstancesClient> to(ClientContext context) throws IOException {
      URI endpoint = context.endpoints().compute();
      TransportChannelProvider channel =
          GoogleApiClient.httpJsonTo(
              endpoint,
              context.transports().create(),
              InstancesSettings.defaultHttpJsonTransportProviderBuilder());
      InstancesSettings settings =
          GoogleApiClient.settings(InstancesSettings.newBuilder(), channel);
      return new GoogleApiClient<>(
          InstancesClient.create(settings), HttpJsonCallContext.createDefault(), endpoint);
    }
  }
}
