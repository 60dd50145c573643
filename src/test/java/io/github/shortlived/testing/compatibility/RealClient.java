package io.github.shortlived.testing.compatibility;

import java.util.Optional;
import java.util.stream.Stream;

/** The clients of the page, in its order. */
enum RealClient {
  AUTH_JAVA("google-auth-library-oauth2-http (Java)"),
  CAB_JAVA("google-auth-library-cab-token-generator (Java)"),
  IAM_CREDENTIALS_JAVA("google-cloud-iamcredentials (Java)"),
  IAM_ADMIN_JAVA("google-iam-admin (Java)"),
  COMPUTE_JAVA("google-cloud-compute (Java)"),
  IAM_APIARY("google-api-services-iam (Java)"),
  IAM_CREDENTIALS_APIARY("google-api-services-iamcredentials (Java)"),
  FIREBASE_JAVA("firebase-admin (Java)"),
  AUTH_NODE("google-auth-library (Node.js)"),
  IAM_CREDENTIALS_NODE("@google-cloud/iam-credentials (Node.js)"),
  FIREBASE_NODE("firebase-admin (Node.js)"),
  GCLOUD("gcloud");

  private final String title;

  RealClient(String title) {
    this.title = title;
  }

  /** Returns the name of the client and its language, as the page shows it. */
  String title() {
    return title;
  }

  /** Returns whether the build, and not the machine, determines the version. */
  boolean hasFixedVersion() {
    return this != GCLOUD;
  }

  static Optional<RealClient> of(String title) {
    return Stream.of(values()).filter(client -> client.title.equals(title)).findFirst();
  }
}
