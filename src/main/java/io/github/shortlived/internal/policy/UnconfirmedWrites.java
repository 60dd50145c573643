package io.github.shortlived.internal.policy;

import com.google.iam.v1.Policy;
import com.google.protobuf.ByteString;
import io.github.shortlived.model.ServiceAccount;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The etags of writes whose response was lost. The service may still commit such a write, as long
 * as the policy has the etag with which it was sent; any other write ends that. Thread-safe.
 */
final class UnconfirmedWrites {
  private final ConcurrentMap<ServiceAccount, ByteString> etags = new ConcurrentHashMap<>();

  /** Records that the outcome of a write is unknown. */
  void add(ServiceAccount account, Policy sent) {
    etags.put(account, sent.getEtag());
  }

  /** Returns whether a write to the policy of this account is recorded. */
  boolean contains(ServiceAccount account) {
    return etags.containsKey(account);
  }

  /** Returns whether a recorded write may still change this policy. */
  boolean mayChange(ServiceAccount account, Policy read) {
    return read.getEtag().equals(etags.get(account));
  }

  /** Records that a policy was written, after which no earlier write with its etag succeeds. */
  void invalidate(ServiceAccount account, Policy written) {
    etags.remove(account, written.getEtag());
  }
}
