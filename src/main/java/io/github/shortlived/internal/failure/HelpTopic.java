package io.github.shortlived.internal.failure;

import java.util.Locale;

/** The sections of the troubleshooting page, one for each cause of a failure. */
public enum HelpTopic {
  /** A policy denies the call; a grant helps. */
  PERMISSION_DENIED,
  /** The call was still denied after the wait for a grant. */
  GRANT_NOT_EFFECTIVE,
  /** Something besides IAM denies the call, such as a service perimeter; no grant helps. */
  DENIED_OUTSIDE_IAM,
  /** The user's domain does not delegate to the account. */
  DOMAIN_NOT_DELEGATED,
  /** A name does not exist. */
  NOT_FOUND,
  /** The request is refused before the network is used. */
  INVALID_REQUEST,
  /** The service rejects the content of the request. */
  REQUEST_REJECTED,
  /** The organization does not allow a lifetime of more than an hour. */
  LIFETIME_NOT_ALLOWED,
  /** The state of a resource prevents the call, such as a disabled account. */
  PRECONDITION_FAILED,
  /** The API is not enabled. */
  API_DISABLED,
  /** Another writer changed the same resource. */
  CONCURRENT_CHANGE,
  /** The service has a transient fault. */
  SERVICE_UNAVAILABLE,
  /** The cause is unknown; the message of the service may name it. */
  UNEXPECTED_FAILURE,
  /** No service failed: a wait timed out, or the credential is unusable. */
  NOTHING_ISSUED,
  /** A class or method of another library is missing at run time. */
  WRONG_CLASS_PATH,
  /** The source credentials returned no token. */
  NO_SOURCE_TOKEN,
  /** This machine's clock is wrong: a JWT is rejected for its times, or a new token is expired. */
  CLOCK_SKEW,
  /** The service rejects the source's token. */
  SOURCE_TOKEN_REJECTED,
  /** The source's token lacks a scope. */
  MISSING_SCOPE,
  /** There are no Application Default Credentials. */
  NO_DEFAULT_CREDENTIALS,
  /** The source credentials are broken, or their type does not support the request. */
  SOURCE_UNUSABLE,
  /** A credential configuration breaks its policy. */
  CONFIGURATION_REFUSED,
  /** The calls go to an emulator, and the source credentials are not its own. */
  NOT_OF_THE_EMULATOR,
  /** A token or blob is malformed, or its signature does not prove who signed it. */
  SIGNATURE_INVALID,
  /** Cloud Run checked a token and removed its signature. */
  SIGNATURE_REMOVED,
  /** A token is expired, not yet valid, or valid for too long. */
  OUTSIDE_VALIDITY,
  /** A token is genuine, but from another issuer or account, or for another receiver. */
  CLAIM_NOT_EXPECTED;

  // A constant, because exceptions are no place to read a file; a test compares it with the POM.
  private static final String PAGE =
      "https://shortlived.github.io/short-lived-credentials/troubleshooting.html";

  /** Returns the name of the section. */
  public String anchor() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns the URL of the section. */
  public String url() {
    return PAGE + "#" + anchor();
  }
}
