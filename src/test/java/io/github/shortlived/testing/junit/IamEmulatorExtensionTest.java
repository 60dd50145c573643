package io.github.shortlived.testing.junit;

import static io.github.shortlived.testing.junit.ExtensionCases.CREDENTIALS;
import static io.github.shortlived.testing.junit.ExtensionCases.EMULATORS;
import static io.github.shortlived.testing.junit.ExtensionCases.STARTED;
import static io.github.shortlived.testing.junit.ExtensionCases.VERIFICATIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import io.github.shortlived.model.Scopes;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.testing.Demo;
import io.github.shortlived.testing.IamEmulator;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** Runs the {@link ExtensionCases} with JUnit, as an application runs its tests. */
class IamEmulatorExtensionTest {
  private static final Map<String, String> TWO_AT_A_TIME =
      Map.of(
          "junit.jupiter.execution.parallel.enabled", "true",
          "junit.jupiter.execution.parallel.mode.default", "concurrent",
          "junit.jupiter.execution.parallel.config.strategy", "fixed",
          "junit.jupiter.execution.parallel.config.fixed.parallelism", "2");

  @BeforeEach
  void forget() {
    EMULATORS.clear();
    CREDENTIALS.clear();
    VERIFICATIONS.clear();
    STARTED.set(0);
  }

  @Test
  void staticField_severalTests_eachFromTheDeclaredWorld() {
    assertAllPass(3, Map.of(), ExtensionCases.PerClass.class);
    assertThat(EMULATORS).hasSize(3).noneMatch(IamEmulatorExtensionTest::isRunning);
    assertThat(Set.copyOf(EMULATORS)).hasSize(1);
  }

  @Test
  void credentials_afterTheTest_areClosed() {
    assertAllPass(3, Map.of(), ExtensionCases.PerClass.class);
    assertThat(CREDENTIALS)
        .hasSize(4)
        .allSatisfy(
            credentials ->
                assertThatIllegalStateException()
                    .isThrownBy(
                        () ->
                            credentials.accessToken(
                                ServiceAccount.of(Demo.SA3), Scopes.CLOUD_PLATFORM))
                    .withMessageContaining("closed"));
  }

  @Test
  void tokenVerification_afterTheTest_isClosed() {
    assertAllPass(3, Map.of(), ExtensionCases.PerClass.class);
    assertThat(VERIFICATIONS)
        .hasSize(2)
        .allSatisfy(
            verification ->
                assertThatIllegalStateException()
                    .isThrownBy(() -> verification.verifyIdToken("token", "audience"))
                    .withMessageContaining("closed"));
  }

  @Test
  void instanceField_severalTests_oneEmulatorEach() {
    assertAllPass(2, Map.of(), ExtensionCases.PerTest.class);
    assertThat(EMULATORS)
        .hasSize(2)
        .doesNotHaveDuplicates()
        .noneMatch(IamEmulatorExtensionTest::isRunning);
  }

  @Test
  void emulator_unused_isNotStarted() {
    assertAllPass(1, Map.of(), ExtensionCases.Idle.class);
    assertThat(STARTED).hasValue(0);
  }

  @Test
  void parameters_everyKind_areResolved() {
    assertAllPass(2, Map.of(), ExtensionCases.Parameters.class);
  }

  @Test
  void beforeAll_changesAreUndone_andCredentialsRefused() {
    assertAllPass(1, Map.of(), ExtensionCases.AroundTheTests.class);
  }

  @Test
  void twoClasses_atTheSameTime_areIndependent() {
    assertAllPass(2, TWO_AT_A_TIME, ExtensionCases.Shared.class, ExtensionCases.SharedToo.class);
    assertThat(EMULATORS)
        .hasSize(2)
        .doesNotHaveDuplicates()
        .noneMatch(IamEmulatorExtensionTest::isRunning);
  }

  @Test
  void twoTestsOfAClass_atTheSameTime_haveAnEmulatorEach() {
    assertAllPass(2, TWO_AT_A_TIME, ExtensionCases.SameClass.class);
    assertThat(EMULATORS).hasSize(2).doesNotHaveDuplicates();
  }

  @Test
  void callingAs_unknownName_listsTheAccounts() {
    assertFails(
        ExtensionCases.UnknownCaller.class, "no service account has the name \"sa-9\"", Demo.SA2);
  }

  @Test
  void callingAs_ambiguousName_requiresAnEmail() {
    assertFails(
        ExtensionCases.AmbiguousCaller.class,
        "the name \"sa-1\" is ambiguous",
        "sa-1@other-project.iam.gserviceaccount.com");
  }

  @Test
  void callingAs_userWithoutPrefix_requiresIt() {
    assertFails(ExtensionCases.UserWithoutPrefix.class, "use user:admin@example.com");
  }

  @Test
  void callingAs_otherType_namesTheRightOne() {
    assertFails(
        ExtensionCases.OtherType.class, "ShortLivedCredentials", "googleCredentials(member)");
  }

  @Test
  void constructorParameter_anyKind_isRefused() {
    assertFails(ExtensionCases.InConstructor.class, "tooEarly", "@BeforeEach");
  }

  @Test
  void emulator_outsideOfTests_isRefusedWithTheFix() {
    assertThatIllegalStateException()
        .isThrownBy(() -> IamEmulatorExtension.create().emulator())
        .withMessageContaining("@RegisterExtension");
  }

  private static boolean isRunning(IamEmulator emulator) {
    return Demo.accepts(emulator.httpEndpoint());
  }

  private static void assertAllPass(int tests, Map<String, String> settings, Class<?>... cases) {
    tests(settings, cases).assertStatistics(counts -> counts.started(tests).succeeded(tests));
  }

  private static void assertFails(Class<?> testCase, String... saying) {
    Events tests = tests(Map.of(), testCase);
    tests.assertStatistics(counts -> counts.started(1).failed(1));
    tests
        .assertThatEvents()
        .haveExactly(
            1, finishedWithFailure(message(text -> Stream.of(saying).allMatch(text::contains))));
  }

  private static Events tests(Map<String, String> settings, Class<?>... cases) {
    return EngineTestKit.engine("junit-jupiter")
        .configurationParameters(settings)
        .selectors(
            Stream.of(cases).map(type -> selectClass(type)).toArray(DiscoverySelector[]::new))
        .execute()
        .testEvents();
  }
}
