package io.github.shortlived.testing;

import com.google.auth.ServiceAccountSigner;

/**
 * A service account of the world, as a virtual machine it is attached to would have it: it knows
 * its account, and signs through {@code signBlob}, for which it needs the permission on itself.
 */
@SuppressWarnings("serial") // Bound to a running emulator; nobody serializes it.
final class AttachedAccountCredentials extends EmulatorCredentials implements ServiceAccountSigner {
  private final transient Account account;
  private final transient Access access;
  private final transient Accounts accounts;

  AttachedAccountCredentials(Account account, Caller caller, World world) {
    super(caller, world.mint());
    this.account = account;
    this.access = world.access();
    this.accounts = world.accounts();
  }

  @Override
  public String getAccount() {
    return account.email();
  }

  @Override
  public byte[] sign(byte[] toSign) {
    try {
      if (!accounts.isActive(account.email())) {
        throw Refusals.accountDisabled(account.email());
      }
      access.require(account.principal(), "iam.serviceAccounts.signBlob", account.resource());
      return account.keys().systemManaged().key().sign(toSign);
    } catch (RpcException refusal) {
      throw new SigningException("Failed to sign the provided bytes", refusal);
    }
  }
}
