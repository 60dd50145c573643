package io.github.shortlived.diagnosis;

import static io.github.shortlived.diagnosis.Fact.Evidence.INFERRED;
import static io.github.shortlived.diagnosis.Fact.Evidence.OBSERVED;

import com.google.api.gax.rpc.StatusCode.Code;
import io.github.shortlived.audit.AccountAccess.Entry;
import io.github.shortlived.diagnosis.Finding.Kind;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.RequiredGrant;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.TokenPermission;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Findings about a grant, and about the accounts in a chain. */
record GrantFindings(Stage.Grant grant) {
  private static final String DELAY = "; a grant takes effect after some minutes";

  // The possible causes if the policy could not be read.
  private static final String UNREAD_CAUSES =
      "the binding is missing, has expired, depends on a condition or is not in effect yet, which"
          + " the policy would show; or the account does not exist, or a deny policy or a principal"
          + " access boundary forbids it";

  /** Explains a failure that is caused by the state of an account, not by a policy. */
  static Finding accountState(ServiceAccount account, CredentialException failure) {
    if (FailureClassifier.hasStatus(failure, Code.NOT_FOUND)) {
      return accountNotFound(account);
    }
    return FailureClassifier.saysDisabled(failure)
        ? accountDisabled(account)
        : ServiceFindings.REFUSED_OTHERWISE;
  }

  /** Returns the finding about the account; inferred if the failure does not name it. */
  static Finding likelyAccountState(ServiceAccount account, CredentialException failure) {
    return accountState(account, failure)
        .withEvidence(FailureClassifier.names(account, failure) ? OBSERVED : INFERRED);
  }

  static Finding accountNotFound(ServiceAccount account) {
    return Finding.observed(
        Kind.ACCOUNT_NOT_FOUND,
        account + " does not exist: its name is misspelled, or it was deleted",
        "check the name; a deleted account can be restored for 30 days",
        ServiceFindings.describeCommand(account.id()),
        "gcloud iam service-accounts undelete UNIQUE_ID");
  }

  private static Finding accountDisabled(ServiceAccount account) {
    return Finding.observed(
        Kind.ACCOUNT_DISABLED,
        account + " is disabled",
        "enable it, unless it was disabled on purpose",
        "gcloud iam service-accounts enable " + account);
  }

  /** Explains why source credentials may not act as their account, by the grants that they need. */
  static Finding mayNotImpersonate(List<RequiredGrant> grants) {
    ServiceAccount account = grants.get(grants.size() - 1).account();
    String member = grants.get(0).member().map(RequestText::name).orElse("MEMBER");
    return refused(
        "the source credentials act as %s, but nothing in effect allows %s to do so"
            .formatted(account, member),
        "",
        grants);
  }

  Finding policyNotReadable() {
    return refused(
        "nothing in effect allows " + use(),
        unlessSelf() + "run the diagnosis with an audit that can read the policy; or ",
        List.of(grant.required()));
  }

  /** Explains a refusal whose cause only the policy of the last account would show. */
  private static Finding refused(String text, String fix, List<RequiredGrant> grants) {
    return new Finding(
        Kind.ACCESS_DENIED,
        INFERRED,
        text + ": " + UNREAD_CAUSES,
        Remedy.granting(
            fix + "grant it, which changes nothing if it is already granted" + DELAY,
            grants,
            ServiceFindings.describeCommand(grants.get(grants.size() - 1).account().id())));
  }

  Finding memberUnknown() {
    return fixedByGrant(
        Kind.ACCESS_DENIED,
        "the member that needs the grant is not known by its email address, so the policy cannot be"
            + " searched",
        "grant it to that member");
  }

  Finding propagating() {
    return Finding.inferred(
        Kind.PROPAGATION,
        ("a binding that allows %s is in the policy, but may not be in effect yet: that typically"
                + " takes 2 minutes, sometimes 7 or more; if requests stay refused, a deny policy or"
                + " a principal access boundary may forbid it")
            .formatted(use()),
        "wait and try again, as Grants.awaitEffective does");
  }

  Finding reversed(ServiceAccount caller) {
    return fixedByGrant(
        Kind.GRANT_REVERSED,
        ("the grant has the wrong direction: it allows %2$s to act as %1$s; to allow %1$s to act as"
                + " %2$s, it has to be on %2$s")
            .formatted(caller, grant.account()),
        "grant it on %s, and revoke the other one unless it is needed".formatted(grant.account()));
  }

  /** Explains a chain that the policies allow in the reverse order, by these grants. */
  static Finding chainReversed(List<Stage.Grant> grants) {
    String chain =
        grants.stream().map(next -> next.account().id()).collect(Collectors.joining(" -> "));
    return Finding.inferred(
        Kind.CHAIN_REVERSED,
        "the chain seems to be in the reverse order: the policies allow %s -> %s"
            .formatted(grants.get(0).memberName(), chain),
        "list the delegates in that order; no grant is needed");
  }

  Finding conditionNotMet() {
    return fixedByGrant(
        Kind.CONDITION_NOT_MET,
        ("the binding that allows %s depends on a condition, which is not evaluated here and may"
                + " not be met")
            .formatted(use()),
        "call as the condition requires, or grant without it");
  }

  Finding expired() {
    return fixedByGrant(
        Kind.GRANT_EXPIRED,
        "the binding that allowed %s has expired".formatted(use()),
        "grant it again; the grant below does not expire, unless expiringIn(...) or a condition is"
            + " added");
  }

  /** Explains what the policy contains instead of a binding with the permission. */
  Finding ofOtherBindings(GrantBindings bindings) {
    List<Entry> own = bindings.own();
    if (own.stream().anyMatch(entry -> !entry.roleKnown())) {
      return roleUnknown();
    } else if (!own.isEmpty()) {
      return wrongRole(own);
    }
    return bindings.ofGroups().isEmpty() ? missing(bindings) : notAMember(bindings);
  }

  private Finding roleUnknown() {
    return fixedByGrant(
        Kind.ROLE_UNKNOWN,
        "this library does not know the role, which may lack " + grant.permission().permission(),
        "list the permissions of the role with gcloud iam roles describe, or grant a role with this"
            + " permission");
  }

  private Finding wrongRole(List<Entry> own) {
    return fixedByGrant(
        Kind.WRONG_ROLE,
        "%s does not allow its holder to %s, which requires %s"
            .formatted(
                join(own, entry -> entry.binding().role()),
                action(),
                grant.permission().permission()),
        "grant the role that does");
  }

  private Finding notAMember(GrantBindings bindings) {
    return fixedByGrant(
        Kind.NOT_A_MEMBER,
        ("%s can %s; only Google knows whether %s is a member, and a new membership takes effect"
                + " with a delay")
            .formatted(
                join(bindings.ofGroups(), entry -> entry.binding().member().id()),
                action(),
                grant.memberName()),
        "add it as a member, or grant the role to it directly");
  }

  private static String join(List<Entry> entries, Function<Entry, String> text) {
    return entries.stream().map(text).distinct().collect(Collectors.joining(" and "));
  }

  private Finding missing(GrantBindings bindings) {
    String former =
        bindings.hasDeletedAccount()
            ? "; the existing one is for a deleted account of the same name"
            : "";
    return fixedByGrant(
        Kind.GRANT_MISSING, "no binding allows %s%s".formatted(use(), former), "grant it");
  }

  private Finding fixedByGrant(Kind kind, String text, String fix) {
    Remedy remedy = Remedy.granting(unlessSelf() + fix + DELAY, List.of(grant.required()));
    return new Finding(kind, INFERRED, text, remedy);
  }

  private String unlessSelf() {
    return grant.required().isOnItself()
        ? "use Target.self(), unless it is to sign without a key; then "
        : "";
  }

  private String use() {
    return grant.memberName() + " to " + action();
  }

  private String action() {
    return grant.permission() == TokenPermission.IMPLICIT_DELEGATION
        ? "delegate through " + grant.account()
        : "obtain %s of %s".formatted(RequestText.withArticle(grant.permission()), grant.account());
  }
}
