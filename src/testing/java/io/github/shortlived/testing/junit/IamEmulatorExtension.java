package io.github.shortlived.testing.junit;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.testing.EmulatorBuilder;
import io.github.shortlived.testing.IamEmulator;
import io.github.shortlived.testing.InternalEmulator;
import io.github.shortlived.testing.internal.world.ShortAccountNames;
import io.github.shortlived.verify.TokenVerification;
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
 * Provides JUnit tests with an {@link IamEmulator}, in a field with {@code @RegisterExtension}. In
 * a static field, one emulator serves the tests of a class and is reset before each test; in an
 * instance field, each test has its own emulator. An emulator starts when a test first uses it and
 * stops after the class or the test.
 *
 * <p>Tests and methods with {@code @BeforeEach} or {@code @AfterEach} may have parameters of type
 * {@code IamEmulator}, and of type {@link ShortLivedCredentials} with {@link CallingAs}; the
 * credentials are closed after the test. Methods with {@code @BeforeAll} may have a parameter of
 * type {@code IamEmulator}, to read its endpoints: the reset before the first test undoes changes.
 *
 * <p>Compiled against JUnit Jupiter 5.14; also runs on 6. The emulator alone needs no JUnit. Safe
 * for concurrent use: tests that run at the same time have different emulators. The methods block
 * while an emulator starts.
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

  /** {@return an extension whose emulators start as {@link IamEmulator#demo()} does} */
  public static IamEmulatorExtension create() {
    return new IamEmulatorExtension(() -> IamEmulator.demo().start());
  }

  /**
   * {@return an extension whose emulators start with the given declarations}
   *
   * @param world adds the declarations to an empty builder, as in {@code world ->
   *     world.serviceAccount(..)}; called for each emulator that starts
   */
  public static IamEmulatorExtension create(UnaryOperator<EmulatorBuilder> world) {
    Objects.requireNonNull(world, "world");
    return new IamEmulatorExtension(() -> world.apply(IamEmulator.builder()).start());
  }

  /**
   * {@return the emulator of the test on this thread or, on a thread that a test started, of the
   * only running test} The extension closes it.
   *
   * @throws IllegalStateException if no test is running, or several are and this thread belongs to
   *     none of them
   */
  public IamEmulator emulator() {
    return sessions.current().emulator();
  }

  /** {@return the same as {@link #credentialsFor(Member)} for a service account} */
  public ShortLivedCredentials credentialsFor(ServiceAccount caller) {
    return credentialsFor(Member.of(caller));
  }

  /**
   * {@return credentials that call the emulator as this member, as {@link
   * IamEmulator#credentialsFor(Member)} does} The extension closes them after the test.
   *
   * @throws IllegalArgumentException if the member cannot call, or the account does not exist
   * @throws IllegalStateException outside of a test, as for {@link #emulator()}, and in methods
   *     with {@code @BeforeAll}
   */
  public ShortLivedCredentials credentialsFor(Member caller) {
    return sessions.current().credentialsFor(caller);
  }

  /**
   * {@return a verifier of the emulator's tokens, as of {@link IamEmulator#tokenVerification()}}
   * The extension closes it after the test or, in methods with {@code @BeforeAll}, after the class.
   *
   * @throws IllegalStateException outside of a test, as for {@link #emulator()}
   */
  public TokenVerification tokenVerification() {
    return sessions.current().tokenVerification();
  }

  /** Begins the session of a class; called by JUnit. */
  @Override
  public void beforeAll(ExtensionContext context) {
    begin(context, new EmulatorSession(pool(context), false));
  }

  /** Stops the emulators of a class; called by JUnit. */
  @Override
  public void afterAll(ExtensionContext context) {
    end(context);
  }

  /** Begins the session of a test; called by JUnit. */
  @Override
  public void beforeEach(ExtensionContext context) {
    begin(context, new EmulatorSession(pool(context), true));
  }

  /** Closes the credentials of a test and releases its emulator; called by JUnit. */
  @Override
  public void afterEach(ExtensionContext context) {
    end(context);
  }

  /** {@return whether the extension provides this parameter} Called by JUnit. */
  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == IamEmulator.class || parameter.isAnnotated(CallingAs.class);
  }

  /** {@return the emulator or the credentials for a parameter} Called by JUnit. */
  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    EmulatorSession session = store(context).get(EmulatorSession.class, EmulatorSession.class);
    if (session == null || parameter.getDeclaringExecutable() instanceof Constructor) {
      throw new ParameterResolutionException(
          parameter.getParameter()
              + " is resolved before the test begins: make it a parameter of the test or of a"
              + " method with @BeforeEach");
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
              + " has an unsupported type for @CallingAs: declare a ShortLivedCredentials"
              + " parameter, or declare an IamEmulator parameter and call googleCredentials(member)");
    }
    return caller;
  }

  private static ShortLivedCredentials credentials(EmulatorSession session, CallingAs caller) {
    ShortAccountNames names = new ShortAccountNames(InternalEmulator.world(session.emulator()));
    return session.credentialsFor(Member.of(names.member(caller.value())));
  }

  /** Returns the pool of the class or its enclosing class; creates one if there is none yet. */
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

  /** The session is missing if another extension failed before this one began. */
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

  @Override
  public String toString() {
    return "IamEmulatorExtension";
  }
}
