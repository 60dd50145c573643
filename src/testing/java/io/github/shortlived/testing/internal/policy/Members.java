package io.github.shortlived.testing.internal.policy;

import io.github.shortlived.internal.text.ServiceAccountEmails;
import io.github.shortlived.model.CredentialException;
import io.github.shortlived.model.Member;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import io.github.shortlived.testing.internal.error.RpcException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The forms of members in allow policies: those that {@link Member#of} accepts, everyone, and
 * deleted principals.
 */
final class Members {
  private static final String SERVICE_ACCOUNT = "serviceAccount:";
  private static final Pattern DELETED =
      Pattern.compile(
          "deleted:(?:(?:user|serviceAccount|group):.*\\?uid=\\d+|principal://.*)", Pattern.DOTALL);
  private static final Pattern USER_OR_GROUP = Pattern.compile("(?:user|group):(.*)");
  private static final Pattern OF_A_POOL =
      Pattern.compile(
          "(principal(?:Set)?)://iam\\.googleapis\\.com/(?:projects/\\d+/)?locations/.*",
          Pattern.DOTALL);

  private Members() {}

  static boolean isMember(String text) {
    Member member = Member.inPolicy(text);
    return member.isEveryone()
        || (member.isDeleted()
            ? DELETED.matcher(text).matches() && isPrincipal(member.beforeDeletion().id())
            : isPrincipal(text));
  }

  /** Returns the email of a member that is a service account. */
  static Optional<String> serviceAccount(String member) {
    return member.startsWith(SERVICE_ACCOUNT)
        ? Optional.of(member.substring(SERVICE_ACCOUNT.length()))
        : Optional.empty();
  }

  /** Refuses text that is no member, with the texts that users quote. */
  static void require(String text) {
    if (!isMember(text)) {
      throw invalid(text);
    }
  }

  private static boolean isPrincipal(String id) {
    try {
      Member unused = Member.of(id);
      return true;
    } catch (CredentialException.InvalidRequest invalid) {
      return false;
    }
  }

  private static RpcException invalid(String text) {
    Matcher mistaken = USER_OR_GROUP.matcher(text);
    if (mistaken.matches() && ServiceAccountEmails.isServiceAccount(mistaken.group(1))) {
      return GoogleErrors.invalid(
          "Principal %1$s is of type \"serviceAccount\". The principal should appear as \"serviceAccount:%1$s\"."
              .formatted(mistaken.group(1)));
    }
    Matcher ofPool = OF_A_POOL.matcher(text);
    return GoogleErrors.invalid(
        ofPool.matches()
            ? "Invalid %s member (%s).".formatted(ofPool.group(1), text)
            : "The member %s is of an unknown type. Please set a valid type prefix for the member."
                .formatted(text));
  }
}
