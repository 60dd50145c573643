package io.github.shortlived.diagnosis;

import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.internal.text.Arguments;
import io.github.shortlived.internal.text.IamRoles;
import io.github.shortlived.internal.text.SafeText;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.RequiredGrant;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.TokenPermission;
import java.util.Optional;

/**
 * One of the stages that a request passes, from the source credentials to the issued credential.
 * Immutable.
 */
public sealed interface Stage {

  /** The source credentials, whose token authenticates the calls. */
  record Source() implements Stage {
    @Override
    public String toString() {
      return "source credentials";
    }
  }

  /** The IAM Service Account Credentials API, reached with the token of the source credentials. */
  record Service() implements Stage {
    @Override
    public String toString() {
      return "IAM Service Account Credentials API";
    }
  }

  /**
   * A permission that a member needs on an account of the chain. For a delegate the diagnosis
   * requests its access token instead, because {@value CrossAccountGrant#TOKEN_CREATOR}, the only
   * predefined role that delegates, allows that too.
   *
   * @param member the caller, or the account before in the chain; empty if its email address is
   *     unknown
   * @param account the account on which the member needs the permission
   * @param permission the permission
   */
  record Grant(Optional<Member> member, ServiceAccount account, TokenPermission permission)
      implements Stage {
    public Grant {
      Arguments.nonNull(member, "member");
      Arguments.nonNull(account, "account");
      Arguments.nonNull(permission, "permission");
    }

    /** {@return the narrowest predefined role with the permission} */
    public String role() {
      return IamRoles.narrowest(permission.permission());
    }

    /** Returns the grant with the narrowest role. */
    RequiredGrant required() {
      return new RequiredGrant(account, role(), member);
    }

    /** Returns the name of the member for messages, or {@code MEMBER}. */
    String memberName() {
      return member.map(RequestText::name).orElse("MEMBER");
    }

    /** {@return the member and the account, such as {@code EMAIL -> EMAIL}} */
    @Override
    public String toString() {
      return SafeText.visible(memberName() + " -> " + account);
    }
  }

  /**
   * The requested credential itself, independent of the caller.
   *
   * @param request the request; its {@code toString} shows no secret
   */
  record Request(CredentialRequest<?> request) implements Stage {
    public Request {
      Arguments.nonNull(request, "request");
    }

    @Override
    public String toString() {
      return RequestText.describe(request);
    }
  }
}
