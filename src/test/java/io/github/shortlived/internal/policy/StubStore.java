package io.github.shortlived.internal.policy;

import com.google.iam.v1.Policy;
import io.github.shortlived.internal.failure.Deadline;
import io.github.shortlived.model.ServiceAccount;
import java.io.IOException;
import java.util.function.UnaryOperator;

/** A store in front of another one, which may show other policies than it holds, or die. */
public final class StubStore extends ForwardingPolicyStore {
  public UnaryOperator<Policy> seen = policy -> policy;

  /** How many more writes are made before the process dies; none is read or written after it. */
  public int writesLeft = Integer.MAX_VALUE;

  /** Whether the write at which it dies is still made. */
  public boolean lastWriteMade;

  private StubStore(PolicyStore delegate) {
    super(delegate);
  }

  public static StubStore over(PolicyStore delegate) {
    return new StubStore(delegate);
  }

  @Override
  public Policy read(ServiceAccount account, Deadline deadline) throws Exception {
    if (writesLeft < 0) {
      throw killed();
    }
    return seen.apply(super.read(account, deadline));
  }

  @Override
  public void write(ServiceAccount account, Policy policy, Deadline deadline) throws Exception {
    boolean dies = --writesLeft < 0;
    if (!dies || lastWriteMade) {
      super.write(account, policy, deadline);
    }
    if (dies) {
      throw killed();
    }
  }

  private static IOException killed() {
    return new IOException("Killed");
  }
}
