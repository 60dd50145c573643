package io.github.shortlived.metrics;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.TARGET;
import static io.github.shortlived.model.Scopes.CLOUD_PLATFORM;

import io.github.shortlived.DemoProject;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.grant.Grants;
import io.github.shortlived.logging.CredentialLog;
import io.github.shortlived.model.CredentialEvent;
import io.github.shortlived.model.Member;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** An application that listens to its grants and credentials, with or without Micrometer. */
public final class ListeningScenario {
  private ListeningScenario() {}

  /** Runs the method of this name in the class of this loader, and returns its result as text. */
  public static String outcome(ClassLoader loader, String kind) throws Exception {
    Class<?> scenario = loader.loadClass(ListeningScenario.class.getName());
    return String.valueOf(((Supplier<?>) scenario.getMethod(kind).invoke(null)).get());
  }

  /** Runs without Micrometer. Public, because a test class loader calls it. */
  public static Supplier<String> withOwnListener() {
    return () -> {
      List<String> received = new CopyOnWriteArrayList<>();
      run(event -> received.add(event.getClass().getSimpleName()));
      return String.join(" ", received);
    };
  }

  public static Supplier<String> withMeters() {
    return () -> Metered.meters();
  }

  public static Supplier<String> withLog() {
    return () -> Logged.log();
  }

  /** The only class that needs SLF4J; loaded when it is called. */
  private static final class Logged {
    static String log() {
      CredentialLog log = CredentialLog.create();
      run(log);
      return log.toString();
    }
  }

  /** The only class that needs Micrometer; loaded when it is called. */
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
