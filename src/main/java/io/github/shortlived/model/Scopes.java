package io.github.shortlived.model;

/**
 * OAuth 2.0 scopes of Google APIs.
 *
 * @see <a href="https://developers.google.com/identity/protocols/oauth2/scopes">OAuth 2.0 Scopes
 *     for Google APIs</a>
 */
public final class Scopes {
  /** The scope for all Google Cloud APIs; IAM decides what the token can do. */
  public static final String CLOUD_PLATFORM = "https://www.googleapis.com/auth/cloud-platform";

  private Scopes() {}
}
