package io.github.shortlived.grant;

import static io.github.shortlived.DemoProject.ADMIN;
import static io.github.shortlived.DemoProject.TARGET;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.iam.v1.Policy;
import com.google.rpc.Code;
import io.github.shortlived.DemoProject;
import io.github.shortlived.RetryPolicy;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.internal.policy.EmulatedPolicies;
import io.github.shortlived.internal.policy.ForeignPolicy;
import io.github.shortlived.internal.policy.PolicyStore;
import io.github.shortlived.model.Member;
import io.github.shortlived.policy.Binding;
import io.github.shortlived.policy.Condition;
import io.github.shortlived.policy.PolicyChange;
import io.github.shortlived.policy.PolicyChange.Kind;
import io.github.shortlived.testing.EmulatorCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many concurrent writers of one policy over real sockets: no write is lost. */
class ContentionTest {
  private static final int WRITERS = 64;

  private final DemoProject demo = new DemoProject();
  private final PolicyStore policies = EmulatedPolicies.of(demo);
  private final ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    writers.shutdownNow();
    for (AutoCloseable each : open) {
      each.close();
    }
    policies.close();
    demo.close();
  }

  @Test
  void apply_separateWriters_loseNothing() throws Exception {
    Policy before = foreign();
    grantTogether(false);
    assertNothingLostSince(before);
  }

  @Test
  void apply_separateWritersWithFaults_loseNothing() throws Exception {
    Policy before = foreign();
    injectFaults();
    grantTogether(false);
    assertThat(refused()).extracting(EmulatorCall::status).contains(Code.ABORTED, Code.UNAVAILABLE);
    assertNothingLostSince(before);
  }

  @Test
  void apply_sharedWriter_runsOneEditAtATime() throws Exception {
    Policy before = foreign();
    grantTogether(true);
    assertThat(refused()).isEmpty();
    assertThat(calls("getIamPolicy")).hasSize(WRITERS + 1); // one more by this test
    assertNothingLostSince(before);
  }

  @Test
  void apply_sharedWriterWithFaults_losesNothing() throws Exception {
    Policy before = foreign();
    injectFaults();
    grantTogether(true);
    assertThat(refused()).extracting(EmulatorCall::status).contains(Code.ABORTED, Code.UNAVAILABLE);
    assertThat(refused()).allMatch(call -> call.reasons().toString().contains("fault: "));
    assertNothingLostSince(before);
  }

  @Test
  void revoke_separateWriters_leaveOtherBindings() throws Exception {
    Policy before = foreign();
    demo.grants().apply(new CrossAccountGrant(bindings()));
    together(false, Grants::revoke, Kind.REMOVED);
    assertThat(read().toBuilder().clearEtag().build().toByteString())
        .isEqualTo(before.toBuilder().clearEtag().build().toByteString());
  }

  private static List<Binding> bindings() {
    return IntStream.range(0, WRITERS).boxed().flatMap(i -> grant(i).bindings().stream()).toList();
  }

  private Policy foreign() throws Exception {
    ForeignPolicy.write(demo, TARGET, ForeignPolicy.everything());
    return read();
  }

  private Policy read() throws Exception {
    return policies.read(TARGET, EmulatedPolicies.DEADLINE);
  }

  /** Makes 30 % of the writes conflicts; of the rest, one in seven is unavailable (10 % in all). */
  private void injectFaults() {
    demo.emulator().faults().on("setIamPolicy").fraction(0.3, 1).fail(Code.ABORTED);
    demo.emulator().faults().on("setIamPolicy").fraction(1. / 7, 2).fail(Code.UNAVAILABLE);
  }

  private void grantTogether(boolean sharing) throws Exception {
    together(sharing, Grants::apply, Kind.ADDED);
  }

  private void together(boolean sharing, Edit edit, Kind kind) throws Exception {
    Grants shared = grants();
    CountDownLatch go = new CountDownLatch(1);
    List<Future<List<PolicyChange>>> writes = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      Grants own = sharing ? shared : grants();
      CrossAccountGrant grant = grant(i);
      writes.add(
          writers.submit(
              () -> {
                go.await();
                return edit.of(own, grant);
              }));
    }
    go.countDown();
    for (Future<List<PolicyChange>> write : writes) {
      assertThat(write.get()).extracting(PolicyChange::kind).containsExactly(kind);
    }
  }

  /** Returns a writer with enough time on a slow machine. */
  private Grants grants() {
    ShortLivedCredentials credentials =
        ShortLivedCredentials.builder()
            .source(demo.emulator().googleCredentials(ADMIN.id()))
            .endpoints(demo.emulator().endpoints())
            .retryPolicy(RetryPolicy.standard().withTotalTimeout(Duration.ofMinutes(10)))
            .build();
    Grants grants = Grants.using(credentials);
    open.add(grants);
    open.add(credentials);
    return grants;
  }

  private static CrossAccountGrant grant(int writer) {
    Member member = Member.of("user:writer-%d@example.com".formatted(writer));
    CrossAccountGrant grant = CrossAccountGrant.tokenCreator(member).on(TARGET);
    return writer % 4 == 0 ? grant.onlyIf(Condition.of("even hours", "true")) : grant;
  }

  private void assertNothingLostSince(Policy before) throws Exception {
    Policy after = read();
    assertThat(members(after).filter(ContentionTest::isWriter))
        .containsExactlyInAnyOrderElementsOf(
            bindings().stream().map(binding -> binding.member().id()).toList());
    assertThat(ForeignPolicy.without(ContentionTest::isWriter, after))
        .isEqualTo(before.toBuilder().clearEtag().build().toByteString());
    assertThat(number(after) - number(before)).isEqualTo(WRITERS); // no write is repeated
  }

  /** Returns the number of the write, which is the emulator's etag. */
  private static long number(Policy policy) {
    return policy.getEtag().asReadOnlyByteBuffer().getLong();
  }

  private static Stream<String> members(Policy policy) {
    return policy.getBindingsList().stream().flatMap(b -> b.getMembersList().stream());
  }

  private static boolean isWriter(String member) {
    return member.startsWith("user:writer-");
  }

  private Stream<EmulatorCall> calls(String method) {
    return demo.emulator().calls().stream().filter(call -> call.method().equals(method));
  }

  private List<EmulatorCall> refused() {
    return calls("setIamPolicy").filter(call -> !call.allowed()).toList();
  }

  private interface Edit {
    List<PolicyChange> of(Grants grants, CrossAccountGrant grant);
  }
}
