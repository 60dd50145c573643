package io.github.shortlived.testing.internal.client;

import com.google.auth.ServiceAccountSigner;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.IdToken;
import com.google.auth.oauth2.IdTokenProvider;
import io.github.shortlived.testing.internal.account.Account;
import io.github.shortlived.testing.internal.account.Caller;
import io.github.shortlived.testing.internal.account.Principal;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.github.shortlived.testing.internal.error.RpcException;
import io.github.shortlived.testing.internal.world.World;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Credentials of a service account, as on a virtual machine to which it is attached: they also
 * issue ID tokens of the account and sign. To sign, the account needs the permission for {@code
 * signBlob} on itself.
 */
@SuppressWarnings("serial") // Bound to a running emulator, so never serialized.
public final class AttachedAccountCredentials extends EmulatorCredentials
    implements ServiceAccountSigner, IdTokenProvider {
  private final transient String email;

  public AttachedAccountCredentials(String email, Caller caller, Supplier<World> world) {
    this(GoogleCredentials.newBuilder(), email, caller, world);
  }

  private AttachedAccountCredentials(
      GoogleCredentials.Builder options, String email, Caller caller, Supplier<World> world) {
    super(options, caller, world);
    this.email = email;
  }

  @Override
  GoogleCredentials with(GoogleCredentials.Builder options, Caller other) {
    return new AttachedAccountCredentials(options, email, other, world);
  }

  @Override
  public String getAccount() {
    return email;
  }

  /** The token has the email only if an option requests it, as from a metadata server. */
  @Override
  public IdToken idTokenWithAudience(
      @Nullable String targetAudience, @Nullable List<Option> options) throws IOException {
    if (targetAudience == null || targetAudience.isBlank()) {
      throw new IOException("An ID token needs an audience: use the receiver's URL");
    }
    World now = world.get();
    Account account = active(now);
    return IdToken.create(now.tokens().idToken(account, targetAudience, wantsEmail(options)));
  }

  /** The token belongs to the account that has the email now, and to no later one. */
  @Override
  Principal principal(World now) throws IOException {
    return active(now).principal();
  }

  /** A metadata server, too, issues no token while the account is disabled or deleted. */
  private Account active(World now) throws IOException {
    return now.accounts()
        .find(email)
        .filter(account -> !account.disabled())
        .orElseThrow(
            () -> new IOException("Service account " + email + " is disabled or does not exist"));
  }

  private static boolean wantsEmail(@Nullable List<Option> options) {
    return options != null
        && (options.contains(Option.INCLUDE_EMAIL) || options.contains(Option.FORMAT_FULL));
  }

  @Override
  public byte[] sign(byte[] toSign) {
    World now = world.get();
    Account account = now.requireAccount(email);
    try {
      if (!now.accounts().isActive(email)) {
        throw GoogleErrors.accountDisabled(email);
      }
      now.permissions()
          .require(account.principal(), "iam.serviceAccounts.signBlob", account.resource());
      return account.keys().systemManaged().key().sign(toSign);
    } catch (RpcException refusal) {
      throw new SigningException("Failed to sign the provided bytes", refusal);
    }
  }
}
