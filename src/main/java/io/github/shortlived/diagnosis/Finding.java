package io.github.shortlived.diagnosis;

/**
 * What is wrong at a stage, and what to do about it. Immutable; holds no secret.
 *
 * @param kind which of the known reasons it is
 * @param evidence whether the reason was observed, or only inferred from what was
 * @param text the reason in a sentence
 * @param remedy what to do
 */
public record Finding(Kind kind, Evidence evidence, String text, Remedy remedy) {

  /** {@return the reason in a sentence, and how it is known} */
  @Override
  public String toString() {
    return fact().toString();
  }

  /** The same, known in this way. */
  Finding by(Evidence how) {
    return new Finding(kind, how, text, remedy);
  }

  Fact fact() {
    return new Fact(evidence, text);
  }

  /** The reasons for which credentials are not to be had. */
  public enum Kind {
    /** The source credentials gave no token. */
    SOURCE_BROKEN("the source credentials give no token"),
    /** The source credentials gave a token, but cannot issue this kind of credential. */
    SOURCE_UNABLE("the source credentials cannot do this"),
    /** The service does not accept the token that the source credentials gave. */
    TOKEN_NOT_ACCEPTED("the source's token is not accepted"),
    /** The token of the source credentials lacks an OAuth 2.0 scope. */
    SCOPE_INSUFFICIENT("the source's token lacks a scope"),
    /** What fails depends on times that this machine's clock tells. */
    CLOCK_SKEW("this machine's clock is wrong"),
    /** The API is not enabled in the project that is charged for the call. */
    API_DISABLED("the API is disabled"),
    /** The project's quota is used up for now. */
    QUOTA_EXCEEDED("the quota is used up"),
    /** The service could not be reached, or did not answer properly. */
    UNAVAILABLE("the service does not answer properly"),
    /** There is no such account. */
    ACCOUNT_NOT_FOUND("account not found"),
    /** The account is disabled. */
    ACCOUNT_DISABLED("account disabled"),
    /** The link is refused; why could not be looked up. */
    LINK_REFUSED("refused, why could not be looked up"),
    /** No binding is for the member that has to pass. */
    LINK_MISSING("no grant"),
    /** The account that has to be called was granted the role on the caller, not the reverse. */
    LINK_REVERSED("granted in the reverse direction"),
    /** The member holds a role that lacks the permission. */
    WRONG_ROLE("wrong role"),
    /** The member holds a role that is not looked up, such as a custom one, and may lack it. */
    ROLE_UNKNOWN("a role that may lack the permission"),
    /** The binding has ended. */
    GRANT_EXPIRED("the grant has expired"),
    /** The binding counts under a condition, which does not seem to be met. */
    CONDITION_NOT_MET("a condition may not be met"),
    /** The binding is for a group or a principal set, to which the member may not belong. */
    NOT_A_MEMBER("perhaps not a member"),
    /** The binding is in the policy, and may not have taken effect yet. */
    PROPAGATION("granted, perhaps not in effect yet"),
    /** A lifetime of more than 1 hour takes an organization policy. */
    LIFETIME_TOO_LONG("the lifetime is too long"),
    /** The user's domain does not delegate to the account, or not with these scopes. */
    DOMAIN_NOT_DELEGATED("the domain does not delegate"),
    /** The request itself is refused, for what it says. */
    REQUEST_INVALID("the request is invalid"),
    /** Something else than policies of service accounts refuses, such as a service perimeter. */
    REFUSED_OTHERWISE("refused, not by a missing grant");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    /** {@return the reason in a few words} */
    @Override
    public String toString() {
      return words;
    }
  }
}
