package io.github.shortlived.testing;

import com.google.protobuf.Descriptors.MethodDescriptor;

/** Turns away the tokens of service accounts that are disabled or deleted. */
final class CallerStates {
  private final Accounts accounts;

  CallerStates(Accounts accounts) {
    this.accounts = accounts;
  }

  void requireActive(Caller caller, MethodDescriptor method) {
    if (!accounts.mayCall(caller.principal())) {
      throw Refusals.accountStateInvalid(method, caller.principal().email());
    }
  }
}
