package io.github.shortlived.diagnosis;

import io.github.shortlived.grant.CrossAccountGrant;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.IamRoles;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.RequiredGrant;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.TokenPermission;
import java.util.Optional;

/** What a request comes by, from the source credentials to what it asks for. Immutable. */
public sealed interface Stage {

  /** The source credentials, which give the token that calls are made with. */
  record Source() implements Stage {
    @Override
    public String toString() {
      return "source credentials";
    }
  }

  /** The IAM Service Account Credentials API, as the source credentials reach it. */
  record Service() implements Stage {
    @Override
    public String toString() {
      return "IAM Service Account Credentials API";
    }
  }

  /**
   * One link of the way: what somebody needs on the next account. A delegate's is tried by asking
   * for its access token, which {@value CrossAccountGrant#TOKEN_CREATOR}, the one role of Google's
   * that passes requests on, lets its holder do too.
   *
   * @param member who has to pass: the caller, or the account before; empty if it is not known as
   *     policies know it
   * @param account on whose policy it depends
   * @param permission what the member needs on it
   */
  record Link(Optional<Member> member, ServiceAccount account, TokenPermission permission)
      implements Stage {
    /** {@return the narrowest of Google's roles that gives the permission} */
    public String role() {
      return permission == TokenPermission.ID_TOKEN
          ? IamRoles.OPEN_ID_TOKEN_CREATOR
          : IamRoles.TOKEN_CREATOR;
    }

    /** {@return from whom to which account, as read by a person} */
    @Override
    public String toString() {
      return who() + " -> " + account;
    }

    /** What the member needs. */
    RequiredGrant grant() {
      return new RequiredGrant(account, role(), member);
    }

    /** Who has to pass, as read by a person. */
    String who() {
      return member.map(Names::of).orElse("MEMBER");
    }
  }

  /**
   * What the request asks for by itself, whoever makes it.
   *
   * @param request the request; holds no secret that it shows
   */
  record Request(CredentialRequest<?> request) implements Stage {
    @Override
    public String toString() {
      return RequestText.demand(request);
    }
  }
}
