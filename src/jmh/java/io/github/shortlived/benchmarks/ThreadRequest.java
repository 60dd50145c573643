package io.github.shortlived.benchmarks;

import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.ServiceAccount;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Each thread requests the token of another account, so that they share no cache entry. */
@State(Scope.Thread)
public class ThreadRequest {
  final AccessTokenRequest request =
      AccessTokenRequest.of(
              ServiceAccount.of(
                  "target-%d@demo-project.iam.gserviceaccount.com"
                      .formatted(Thread.currentThread().getId())),
              DemoCalls.SCOPE)
          .fresh();
}
