package io.github.shortlived.model;

import io.github.shortlived.internal.failure.HelpTopic;

/** A check of a token or of a signed blob, for a {@code switch} on the reason of a refusal. */
public enum VerificationCheck {
  /** The text is a JSON Web Token in compact form, with unique names and the required claims. */
  FORMAT(HelpTopic.SIGNATURE_INVALID),
  /** The header has no type of another kind of token, and names no key of its own. */
  HEADER(HelpTopic.SIGNATURE_INVALID),
  /** The algorithm is RS256, or ES256 for Identity-Aware Proxy. */
  ALGORITHM(HelpTopic.SIGNATURE_INVALID),
  /** The signer publishes a key with this ID. */
  KEY_ID(HelpTopic.SIGNATURE_INVALID),
  /** The key made the signature over exactly this content. */
  SIGNATURE(HelpTopic.SIGNATURE_INVALID),
  /** The signature is still there; Cloud Run removes it from tokens that it checked. */
  SIGNATURE_REMOVED(HelpTopic.SIGNATURE_REMOVED),
  /** The token has not expired. */
  EXPIRY(HelpTopic.OUTSIDE_VALIDITY),
  /** The token is already valid, and was not issued in the future. */
  NOT_YET_VALID(HelpTopic.OUTSIDE_VALIDITY),
  /** The token is not valid for longer than allowed. */
  LIFETIME(HelpTopic.OUTSIDE_VALIDITY),
  /** The claim {@code iss} is the expected one. */
  ISSUER(HelpTopic.CLAIM_NOT_EXPECTED),
  /** The claim {@code aud} is the expected one, and the only one. */
  AUDIENCE(HelpTopic.CLAIM_NOT_EXPECTED),
  /** The token is one of the expected service account. */
  ACCOUNT(HelpTopic.CLAIM_NOT_EXPECTED),
  /** The token has an email address that Google verified. */
  EMAIL(HelpTopic.CLAIM_NOT_EXPECTED),
  /** The claim {@code azp} is the expected one. */
  AUTHORIZED_PARTY(HelpTopic.CLAIM_NOT_EXPECTED);

  private final HelpTopic topic;

  VerificationCheck(HelpTopic topic) {
    this.topic = topic;
  }

  HelpTopic topic() {
    return topic;
  }
}
