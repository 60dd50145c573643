package io.github.shortlived.diagnosis;

import static io.github.shortlived.diagnosis.Evidence.INFERRED;
import static io.github.shortlived.diagnosis.Evidence.OBSERVED;

import com.google.api.gax.rpc.StatusCode.Code;
import io.github.shortlived.audit.AccountAccess.Entry;
import io.github.shortlived.diagnosis.Finding.Kind;
import io.github.shortlived.diagnosis.Step.Status;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.policy.TokenPermission;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is wrong with a link, in words, and what to do about it. */
final class LinkFindings {
  static final String DELAY = "; that takes effect after some minutes";

  /** What a policy would tell that could not be read. */
  static final String UNSEEN =
      "the binding is missing, has ended, counts under a condition or is not in effect yet, which"
          + " the policy would tell; or the account does not exist, or a deny policy or a principal"
          + " access boundary forbids it";

  private LinkFindings() {}

  /** Whether a link gets a request on, judged by its policy alone. */
  static Status statusBy(Kind kind) {
    return switch (kind) {
      case CONDITION_NOT_MET, NOT_A_MEMBER, ROLE_UNKNOWN, LINK_REFUSED -> Status.UNKNOWN;
      default -> Status.FAILS;
    };
  }

  /** The service said so itself, and no policy is to blame. */
  static Finding answered(ServiceAccount account, CredentialException answer) {
    if (answer.status().equals(Optional.of(Code.NOT_FOUND))) {
      return gone(account.id());
    }
    return FailureClassifier.saysDisabled(answer) ? disabled(account) : Findings.refusedOtherwise();
  }

  static Finding gone(String account) {
    return new Finding(
        Kind.ACCOUNT_NOT_FOUND,
        OBSERVED,
        account + " does not exist: its name is misspelled, or it was deleted",
        Remedy.of(
            "check the name; for 30 days an account that was deleted can be restored",
            describe(account),
            "gcloud iam service-accounts undelete UNIQUE_ID"));
  }

  private static Finding disabled(ServiceAccount account) {
    return new Finding(
        Kind.ACCOUNT_DISABLED,
        OBSERVED,
        account + " is disabled",
        Remedy.of(
            "enable it, if whoever disabled it agrees",
            "gcloud iam service-accounts enable " + account));
  }

  static Finding unread(Stage.Link link) {
    return inferred(
        Kind.LINK_REFUSED,
        "nothing in effect lets %s %s: %s".formatted(link.who(), may(link), UNSEEN),
        Remedy.granting(
                "let somebody who may read the policy diagnose; or make the grant, which changes"
                    + " nothing if it is there"
                    + DELAY,
                link)
            .first(describe(link.account().id())));
  }

  static String describe(String account) {
    return "gcloud iam service-accounts describe " + account;
  }

  static Finding nameless(Stage.Link link) {
    return inferred(
        Kind.LINK_REFUSED,
        "who has to pass is not known by an email address, so the policy cannot be searched",
        Remedy.granting("grant it to whoever calls" + DELAY, link));
  }

  static Finding propagating(Stage.Link link) {
    return inferred(
        Kind.PROPAGATION,
        "what lets %s %s is in the policy, and may not be in effect yet: typically after 2 minutes, sometimes 7 or more; if it stays refused, a deny policy or a principal access boundary may forbid it"
            .formatted(link.who(), may(link)),
        Remedy.of("wait and ask again, as Grants.awaitEffective does"));
  }

  static Finding reversed(Stage.Link link, ServiceAccount caller) {
    return inferred(
        Kind.LINK_REVERSED,
        "the grant is the wrong way round: it lets %2$s act as %1$s; for %1$s it has to be on %2$s"
            .formatted(caller, link.account()),
        Remedy.granting(
            "grant it on %s, and take the other one back unless it is wanted%s"
                .formatted(link.account(), DELAY),
            link));
  }

  /** What is amiss with a binding that would do, if there is one. */
  static Optional<Finding> ofForward(Stage.Link link, LinkBindings reading) {
    if (!reading.conditional().isEmpty()) {
      return Optional.of(conditional(link));
    }
    return reading.ended().isEmpty() ? Optional.empty() : Optional.of(ended(link));
  }

  private static Finding conditional(Stage.Link link) {
    return inferred(
        Kind.CONDITION_NOT_MET,
        "what lets %s %s counts under a condition, which is not evaluated here and may not be met"
            .formatted(link.who(), may(link)),
        Remedy.granting("call as the condition demands, or grant without it" + DELAY, link));
  }

  private static Finding ended(Stage.Link link) {
    return inferred(
        Kind.GRANT_EXPIRED,
        "what let %s %s has ended".formatted(link.who(), may(link)),
        Remedy.granting(
            "grant it anew; what is below lasts until it is taken back, unless expiringIn(...) or a"
                + " condition is added"
                + DELAY,
            link));
  }

  /** What the policy has instead of a binding that would do. */
  static Finding ofAbsence(Stage.Link link, LinkBindings reading) {
    List<Entry> own = reading.own();
    if (own.stream().anyMatch(entry -> !entry.roleKnown())) {
      return unknownRole(link);
    } else if (!own.isEmpty()) {
      return wrongRole(link, own);
    }
    return reading.viaGroups().isEmpty() ? missing(link, reading) : perhapsMember(link, reading);
  }

  private static Finding unknownRole(Stage.Link link) {
    return inferred(
        Kind.ROLE_UNKNOWN,
        "the role is none that this library knows, and may lack %s"
            .formatted(link.permission().permission()),
        Remedy.granting(
            "see what the role gives with gcloud iam roles describe, or grant one that suffices"
                + DELAY,
            link));
  }

  private static Finding wrongRole(Stage.Link link, List<Entry> own) {
    return inferred(
        Kind.WRONG_ROLE,
        "%s does not let its holder %s, which takes %s"
            .formatted(roles(own), may(link), link.permission().permission()),
        Remedy.granting("grant the role that does" + DELAY, link));
  }

  private static String roles(List<Entry> entries) {
    return entries.stream()
        .map(entry -> entry.binding().role())
        .distinct()
        .collect(Collectors.joining(" and "));
  }

  private static Finding perhapsMember(Stage.Link link, LinkBindings reading) {
    String sets =
        reading.viaGroups().stream()
            .map(entry -> entry.binding().member().id())
            .distinct()
            .collect(Collectors.joining(" and "));
    return inferred(
        Kind.NOT_A_MEMBER,
        "%s can %s; whether %s is one of them only Google knows, and a new one has to wait"
            .formatted(sets, may(link), link.who()),
        Remedy.granting("make it a member, or grant it by itself" + DELAY, link));
  }

  private static Finding missing(Stage.Link link, LinkBindings reading) {
    String former =
        reading.former().isEmpty()
            ? ""
            : "; the one there is for an account of the same name that was deleted";
    return inferred(
        Kind.LINK_MISSING,
        "no binding lets %s %s%s".formatted(link.who(), may(link), former),
        Remedy.granting("grant it" + DELAY, link));
  }

  /** What the member of the link needs to be able to do. */
  private static String may(Stage.Link link) {
    String account = link.account().id();
    return link.permission() == TokenPermission.IMPLICIT_DELEGATION
        ? "pass requests on through " + account
        : "have %s of %s issued".formatted(RequestText.withArticle(link.permission()), account);
  }

  private static Finding inferred(Kind kind, String text, Remedy remedy) {
    return new Finding(kind, INFERRED, text, remedy);
  }
}
