package io.github.shortlived.metrics;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.TARGET;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;

import io.github.shortlived.DemoProject;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.model.CredentialEvent;
import io.github.shortlived.model.Member;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** An application that listens to what it grants and issues, with Micrometer or without. */
public final class ListeningScenario {
  private ListeningScenario() {}

  /** For a class loader, as are both. */
  public static Supplier<String> withListenerOfItsOwn() {
    return () -> {
      List<String> heard = new CopyOnWriteArrayList<>();
      run(event -> heard.add(event.getClass().getSimpleName()));
      return String.join(" ", heard);
    };
  }

  public static Supplier<String> withMeters() {
    return () -> Metered.meters();
  }

  /** Loaded when it is called: that alone asks for Micrometer. */
  private static final class Metered {
    static String meters() {
      SimpleMeterRegistry registry = new SimpleMeterRegistry();
      run(CredentialMetrics.of(registry));
      return registry.getMeters().size() + " meters";
    }
  }

  private static void run(Consumer<CredentialEvent> listener) {
    try (DemoProject demo = new DemoProject();
        ShortLivedCredentials admin = listening(demo, DemoProject.ADMIN, listener);
        Grants grants = Grants.using(admin);
        ShortLivedCredentials caller = listening(demo, Member.of(CALLER), listener)) {
      grants.apply(CrossAccountGrant.tokenCreator(Member.of(CALLER)).on(TARGET));
      caller.accessToken(TARGET, CLOUD_PLATFORM);
    }
  }

  private static ShortLivedCredentials listening(
      DemoProject demo, Member member, Consumer<CredentialEvent> listener) {
    return ShortLivedCredentials.builder()
        .source(demo.emulator().googleCredentials(member.id()))
        .endpoints(demo.emulator().endpoints())
        .listener(listener)
        .build();
  }
}
