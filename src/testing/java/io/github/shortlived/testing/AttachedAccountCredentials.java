package io.github.shortlived.testing;

import com.google.auth.ServiceAccountSigner;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.IdToken;
import com.google.auth.oauth2.IdTokenProvider;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A service account of the world, as a virtual machine it is attached to would have it: it knows
 * its account, gets ID tokens for itself, and signs through {@code signBlob}, for which it needs
 * the permission on itself.
 */
@SuppressWarnings("serial") // Bound to a running emulator; nobody serializes it.
final class AttachedAccountCredentials extends EmulatorCredentials
    implements ServiceAccountSigner, IdTokenProvider {
  private final transient Account account;
  private final transient World world;

  AttachedAccountCredentials(Account account, Caller caller, World world) {
    super(caller, world.mint());
    this.account = account;
    this.world = world;
  }

  @Override
  public GoogleCredentials createScoped(Collection<String> scopes) {
    return new AttachedAccountCredentials(account, scoped(scopes), world);
  }

  @Override
  public String getAccount() {
    return account.email();
  }

  /** The email is in it only when an option asks, as with a metadata server. */
  @Override
  public IdToken idTokenWithAudience(
      @Nullable String targetAudience, @Nullable List<Option> options) throws IOException {
    if (targetAudience == null || targetAudience.isBlank()) {
      throw new IOException("An ID token needs an audience: give the receiver's URL");
    }
    return IdToken.create(world.mint().idToken(account, targetAudience, wantsEmail(options)));
  }

  private static boolean wantsEmail(@Nullable List<Option> options) {
    return options != null
        && (options.contains(Option.INCLUDE_EMAIL) || options.contains(Option.FORMAT_FULL));
  }

  @Override
  public byte[] sign(byte[] toSign) {
    try {
      if (!world.accounts().isActive(account.email())) {
        throw Refusals.accountDisabled(account.email());
      }
      world
          .access()
          .require(account.principal(), "iam.serviceAccounts.signBlob", account.resource());
      return account.keys().systemManaged().key().sign(toSign);
    } catch (RpcException refusal) {
      throw new SigningException("Failed to sign the provided bytes", refusal);
    }
  }
}
