package io.github.shortlived.grant;

import io.github.shortlived.model.CredentialException.NotFound;
import java.util.Optional;

/**
 * What the policies say about a hop that is refused.
 *
 * @param kind the gist, worst last
 * @param text the same in sentences
 * @param gone how reading the policy failed, if the account is not there
 */
record InspectionResult(Kind kind, String text, Optional<NotFound> gone) {
  private static final String PATIENCE =
      "typically 2 minutes, sometimes 7 or more. Waiting can be repeated.";

  enum Kind {
    IN_PLACE,
    UNREADABLE,
    EXPIRED,
    MISSING,
    GONE;

    /** Whether a read that was older than the grant may say so: reads are eventually consistent. */
    boolean mayPass() {
      return this == MISSING || this == GONE;
    }
  }

  static InspectionResult inPlace() {
    return of(Kind.IN_PLACE, "It is in the policy, and may take longer: " + PATIENCE);
  }

  static InspectionResult unreadable(Exception why) {
    String what = "If it is in the policy, which could not be read, it may take longer: ";
    String first = String.valueOf(why.getMessage()).lines().findFirst().orElse("");
    return of(Kind.UNREADABLE, what + PATIENCE + " " + first);
  }

  static InspectionResult of(Kind kind, String text) {
    return new InspectionResult(kind, text, Optional.empty());
  }

  static InspectionResult gone(NotFound why) {
    return new InspectionResult(Kind.GONE, "The account does not exist.", Optional.of(why));
  }
}
