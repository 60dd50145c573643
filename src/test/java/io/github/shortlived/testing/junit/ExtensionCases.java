package io.github.shortlived.testing.junit;

import static io.github.shortlived.testing.Demo.ADMIN;
import static io.github.shortlived.testing.Demo.PROJECT;
import static io.github.shortlived.testing.Demo.SA1;
import static io.github.shortlived.testing.Demo.SA2;
import static io.github.shortlived.testing.Demo.TOKEN_CREATOR;
import static io.github.shortlived.testing.Demo.member;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.oauth2.GoogleCredentials;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.Scopes;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.Target;
import io.github.shortlived.testing.Demo;
import io.github.shortlived.testing.IamEmulator;
import io.github.shortlived.testing.InternalEmulator;
import io.github.shortlived.verify.TokenVerification;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An application's test classes, for {@link IamEmulatorExtensionTest} to run. */
public final class ExtensionCases {
  /** The emulators that the tests of a case received, in order. */
  public static final List<IamEmulator> EMULATORS = Collections.synchronizedList(new ArrayList<>());

  public static final List<ShortLivedCredentials> CREDENTIALS =
      Collections.synchronizedList(new ArrayList<>());
  public static final List<TokenVerification> VERIFICATIONS =
      Collections.synchronizedList(new ArrayList<>());
  public static final AtomicInteger STARTED = new AtomicInteger();

  /** Lets two tests that run at the same time wait for each other. */
  static final CyclicBarrier BOTH = new CyclicBarrier(2);

  private static final ServiceAccount TARGET = ServiceAccount.of(SA2);

  private ExtensionCases() {}

  private static void grant(IamEmulator emulator) {
    emulator.addProjectBinding(PROJECT, TOKEN_CREATOR, member(SA1));
  }

  private static void assertRefused(ShortLivedCredentials credentials) {
    assertThatThrownBy(() -> credentials.accessToken(TARGET, Scopes.CLOUD_PLATFORM))
        .isInstanceOf(CredentialException.PermissionDenied.class);
  }

  private static void assertIssued(ShortLivedCredentials credentials) {
    assertThat(credentials.accessToken(TARGET, Scopes.CLOUD_PLATFORM).token()).isNotBlank();
  }

  private static void meet() throws Exception {
    BOTH.await(1, TimeUnit.MINUTES);
  }

  private static void onAnotherThread(Runnable task) {
    CompletableFuture.runAsync(task, another -> new Thread(another).start()).join();
  }

  public static class PerClass {
    @RegisterExtension static final IamEmulatorExtension iam = IamEmulatorExtension.create();

    @RepeatedTest(2)
    void eachTest_startsFromTheDeclaredWorld(@CallingAs("sa-1") ShortLivedCredentials sa1) {
      assertRefused(sa1);
      grant(iam.emulator());
      assertIssued(sa1);
      EMULATORS.add(iam.emulator());
      CREDENTIALS.add(sa1);
      CREDENTIALS.add(iam.credentialsFor(TARGET));
      TokenVerification verification = iam.tokenVerification();
      String token = sa1.idToken(TARGET, "https://orders.example.com").token();
      assertThat(verification.verifyIdToken(token, "https://orders.example.com").email()).isEmpty();
      VERIFICATIONS.add(verification);
    }

    @Nested
    class Inner {
      @Test
      void nestedTest_startsFromTheDeclaredWorld(@CallingAs("sa-1") ShortLivedCredentials sa1) {
        assertRefused(sa1);
        EMULATORS.add(iam.emulator());
      }
    }
  }

  public static class PerTest {
    @RegisterExtension final IamEmulatorExtension iam = IamEmulatorExtension.create();

    @RepeatedTest(2)
    void eachTest_hasItsOwn() {
      EMULATORS.forEach(earlier -> assertThat(Demo.accepts(earlier.httpEndpoint())).isFalse());
      EMULATORS.add(iam.emulator());
    }
  }

  public static class Idle {
    @RegisterExtension
    static final IamEmulatorExtension iam =
        IamEmulatorExtension.create(
            world -> {
              STARTED.incrementAndGet();
              return world;
            });

    @Test
    void test_withoutEmulator_passes() {}
  }

  public static class Parameters {
    @RegisterExtension static final IamEmulatorExtension iam = IamEmulatorExtension.create();
    private IamEmulator before = IamEmulator.builder().start();

    @BeforeEach
    void before(IamEmulator emulator) {
      before.close();
      before = emulator;
    }

    @AfterEach
    void after(IamEmulator emulator) {
      assertThat(emulator).isSameAs(before);
    }

    @Test
    void emulator_everywhereInATest_isTheSame(IamEmulator emulator) {
      assertThat(emulator).isSameAs(before).isSameAs(iam.emulator());
      assertThat(
              CompletableFuture.supplyAsync(iam::emulator, task -> new Thread(task).start()).join())
          .isSameAs(emulator);
    }

    @Test
    void callingAs_everyForm_isThatCaller(
        @CallingAs("sa-1") ShortLivedCredentials byName,
        @CallingAs("sa-1@demo-project.iam.gserviceaccount.com") ShortLivedCredentials byEmail,
        @CallingAs("user:admin@example.com") ShortLivedCredentials byMember) {
      assertThat(caller(byName)).isEqualTo(caller(byEmail)).isEqualTo(member(SA1));
      assertThat(caller(byMember)).isEqualTo(ADMIN);
      assertThat(caller(iam.credentialsFor(Member.of(ADMIN)))).isEqualTo(ADMIN);
    }

    private static String caller(ShortLivedCredentials credentials) {
      String token = credentials.accessToken(Target.self(), Scopes.CLOUD_PLATFORM).token();
      return InternalEmulator.world(iam.emulator())
          .tokens()
          .callerOf(token)
          .orElseThrow()
          .principal()
          .member();
    }
  }

  public static class AroundTheTests {
    @RegisterExtension static final IamEmulatorExtension iam = IamEmulatorExtension.create();

    @BeforeAll
    static void beforeAll(IamEmulator emulator) {
      assertThat(iam.emulator()).isSameAs(emulator);
      assertThatIllegalStateException()
          .isThrownBy(() -> iam.credentialsFor(TARGET))
          .withMessageContaining("@BeforeEach");
      grant(emulator);
    }

    @Test
    void change_beforeAll_isGone(@CallingAs("sa-1") ShortLivedCredentials sa1) {
      assertRefused(sa1);
    }
  }

  /** Two classes that share one extension object. */
  public static class Shared {
    @RegisterExtension static final IamEmulatorExtension iam = IamEmulatorExtension.create();

    @Test
    void sameTime_ownWorld(IamEmulator mine, @CallingAs("sa-1") ShortLivedCredentials sa1)
        throws Exception {
      EMULATORS.add(mine);
      meet();
      assertThat(iam.emulator()).isSameAs(mine);
      assertThatThrownBy(() -> onAnotherThread(iam::emulator))
          .hasMessageContaining("declare an IamEmulator parameter in the test");
      grant(Objects.requireNonNull(EMULATORS.get(0)));
      meet();
      if (mine == EMULATORS.get(0)) {
        assertIssued(sa1);
      } else {
        assertRefused(sa1);
      }
      meet();
    }
  }

  public static class SharedToo extends Shared {}

  /** Two tests of one class. */
  public static class SameClass {
    @RegisterExtension static final IamEmulatorExtension iam = IamEmulatorExtension.create();

    @RepeatedTest(2)
    void sameTime_ownEmulator() throws Exception {
      EMULATORS.add(iam.emulator());
      meet();
    }
  }

  public static class UnknownCaller {
    @RegisterExtension static final IamEmulatorExtension iam = IamEmulatorExtension.create();

    @Test
    void callingAs_unknown(@CallingAs("sa-9") ShortLivedCredentials unknown) {}
  }

  public static class AmbiguousCaller {
    @RegisterExtension
    static final IamEmulatorExtension iam =
        IamEmulatorExtension.create(
            world ->
                world
                    .serviceAccount(SA1)
                    .serviceAccount("sa-1@other-project.iam.gserviceaccount.com"));

    @Test
    void callingAs_ambiguous(@CallingAs("sa-1") ShortLivedCredentials which) {}
  }

  public static class UserWithoutPrefix {
    @RegisterExtension static final IamEmulatorExtension iam = IamEmulatorExtension.create();

    @Test
    void callingAs_user(@CallingAs("admin@example.com") ShortLivedCredentials admin) {}
  }

  public static class OtherType {
    @RegisterExtension static final IamEmulatorExtension iam = IamEmulatorExtension.create();

    @Test
    void callingAs_otherType(@CallingAs("sa-1") GoogleCredentials credentials) {}
  }

  public static class InConstructor {
    @RegisterExtension static final IamEmulatorExtension iam = IamEmulatorExtension.create();

    InConstructor(IamEmulator tooEarly) {}

    @Test
    void test() {}
  }
}
