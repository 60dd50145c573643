package io.github.shortlived.internal.client;

import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.common.collect.Lists;
import io.github.shortlived.internal.text.IamRoles;
import io.github.shortlived.internal.text.MemberIds;
import io.github.shortlived.internal.text.SafeText;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.RequiredGrant;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The target of a request to the IAM Service Account Credentials API and its delegates, with the
 * names that the request sends.
 */
public record RequestTarget(String name, List<String> delegates) {
  /** Returns the last of the target's accounts, with the others as delegates. */
  public static RequestTarget of(Target target) {
    List<String> names = Lists.transform(target.accounts(), ServiceAccount::resourceName);
    int last = names.size() - 1;
    return new RequestTarget(names.get(last), names.subList(0, last));
  }

  /**
   * Returns the account that these credentials impersonate, with their delegates as they are: the
   * service decides whether it accepts them, because Google's own clients send them unchecked.
   */
  public static RequestTarget of(ImpersonatedCredentials impersonated) {
    String account = String.valueOf(impersonated.getAccount());
    return new RequestTarget(
        account.contains("/") ? account : MemberIds.RESOURCE + account,
        // A null in the list becomes a text, which is refused as any other malformed name.
        Optional.ofNullable(impersonated.toBuilder().getDelegates()).orElse(List.of()).stream()
            .map(String::valueOf)
            .toList());
  }

  /** Returns the target; for {@link Target#self()}, the account that this source impersonates. */
  public static RequestTarget of(Target target, SourceCredentials source) {
    return target instanceof Target.Self
            && source.credentials() instanceof ImpersonatedCredentials impersonated
        ? of(impersonated)
        : of(target);
  }

  /**
   * Returns the accounts, the target last.
   *
   * @throws CredentialException.InvalidRequest if a name is not one of a service account
   */
  public List<ServiceAccount> requireAccounts() {
    return Stream.concat(delegates.stream(), Stream.of(name)).map(ServiceAccount::of).toList();
  }

  /** Returns the accounts, the target last; empty if a name is not one of a service account. */
  public List<ServiceAccount> accounts() {
    try {
      return requireAccounts();
    } catch (CredentialException.InvalidRequest e) {
      return List.of(); // The service reports the name.
    }
  }

  /**
   * Returns the grants that the request needs: on each of the accounts, to the one before it; on
   * the first, to the caller. May block for some seconds to identify the caller.
   *
   * @param role the narrowest role with the permission on the target; only {@value
   *     IamRoles#TOKEN_CREATOR} allows delegating
   */
  public List<RequiredGrant> requiredGrants(String role, SourceCredentials source) {
    List<ServiceAccount> accounts = accounts();
    List<RequiredGrant> grants = new ArrayList<>();
    Optional<Member> member = source.identity().memberIfKnown();
    for (ServiceAccount named : accounts) {
      ServiceAccount account = byEmail(named, source);
      boolean isTarget = grants.size() == accounts.size() - 1;
      grants.add(new RequiredGrant(account, isTarget ? role : IamRoles.TOKEN_CREATOR, member));
      member = account.isEmail() ? Optional.of(Member.of(account)) : Optional.empty();
    }
    return grants.stream().distinct().toList();
  }

  /**
   * Translates the failure of a call for this target.
   *
   * @param method the method, as in Google's API reference
   * @param role as for {@link #requiredGrants}, which is called if IAM denied the call
   */
  public CredentialException failure(
      Throwable thrown, String method, String role, SourceCredentials source) {
    return ClientContext.translate(
        thrown, method + " for " + this, () -> requiredGrants(role, source));
  }

  /** A key has both names of its account: with its email address, a grant on itself is seen. */
  private static ServiceAccount byEmail(ServiceAccount account, SourceCredentials source) {
    return source.credentials() instanceof ServiceAccountCredentials key
            && account.id().equals(key.getClientId())
        ? ServiceAccount.of(key.getClientEmail())
        : account;
  }

  @Override
  public String toString() {
    List<String> via = Lists.transform(delegates, RequestTarget::withoutPrefix);
    String target = withoutPrefix(name);
    return SafeText.visible(via.isEmpty() ? target : target + " via " + String.join(", ", via));
  }

  private static String withoutPrefix(String name) {
    return name.startsWith(MemberIds.RESOURCE) ? name.substring(MemberIds.RESOURCE.length()) : name;
  }
}
