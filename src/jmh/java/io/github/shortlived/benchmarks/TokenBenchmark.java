package io.github.shortlived.benchmarks;

import com.google.cloud.iam.credentials.v1.GenerateAccessTokenResponse;
import io.github.shortlived.testing.IamEmulator;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** Measures access tokens per second, requested by 64 threads in the emulator's JVM. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Threads(64)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class TokenBenchmark {

  @Benchmark
  public int rest(OverRest client) throws Exception {
    return client.rest.generateAccessToken();
  }

  @Benchmark
  public GenerateAccessTokenResponse grpc(OverGrpc client) {
    return client.grpc.generateAccessToken();
  }

  /** The emulator that all threads call. */
  @State(Scope.Benchmark)
  public static class Running {
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

  /** A connection for each thread. */
  @State(Scope.Thread)
  public static class OverRest {
    RestClient rest;

    @Setup
    public void connect(Running running) throws Exception {
      rest = new RestClient(running.emulator);
    }

    @TearDown
    public void close() throws Exception {
      rest.close();
    }
  }

  /** A channel for all threads. */
  @State(Scope.Benchmark)
  public static class OverGrpc {
    GrpcClient grpc;

    @Setup
    public void connect(Running running) throws Exception {
      grpc = new GrpcClient(running.emulator);
    }

    @TearDown
    public void close() throws Exception {
      grpc.close();
    }
  }
}
