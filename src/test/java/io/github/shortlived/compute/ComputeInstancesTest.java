package io.github.shortlived.compute;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.PROJECT;
import static io.github.shortlived.DemoProject.TARGET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.cloud.compute.v1.Instance;
import io.github.shortlived.DemoProject;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.model.CredentialException.NotFound;
import io.github.shortlived.model.CredentialException.PermissionDenied;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.Target;
import io.github.shortlived.testing.EmulatorBuilder;
import io.github.shortlived.testing.IamEmulator;
import java.net.HttpURLConnection;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ComputeInstancesTest {
  private static final String ZONE = "us-west1-a";

  private final DemoProject demo = new DemoProject();
  private final ShortLivedCredentials credentials = demo.caller(false);
  private final ComputeInstances compute = ComputeInstances.using(credentials, TARGET);

  @AfterEach
  void close() {
    compute.close();
    credentials.close();
    demo.close();
  }

  @Test
  void list_closedCredentials_throwsIllegalState() {
    try (ComputeInstances self = ComputeInstances.using(credentials, Target.self())) {
      credentials.close();

      for (ComputeInstances each : List.of(self, compute)) {
        assertThatThrownBy(() -> each.list(PROJECT, ZONE))
            .isInstanceOf(IllegalStateException.class)
            .hasMessage("These ShortLivedCredentials are closed");
      }
    }
  }

  private void grantToken() {
    demo.grants().apply(CrossAccountGrant.tokenCreator(CALLER).on(TARGET));
  }

  private void grantListing() {
    demo.emulator().addProjectBinding(PROJECT, "roles/compute.viewer", Member.of(TARGET).id());
  }

  @Test
  void list_granted_streamsTheZonesInstances() {
    grantToken();
    grantListing();
    assertThat(compute.list(PROJECT, ZONE))
        .extracting(Instance::getName)
        .containsExactly("vm-1", "vm-2");
  }

  @Test
  void list_zoneWithoutInstances_isEmpty() {
    grantToken();
    grantListing();
    assertThat(compute.list(PROJECT, "europe-west4-b")).isEmpty();
  }

  @Test
  void list_targetMayNotList_isRefused() {
    grantToken();
    assertThatThrownBy(() -> compute.list(PROJECT, ZONE))
        .isInstanceOf(PermissionDenied.class)
        .hasMessageContaining("Listing the instances of us-west1-a in demo-project refused: ")
        .hasMessageContaining("compute.instances.list");
  }

  @Test
  void list_callerMayNotActAsTarget_isRefusedWithTheRequiredGrant() {
    grantListing();
    assertThatThrownBy(() -> compute.list(PROJECT, ZONE))
        .isInstanceOf(PermissionDenied.class)
        .hasMessageContaining("add-iam-policy-binding " + TARGET);
  }

  @Test
  void list_unknownProject_isNotFound() {
    grantToken();
    grantListing();
    assertThatThrownBy(() -> compute.list("no-such-project", ZONE)).isInstanceOf(NotFound.class);
  }

  @Test
  void list_severalPages_fetchesEachWhenReached() {
    List<String> paths = new CopyOnWriteArrayList<>();
    EmulatorBuilder world =
        IamEmulator.builder()
            .project(PROJECT)
            .serviceAccount(TARGET.id())
            .projectBinding(PROJECT, "roles/compute.viewer", Member.of(TARGET).id());
    IntStream.range(0, 501).forEach(i -> world.instance(PROJECT, ZONE, "vm-%03d".formatted(i)));
    NetHttpTransport recording =
        new NetHttpTransport.Builder()
            .setConnectionFactory(
                url -> {
                  paths.add(url.getPath());
                  return (HttpURLConnection) url.openConnection();
                })
            .build();
    try (IamEmulator large = world.start();
        ShortLivedCredentials target =
            ShortLivedCredentials.builder()
                .source(large.googleCredentials(Member.of(TARGET).id()))
                .endpoints(large.endpoints())
                .httpTransportFactory(() -> recording)
                .build();
        ComputeInstances instances = ComputeInstances.using(target, Target.self())) {
      Iterator<Instance> all = instances.list(PROJECT, ZONE).iterator();
      IntStream.range(0, 500).forEach(i -> all.next());
      assertThat(paths).hasSize(1);
      assertThat(all.next().getName()).isEqualTo("vm-500");
      assertThat(all.hasNext()).isFalse();
      assertThat(paths).hasSize(2);
    }
  }
}
