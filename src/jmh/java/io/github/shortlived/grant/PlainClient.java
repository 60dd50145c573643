package io.github.shortlived.grant;

import com.google.api.gax.rpc.AbortedException;
import com.google.cloud.iam.admin.v1.IAMClient;
import com.google.cloud.iam.admin.v1.IAMSettings;
import com.google.iam.v1.Binding;
import com.google.iam.v1.GetIamPolicyRequest;
import com.google.iam.v1.GetPolicyOptions;
import com.google.iam.v1.Policy;
import com.google.iam.v1.SetIamPolicyRequest;
import io.github.shortlived.testing.IamEmulator;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/** Grants access without this library: Google's client in a loop of read, add and write. */
final class PlainClient implements AutoCloseable {
  private final IAMClient client;
  private final String resource;
  private final AtomicLong attempts;

  PlainClient(IamEmulator emulator, String caller, String resource, AtomicLong attempts)
      throws IOException {
    this.client =
        IAMClient.create(
            IAMSettings.newBuilder()
                .setTransportChannelProvider(emulator.clients().grpcTransport())
                .setCredentialsProvider(emulator.clients().credentialsProvider(caller))
                .build());
    this.resource = resource;
    this.attempts = attempts;
  }

  /** Repeats the edit until there is no conflict, with this pause after each. */
  void grant(String role, String member, long pauseMillis) throws InterruptedException {
    while (true) {
      try {
        attempts.incrementAndGet();
        write(with(role, member, read()));
        return;
      } catch (AbortedException conflict) {
        Thread.sleep(pauseMillis);
      }
    }
  }

  void clear() {
    write(Policy.getDefaultInstance());
  }

  private static Policy with(String role, String member, Policy policy) {
    Policy.Builder edited = policy.toBuilder();
    for (Binding.Builder binding : edited.getBindingsBuilderList()) {
      if (binding.getRole().equals(role) && !binding.hasCondition()) {
        binding.addMembers(member);
        return edited.build();
      }
    }
    return edited.addBindings(Binding.newBuilder().setRole(role).addMembers(member)).build();
  }

  private Policy read() {
    return client.getIamPolicy(
        GetIamPolicyRequest.newBuilder()
            .setResource(resource)
            .setOptions(GetPolicyOptions.newBuilder().setRequestedPolicyVersion(3))
            .build());
  }

  private void write(Policy policy) {
    client.setIamPolicy(
        SetIamPolicyRequest.newBuilder().setResource(resource).setPolicy(policy).build());
  }

  @Override
  public void close() {
    client.close();
  }
}
