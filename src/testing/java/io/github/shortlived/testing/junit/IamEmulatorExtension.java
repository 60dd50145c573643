package io.github.shortlived.testing.junit;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.testing.EmulatorBuilder;
import io.github.shortlived.testing.IamEmulator;
import io.github.shortlived.testing.InternalEmulator;
import io.github.shortlived.testing.internal.world.ShortAccountNames;
import java.lang.reflect.Constructor;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives JUnit tests an {@link IamEmulator}, for a field with {@code @RegisterExtension}. In a
 * static field it serves the tests of a class with one emulator, which stands as declared again
 * before each of them; in an instance field every test has an emulator of its own. An emulator
 * starts when a test first asks for it and stops after the class, or after the test.
 *
 * <p>Tests and methods with {@code @BeforeEach} or {@code @AfterEach} may have parameters: an
 * {@code IamEmulator}, and {@link ShortLivedCredentials} with {@link CallingAs}, which are closed
 * after the test. Methods with {@code @BeforeAll} may have an {@code IamEmulator}, to learn where
 * it is: what they change there is gone before the first test.
 *
 * <p>Compiled against JUnit Jupiter 5.14, also runs on 6; the emulator alone needs no JUnit. Safe
 * for concurrent use: tests that run at the same time, of one class or of several, have one
 * emulator each. The methods block while an emulator starts.
 */
public final class IamEmulatorExtension
    implements BeforeAllCallback,
        AfterAllCallback,
        BeforeEachCallback,
        AfterEachCallback,
        ParameterResolver {
  private final Namespace namespace = Namespace.create(this);
  private final CurrentSession sessions = new CurrentSession();
  private final Supplier<IamEmulator> starter;

  private IamEmulatorExtension(Supplier<IamEmulator> starter) {
    this.starter = starter;
  }

  /**
   * An extension whose emulators start with the world of {@link IamEmulator#demo()}.
   *
   * @return the extension, for a field with {@code @RegisterExtension}
   */
  public static IamEmulatorExtension create() {
    return new IamEmulatorExtension(() -> IamEmulator.demo().start());
  }

  /**
   * An extension whose emulators start with a world of your own.
   *
   * @param world declares it on the builder of an empty world, as in {@code world ->
   *     world.serviceAccount(..)}, or in a block that returns it; called for every emulator that
   *     starts
   * @return the extension, for a field with {@code @RegisterExtension}
   */
  public static IamEmulatorExtension create(UnaryOperator<EmulatorBuilder> world) {
    Objects.requireNonNull(world, "world");
    return new IamEmulatorExtension(() -> world.apply(IamEmulator.builder()).start());
  }

  /**
   * The emulator of the test on this thread; on a thread that a test started, of the one test that
   * is running.
   *
   * @return the running emulator, which the extension closes
   * @throws IllegalStateException if no test is running, or several are and this thread belongs to
   *     none of them
   */
  public IamEmulator emulator() {
    return sessions.current().emulator();
  }

  /**
   * Credentials that call the emulator as a service account, without a key.
   *
   * @param caller a service account of its world, named by its email address
   * @return credentials over HTTP/JSON, which the extension closes after the test
   * @throws IllegalArgumentException if there is no such account
   * @throws IllegalStateException outside of a test, as for {@link #emulator()}, and in methods
   *     with {@code @BeforeAll}
   */
  public ShortLivedCredentials credentialsFor(ServiceAccount caller) {
    return credentialsFor(Member.of(caller));
  }

  /**
   * Credentials that call the emulator as a user or service account.
   *
   * @param caller {@code user:EMAIL} or {@code serviceAccount:EMAIL}
   * @return credentials over HTTP/JSON, which the extension closes after the test
   * @throws IllegalArgumentException if the member is neither, or no such service account exists
   * @throws IllegalStateException outside of a test, as for {@link #emulator()}, and in methods
   *     with {@code @BeforeAll}
   */
  public ShortLivedCredentials credentialsFor(Member caller) {
    return sessions.current().credentialsFor(caller);
  }

  /** Makes room for the emulators of a class; for JUnit to call. */
  @Override
  public void beforeAll(ExtensionContext context) {
    begin(context, EmulatorSession.ofClass(pool(context)));
  }

  /** Stops the emulators of a class; for JUnit to call. */
  @Override
  public void afterAll(ExtensionContext context) {
    end(context);
  }

  /** Makes room for the emulator of a test; for JUnit to call. */
  @Override
  public void beforeEach(ExtensionContext context) {
    begin(context, EmulatorSession.ofTest(pool(context)));
  }

  /** Closes what a test was given; for JUnit to call. */
  @Override
  public void afterEach(ExtensionContext context) {
    end(context);
  }

  /** Whether this is a parameter the extension gives a value; for JUnit to call. */
  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == IamEmulator.class || parameter.isAnnotated(CallingAs.class);
  }

  /** The value of such a parameter; for JUnit to call. */
  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    EmulatorSession session = store(context).get(EmulatorSession.class, EmulatorSession.class);
    if (session == null || parameter.getDeclaringExecutable() instanceof Constructor) {
      throw new ParameterResolutionException(
          parameter.getParameter()
              + " comes before the test: make it a parameter of the test or of a method with"
              + " @BeforeEach");
    }
    return parameter
        .findAnnotation(CallingAs.class)
        .<Object>map(caller -> credentials(session, requireCredentials(parameter, caller)))
        .orElseGet(session::emulator);
  }

  private static CallingAs requireCredentials(ParameterContext parameter, CallingAs caller) {
    if (parameter.getParameter().getType() != ShortLivedCredentials.class) {
      throw new ParameterResolutionException(
          parameter.getParameter()
              + " cannot be given: with @CallingAs make it a ShortLivedCredentials, or take an"
              + " IamEmulator and call its googleCredentials(member)");
    }
    return caller;
  }

  private static ShortLivedCredentials credentials(EmulatorSession session, CallingAs caller) {
    ShortAccountNames names = new ShortAccountNames(InternalEmulator.world(session.emulator()));
    return session.credentialsFor(Member.of(names.member(caller.value())));
  }

  /** That of the class, or of the class around it; there is none when a test stands alone. */
  private EmulatorPool pool(ExtensionContext context) {
    EmulatorPool shared = store(context).get(EmulatorPool.class, EmulatorPool.class);
    if (shared != null) {
      return shared;
    }
    EmulatorPool own = new EmulatorPool(starter);
    store(context).put(EmulatorPool.class, own);
    return own;
  }

  private void begin(ExtensionContext context, EmulatorSession session) {
    store(context).put(EmulatorSession.class, session);
    sessions.begin(session);
  }

  /** Finds nothing where another extension failed before this one could begin. */
  private void end(ExtensionContext context) {
    EmulatorSession session = store(context).remove(EmulatorSession.class, EmulatorSession.class);
    if (session != null) {
      sessions.end(session);
      session.close();
    }
    EmulatorPool own = store(context).remove(EmulatorPool.class, EmulatorPool.class);
    if (own != null) {
      own.close();
    }
  }

  private Store store(ExtensionContext context) {
    return context.getStore(namespace);
  }
}
