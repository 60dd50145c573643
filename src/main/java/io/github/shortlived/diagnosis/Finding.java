package io.github.shortlived.diagnosis;

import io.github.shortlived.diagnosis.Fact.Evidence;
import io.github.shortlived.internal.text.Arguments;

/**
 * A problem at a stage, and its remedy. Immutable; contains no secret.
 *
 * @param kind the kind of problem
 * @param evidence whether the reason was observed or is inferred
 * @param text the reason in a sentence
 * @param remedy what to do about it
 */
public record Finding(Kind kind, Evidence evidence, String text, Remedy remedy) {
  public Finding {
    Arguments.nonNull(kind, "kind");
    Arguments.nonNull(evidence, "evidence");
    Arguments.nonNull(text, "text");
    Arguments.nonNull(remedy, "remedy");
  }

  static Finding observed(Kind kind, String text, String fix, String... commands) {
    return new Finding(kind, Evidence.OBSERVED, text, Remedy.of(fix, commands));
  }

  static Finding inferred(Kind kind, String text, String fix, String... commands) {
    return new Finding(kind, Evidence.INFERRED, text, Remedy.of(fix, commands));
  }

  /** Returns the same finding with other evidence. */
  Finding withEvidence(Evidence other) {
    return new Finding(kind, other, text, remedy);
  }

  /** {@return the evidence and the reason} */
  @Override
  public String toString() {
    return new Fact(evidence, text).toString();
  }

  /** The kinds of problems that a diagnosis distinguishes. */
  public enum Kind {
    /** The source credentials returned no token. */
    SOURCE_BROKEN("the source credentials returned no token"),
    /** The source credentials returned a token, but cannot issue this kind of credential. */
    SOURCE_UNABLE("the source credentials cannot do this"),
    /** The service does not accept the token of the source credentials. */
    TOKEN_NOT_ACCEPTED("the source's token is not accepted"),
    /** The token of the source credentials lacks an OAuth 2.0 scope. */
    SCOPE_INSUFFICIENT("the source's token lacks a scope"),
    /** The clock of this machine is wrong, so that JWTs have wrong times. */
    CLOCK_SKEW("this machine's clock is wrong"),
    /** The API is not enabled in the project that is charged for the call. */
    API_DISABLED("the API is disabled"),
    /** The quota of the project is used up for now. */
    QUOTA_EXCEEDED("the quota is used up"),
    /** The service could not be reached, or did not respond properly. */
    UNAVAILABLE("the service does not respond properly"),
    /** The account does not exist. */
    ACCOUNT_NOT_FOUND("account not found"),
    /** The account is disabled. */
    ACCOUNT_DISABLED("account disabled"),
    /** The account refuses; its policy could not be read or searched, so the cause is unknown. */
    ACCESS_DENIED("refused, cause unknown"),
    /** No binding names the member that needs the permission. */
    GRANT_MISSING("no grant"),
    /** The calling account has no role on the target; the target has one on the calling account. */
    GRANT_REVERSED("granted in the reverse direction"),
    /** The policies allow the delegation chain with its delegates in the reverse order. */
    CHAIN_REVERSED("the chain is in the reverse order"),
    /** The member has a role that lacks the permission. */
    WRONG_ROLE("wrong role"),
    /** The member has a role that is not looked up, such as a custom one, and may lack it. */
    ROLE_UNKNOWN("a role that may lack the permission"),
    /** The binding has expired. */
    GRANT_EXPIRED("the grant has expired"),
    /** The binding has a condition that may not be met. */
    CONDITION_NOT_MET("a condition may not be met"),
    /** The binding is for a group or a principal set, to which the member may not belong. */
    NOT_A_MEMBER("perhaps not a member"),
    /** The binding is in the policy, but may not be in effect yet. */
    PROPAGATION("granted, perhaps not in effect yet"),
    /** A lifetime of more than 1 hour requires an organization policy. */
    LIFETIME_TOO_LONG("the lifetime is too long"),
    /** The user's domain does not delegate to the account, or not with these scopes. */
    DOMAIN_NOT_DELEGATED("the domain does not delegate"),
    /** The content of the request is rejected. */
    REQUEST_INVALID("the request is invalid"),
    /** The cause is not a policy of a service account, but for example a service perimeter. */
    REFUSED_OTHERWISE("refused, not by a missing grant");

    private final String description;

    Kind(String description) {
      this.description = description;
    }

    /** {@return the problem in a few words} */
    @Override
    public String toString() {
      return description;
    }
  }
}
