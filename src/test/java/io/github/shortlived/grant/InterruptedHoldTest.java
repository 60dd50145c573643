package io.github.shortlived.grant;

import static io.github.shortlived.DemoProject.CALLER;
import static io.github.shortlived.DemoProject.TARGET;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.iam.v1.Policy;
import io.github.shortlived.DemoProject;
import io.github.shortlived.RetryPolicy;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.internal.policy.EmulatedPolicies;
import io.github.shortlived.internal.policy.ForwardingPolicyStore;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.ServiceAccount;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Held grants whose thread is interrupted at any time, while the service goes on. */
class InterruptedHoldTest {
  private static final CrossAccountGrant GRANT = CrossAccountGrant.tokenCreator(CALLER).on(TARGET);
  private static final int ROUNDS = 60;
  private static final int LONGEST_NANOS = 30_000_000;

  private final DemoProject demo = new DemoProject();
  private final ExecutorService service = Executors.newFixedThreadPool(2);
  private final BusyPolicies policies = new BusyPolicies();
  private final Grants grants = EmulatedGrants.over(policies, demo, RetryPolicy.standard());

  @AfterEach
  void close() {
    grants.close();
    service.shutdownNow();
    demo.close();
  }

  @Test
  void hold_interruptedAtAnyTime_leavesNoGrant() throws Exception {
    Random random = new Random(17);
    for (int i = 0; i < ROUNDS; i++) {
      Thread holding = new Thread(this::holdOnce);
      holding.start();
      long interruptAt = System.nanoTime() + random.nextInt(LONGEST_NANOS);
      while (System.nanoTime() < interruptAt && holding.isAlive()) {
        Thread.onSpinWait();
      }
      holding.interrupt();
      holding.join();
      policies.awaitWrites();

      assertThat(demo.audit().audit(TARGET).entries()).as("round %d", i).isEmpty();
    }
  }

  private void holdOnce() {
    try (HeldGrant held = grants.hold(GRANT)) {
      assertThat(held.changes()).hasSize(1);
    } catch (CredentialException e) {
      // The thread was interrupted: the grant was not made, or was undone.
    }
  }

  /** The emulator's policies, whose calls go on if the waiting thread is interrupted. */
  private final class BusyPolicies extends ForwardingPolicyStore {
    private final List<CompletableFuture<?>> writes = new ArrayList<>();

    private BusyPolicies() {
      super(EmulatedPolicies.of(demo));
    }

    private synchronized void awaitWrites() {
      writes.forEach(write -> write.handle((result, failure) -> null).join());
      writes.clear();
    }

    private synchronized void add(CompletableFuture<?> write) {
      writes.add(write);
    }

    @Override
    public Policy read(ServiceAccount account, Deadline deadline) throws Exception {
      return await(
          CompletableFuture.supplyAsync(
              () -> unchecked(() -> super.read(account, EmulatedPolicies.DEADLINE)), service));
    }

    @Override
    public void write(ServiceAccount account, Policy policy, Deadline deadline) throws Exception {
      CompletableFuture<Boolean> write =
          CompletableFuture.supplyAsync(
              () ->
                  unchecked(
                      () -> {
                        super.write(account, policy, EmulatedPolicies.DEADLINE);
                        return true;
                      }),
              service);
      add(write);
      await(write);
    }

    private static <T> T await(CompletableFuture<T> call) throws Exception {
      try {
        return call.get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CancellationException("Interrupted");
      } catch (ExecutionException e) {
        throw e.getCause() instanceof Wrapped wrapped ? wrapped.failure : e;
      }
    }
  }

  private interface Call<T> {
    T call() throws Exception;
  }

  private static <T> T unchecked(Call<T> call) {
    try {
      return call.call();
    } catch (Exception e) {
      throw new Wrapped(e);
    }
  }

  private static final class Wrapped extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Exception failure;

    Wrapped(Exception failure) {
      this.failure = failure;
    }
  }
}
