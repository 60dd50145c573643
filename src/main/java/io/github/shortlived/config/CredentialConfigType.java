package io.github.shortlived.config;

import java.util.Locale;

/** A type of credential configuration: the value of its field {@code type}. */
public enum CredentialConfigType {
  /** Workload or workforce identity federation. */
  EXTERNAL_ACCOUNT,
  /** A user who signed in through workforce identity federation. */
  EXTERNAL_ACCOUNT_AUTHORIZED_USER,
  /** A service account, impersonated by the credentials inside the configuration. */
  IMPERSONATED_SERVICE_ACCOUNT,
  /** A service-account key. */
  SERVICE_ACCOUNT,
  /** A user who signed in with {@code gcloud auth application-default login}. */
  AUTHORIZED_USER;

  String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
