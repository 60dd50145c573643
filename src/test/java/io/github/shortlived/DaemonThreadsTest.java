package io.github.shortlived;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.PROJECT;
import static io.github.shortlived.DemoProject.TARGET;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Predicates;
import io.github.shortlived.compute.ComputeInstances;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.model.Member;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks that a program ends even if it does not call {@code close()}. */
class DaemonThreadsTest {
  private static final CrossAccountGrant GRANT = CrossAccountGrant.tokenCreator(CALLER).on(TARGET);

  private final DemoProject demo = new DemoProject();

  @BeforeEach
  void grant() {
    demo.grants().apply(GRANT);
    demo.emulator().addProjectBinding(PROJECT, "roles/compute.viewer", Member.of(TARGET).id());
  }

  @AfterEach
  void close() {
    demo.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void issue_eachTransport_startsOnlyDaemons(boolean grpc) {
    Set<Thread> before = threads();
    try (ShortLivedCredentials credentials = demo.caller(grpc)) {
      credentials.accessToken(TARGET, CLOUD_PLATFORM);
      credentials.idToken(TARGET, "https://service.example.com");
      credentials.signBlob(TARGET, new byte[] {1});
      assertThat(started(before)).isNotEmpty().allMatch(Thread::isDaemon);
    }
  }

  @Test
  void list_instances_startsOnlyDaemons() {
    Set<Thread> before = threads();
    try (ShortLivedCredentials credentials = demo.caller(false);
        ComputeInstances compute = ComputeInstances.using(credentials, TARGET)) {
      assertThat(compute.list(PROJECT, "us-west1-a")).isNotEmpty();
      assertThat(started(before)).isNotEmpty().allMatch(Thread::isDaemon);
    }
  }

  @Test
  void apply_grant_startsOnlyDaemons() {
    Set<Thread> before = threads();
    try (ShortLivedCredentials admin = demo.emulator().credentialsFor(DemoProject.ADMIN);
        Grants grants = Grants.using(admin)) {
      grants.revoke(GRANT);
      assertThat(started(before)).isNotEmpty().allMatch(Thread::isDaemon);
    }
  }

  private static List<Thread> started(Set<Thread> before) {
    return threads().stream().filter(Predicates.in(before).negate()).toList();
  }

  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet();
  }
}
