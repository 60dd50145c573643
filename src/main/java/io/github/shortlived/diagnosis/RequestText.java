package io.github.shortlived.diagnosis;

import com.google.common.base.Ascii;
import io.github.shortlived.internal.text.MemberIds;
import io.github.shortlived.internal.text.Phrases;
import io.github.shortlived.internal.text.ServiceAccountEmails;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.CredentialRequest;
import io.github.shortlived.model.DownscopedTokenRequest;
import io.github.shortlived.model.IdTokenRequest;
import io.github.shortlived.model.Member;
import io.github.shortlived.model.SelfSignedJwtRequest;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.model.SignBlobRequest;
import io.github.shortlived.model.SignJwtRequest;
import io.github.shortlived.model.Target;
import io.github.shortlived.model.UserTokenRequest;
import io.github.shortlived.policy.TokenPermission;
import java.util.Optional;

/** Describes requests and members in words. */
final class RequestText {
  private RequestText() {}

  /** Returns the email address of a service account, and the identifier of any other member. */
  static String name(Member member) {
    return MemberIds.name(member.id());
  }

  /** Returns the service account that the member is; empty for all other members. */
  static Optional<ServiceAccount> serviceAccount(Member member) {
    String email = name(member);
    return MemberIds.isServiceAccount(member.id()) && ServiceAccountEmails.isServiceAccount(email)
        ? Optional.of(ServiceAccount.of(Ascii.toLowerCase(email)))
        : Optional.empty();
  }

  /** Shortens the service accounts in the text to {@code NAME@PROJECT}. */
  static String shorten(String text) {
    return ServiceAccountEmails.shorten(text.replace(MemberIds.SERVICE_ACCOUNT, ""));
  }

  /** Returns the chain to the target and the kind of credential, to be appended to the caller. */
  static String chain(CredentialRequest<?> request) {
    return request.target() instanceof Target.Self
        ? ", " + noun(request) + " of its own"
        : " -> " + request.target() + ", " + noun(request);
  }

  /** Describes the requested credential, with its lifetime, scopes or audience. */
  static String describe(CredentialRequest<?> request) {
    String credential = withArticle(request);
    if (request instanceof AccessTokenRequest token) {
      return token.lifetime().compareTo(AccessTokenRequest.DEFAULT_LIFETIME) > 0
          ? credential + " with a lifetime of " + Phrases.exact(token.lifetime())
          : credential + " for " + String.join(" ", token.scopes());
    }
    return request instanceof IdTokenRequest token
        ? credential + " for " + token.audience()
        : credential;
  }

  static String withArticle(CredentialRequest<?> request) {
    return withArticle(noun(request));
  }

  static String withArticle(TokenPermission permission) {
    return withArticle(noun(permission));
  }

  private static String withArticle(String noun) {
    return (noun.matches("[dsu].*") ? "a " : "an ") + noun;
  }

  private static String noun(CredentialRequest<?> request) {
    if (request instanceof UserTokenRequest) {
      return "user's access token";
    } else if (request instanceof SelfSignedJwtRequest) {
      return "self-signed JWT";
    } else if (request instanceof DownscopedTokenRequest) {
      return "downscoped access token";
    }
    return noun(permission(request));
  }

  /** Returns the permission on the target that the request needs. */
  static TokenPermission permission(CredentialRequest<?> request) {
    if (request instanceof AccessTokenRequest || request instanceof DownscopedTokenRequest) {
      return TokenPermission.ACCESS_TOKEN;
    } else if (request instanceof IdTokenRequest) {
      return TokenPermission.ID_TOKEN;
    } else if (request instanceof SignJwtRequest
        || request instanceof UserTokenRequest
        || request instanceof SelfSignedJwtRequest) {
      return TokenPermission.SIGN_JWT;
    } else if (request instanceof SignBlobRequest) {
      return TokenPermission.SIGN_BLOB;
    }
    throw new IllegalArgumentException("Unknown type of request: " + request.getClass());
  }

  private static String noun(TokenPermission permission) {
    return switch (permission) {
      case ACCESS_TOKEN, IMPLICIT_DELEGATION -> "access token";
      case ID_TOKEN -> "ID token";
      case SIGN_JWT -> "signed JWT";
      case SIGN_BLOB -> "signature";
    };
  }
}
