package io.github.shortlived.benchmarks;

import io.github.shortlived.testing.IamEmulator;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Starts, stops and resets an emulator of the demo world. */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 2)
public class LifecycleBenchmark {

  /** The cost for a test class that runs after others. */
  @Benchmark
  public IamEmulator start(Stopped stopped) {
    stopped.next = DemoCalls.start();
    return stopped.next;
  }

  /** The cost for the first test class of a JVM: no class is loaded or compiled yet. */
  @Benchmark
  @BenchmarkMode(Mode.SingleShotTime)
  @Fork(5)
  @Warmup(iterations = 0)
  @Measurement(iterations = 1)
  public IamEmulator startFirst(Stopped stopped) {
    return start(stopped);
  }

  /** Stops after calls over both transports, whose connections are still open. */
  @Benchmark
  public void stop(Used used) {
    used.emulator.close();
  }

  @Benchmark
  public void resetUnused(Unused unused) {
    unused.emulator.reset();
  }

  /** Resets after calls, grants and a key file. */
  @Benchmark
  public void resetUsed(Reused reused) {
    reused.emulator.reset();
  }

  /** Has no emulator before each call, and stops one after it. */
  @State(Scope.Thread)
  public static class Stopped {
    IamEmulator next;

    @TearDown(Level.Invocation)
    public void close() {
      next.close();
    }
  }

  /** Starts a new emulator before each call and uses it over both transports. */
  @State(Scope.Thread)
  public static class Used {
    IamEmulator emulator;
    private RestClient rest;
    private GrpcClient grpc;

    @Setup(Level.Invocation)
    public void use() throws Exception {
      emulator = DemoCalls.start();
      rest = new RestClient(emulator);
      grpc = new GrpcClient(emulator);
      for (int call = 0; call < 10; call++) {
        rest.generateAccessToken();
        grpc.generateAccessToken();
      }
    }

    @TearDown(Level.Invocation)
    public void disconnect() throws Exception {
      rest.close();
      grpc.close();
    }
  }

  /** One emulator that receives no calls. */
  @State(Scope.Thread)
  public static class Unused {
    IamEmulator emulator;

    @Setup
    public void start() {
      emulator = DemoCalls.start();
    }

    @TearDown
    public void close() {
      emulator.close();
    }
  }

  /** One emulator that is used like in a test between two resets. */
  @State(Scope.Thread)
  public static class Reused {
    IamEmulator emulator;

    @Setup
    public void start() {
      emulator = DemoCalls.start();
    }

    @Setup(Level.Invocation)
    public void use() throws Exception {
      emulator.addProjectBinding("demo-project", "roles/viewer", "user:alice@example.com");
      emulator.serviceAccountKey(DemoCalls.CALLER);
      try (RestClient rest = new RestClient(emulator)) {
        for (int call = 0; call < 10; call++) {
          rest.generateAccessToken();
        }
      }
    }

    @TearDown
    public void close() {
      emulator.close();
    }
  }
}
