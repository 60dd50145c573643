package io.github.shortlived.grant;

import io.github.shortlived.InternalCredentials;
import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.internal.client.ClientContext;
import io.github.shortlived.internal.client.IamAdminApi;
import io.github.shortlived.internal.policy.IamPolicyStore;
import io.github.shortlived.internal.policy.PolicyEditor;
import io.github.shortlived.internal.policy.PolicyStore;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.testing.IamEmulator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A round in which all writers grant at the same time, each to another member on the same account.
 * Counts the attempts and the grants.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 3, time = 5)
public class ContendedGrantBenchmark {
  private static final ServiceAccount TARGET =
      ServiceAccount.of("sa-2@demo-project.iam.gserviceaccount.com");
  private static final String ADMIN = "user:admin@example.com";

  /** Measures threads that share one {@link Grants}, as in one process. */
  @Benchmark
  public void sharedGrants(Writers writers, Counts counts) throws Exception {
    writers.round(counts, i -> writers.own.get(0).apply(grant(i)));
  }

  /** Measures one {@link Grants} per thread, as in separate processes. */
  @Benchmark
  public void grantsEach(Writers writers, Counts counts) throws Exception {
    writers.round(counts, i -> writers.own.get(i).apply(grant(i)));
  }

  @Benchmark
  public void plainClientWithoutPause(Writers writers, Counts counts) throws Exception {
    writers.round(counts, i -> writers.plain(i, 0));
  }

  @Benchmark
  public void plainClientPausing100Ms(Writers writers, Counts counts) throws Exception {
    writers.round(counts, i -> writers.plain(i, 100));
  }

  private static CrossAccountGrant grant(int writer) {
    return CrossAccountGrant.tokenCreator(Member.of(member(writer))).on(TARGET);
  }

  private static String member(int writer) {
    return "user:writer-" + writer + "@example.com";
  }

  /** The action of a writer. */
  interface Write {
    void by(int writer) throws Exception;
  }

  /** Counts grants and the attempts that they needed. */
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  public static class Counts {
    public long attempts;
    public long grants;
  }

  /** An emulator and its writers. */
  @State(Scope.Benchmark)
  public static class Writers {
    @Param({"1", "8", "64"})
    int writers;

    final List<Grants> own = new ArrayList<>();
    private final AtomicLong attempts = new AtomicLong();
    private ExecutorService threads;
    private IamEmulator emulator;
    private PlainClient plain;

    @Setup
    public void start() throws IOException {
      emulator = IamEmulator.demo().start();
      threads = Executors.newFixedThreadPool(writers);
      plain = new PlainClient(emulator, ADMIN, TARGET.resourceName(), attempts);
      for (int i = 0; i < writers; i++) {
        own.add(connect());
      }
    }

    private Grants connect() {
      ClientContext context =
          InternalCredentials.context(
              ShortLivedCredentials.builder()
                  .source(emulator.googleCredentials(ADMIN))
                  .endpoints(emulator.endpoints())
                  .clock(emulator.clock())
                  .build());
      PolicyStore policies = new IamPolicyStore(IamAdminApi.connect(context));
      return new Grants(
          new PolicyEditor(context, new CountedPolicies(policies, attempts)), emulator.clock());
    }

    /** Runs before each round, outside the measured time. */
    @Setup(Level.Invocation)
    public void clear() {
      plain.clear();
      attempts.set(0);
    }

    void plain(int writer, long pauseMillis) throws InterruptedException {
      plain.grant(CrossAccountGrant.TOKEN_CREATOR, member(writer), pauseMillis);
    }

    void round(Counts counts, Write write) throws Exception {
      List<Future<?>> writes = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        int writer = i;
        writes.add(
            threads.submit(
                () -> {
                  write.by(writer);
                  return null;
                }));
      }
      for (Future<?> each : writes) {
        each.get();
      }
      counts.attempts += attempts.get();
      counts.grants += writers;
    }

    @TearDown
    public void close() {
      threads.shutdownNow();
      own.forEach(Grants::close);
      plain.close();
      emulator.close();
    }
  }
}
