package io.github.shortlived.compute;

import com.google.api.gax.core.FixedCredentialsProvider;
import com.google.api.gax.rpc.ApiException;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.cloud.compute.v1.Instance;
import com.google.cloud.compute.v1.InstancesClient;
import com.google.cloud.compute.v1.InstancesSettings;
import com.google.common.collect.AbstractIterator;
import com.google.common.collect.Streams;
import io.github.shortlived.CredentialException;
import io.github.shortlived.Scopes;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.Target;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Lists Compute Engine instances as a target of {@link ShortLivedCredentials}: its access token is
 * issued when the first page is asked for and renewed when it runs out.
 *
 * <p>The target needs {@code compute.instances.list} in the project, as in {@code
 * roles/compute.viewer}. Thread-safe. Failures are {@link CredentialException}s. Works until the
 * credentials are closed.
 *
 * @see <a
 *     href="https://cloud.google.com/compute/docs/reference/rest/v1/instances/list">instances.list</a>
 */
public final class ComputeInstances implements AutoCloseable {
  private final InstancesClient client;

  private ComputeInstances(InstancesClient client) {
    this.client = client;
  }

  /** Lists as this target of these credentials, at their Compute Engine endpoint. */
  public static ComputeInstances using(ShortLivedCredentials credentials, Target target) {
    GoogleCredentials issued = credentials.googleCredentials(target, Scopes.CLOUD_PLATFORM);
    try {
      InstancesSettings.Builder settings = InstancesSettings.newBuilder();
      settings.setCredentialsProvider(FixedCredentialsProvider.create(issued));
      settings.setTransportChannelProvider(
          InstancesSettings.defaultHttpJsonTransportProviderBuilder()
              .setHttpTransport(credentials.httpTransportFactory().create())
              .setEndpoint(credentials.endpoints().compute().toString())
              .build());
      return new ComputeInstances(InstancesClient.create(settings.build()));
    } catch (IOException e) {
      throw CredentialException.from(e, "Starting the Compute Engine client", List.of());
    }
  }

  /**
   * Streams the instances of a zone, in the order of the service. The first page is fetched here,
   * each further one when the stream comes to it; both block.
   *
   * @param project the project id, such as {@code my-project}
   * @param zone such as {@code us-west1-a}
   * @throws CredentialException if a page cannot be fetched, also while the stream is read
   */
  public Stream<Instance> list(String project, String zone) {
    String action = "Listing the instances of %s in %s".formatted(zone, project);
    Iterator<Instance> instances =
        translated(action, () -> client.list(project, zone).iterateAll().iterator());
    return Streams.stream(
        new AbstractIterator<>() {
          @Override
          protected @Nullable Instance computeNext() {
            return translated(action, () -> instances.hasNext() ? instances.next() : endOfData());
          }
        });
  }

  private static <T extends @Nullable Object> T translated(String action, Supplier<T> call) {
    try {
      return call.get();
    } catch (ApiException e) {
      throw CredentialException.from(e, action, List.of());
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
