package io.github.shortlived.grant;

import io.github.shortlived.DemoProject;
import io.github.shortlived.RetryPolicy;
import io.github.shortlived.internal.policy.EmulatedPolicies;
import io.github.shortlived.internal.policy.PolicyEditor;
import io.github.shortlived.internal.policy.PolicyStore;
import java.time.InstantSource;

/** Creates grants by the emulator's administrator over a given policy store. */
final class EmulatedGrants {
  private EmulatedGrants() {}

  static Grants over(PolicyStore policies, DemoProject demo, RetryPolicy retryPolicy) {
    PolicyEditor editor = new PolicyEditor(EmulatedPolicies.context(demo, retryPolicy), policies);
    return new Grants(editor, InstantSource.system());
  }
}
