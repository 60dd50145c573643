package io.github.shortlived.internal.failure;

import java.util.Locale;

/** The sections of the page that explains failures: one for each cause that is told apart. */
public enum HelpTopic {
  /** Policies refuse; a grant helps. */
  PERMISSION_DENIED,
  /** A grant was waited for, and refusals went on. */
  GRANT_NOT_EFFECTIVE,
  /** Refused by something that no grant cures, such as a service perimeter. */
  DENIED_OUTSIDE_IAM,
  /** The user's domain does not delegate to the account. */
  DOMAIN_NOT_DELEGATED,
  /** A name that nobody has. */
  NOT_FOUND,
  /** Refused before the network was used. */
  INVALID_REQUEST,
  /** Refused by the service, for what it says. */
  REQUEST_REJECTED,
  /** More than an hour, which the organization does not allow. */
  LIFETIME_NOT_ALLOWED,
  /** Refused by the state of something, such as a disabled account. */
  PRECONDITION_FAILED,
  /** The API is not enabled. */
  API_DISABLED,
  /** Somebody else changed the same thing. */
  CONCURRENT_CHANGE,
  /** A fault that may pass. */
  SERVICE_UNAVAILABLE,
  /** A failure of which nothing is known but its words. */
  UNEXPECTED_FAILURE,
  /** No service is to blame: waiting ended, or what came is of no use. */
  NOTHING_ISSUED,
  /** The source gave no token of its own. */
  NO_SOURCE_TOKEN,
  /** This machine's clock is wrong: a JWT was refused for its times, or a token had expired. */
  CLOCK_SKEW,
  /** The service did not accept the source's token. */
  SOURCE_TOKEN_REJECTED,
  /** The source's token lacks a scope. */
  MISSING_SCOPE,
  /** There are no Application Default Credentials. */
  NO_DEFAULT_CREDENTIALS,
  /** The source is broken, or of a kind that cannot do this. */
  SOURCE_UNUSABLE,
  /** A configuration from outside breaks the policy for it. */
  CONFIGURATION_REFUSED;

  private static final String PAGE = "troubleshooting.md";

  /** The name of its section. */
  public String anchor() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The page and the section. */
  public String url() {
    return PAGE + "#" + anchor();
  }
}
