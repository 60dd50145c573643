package io.github.shortlived.testing.internal.rpc;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The headers of a request that identify the caller and the quota project, on either transport. */
record CallerHeaders(@Nullable String authorization, @Nullable String userProject) {
  static final String AUTHORIZATION = "authorization";
  static final String USER_PROJECT = "x-goog-user-project";

  /** Returns the ID or number of the project for quota and billing that the caller specifies. */
  Optional<String> quotaProject() {
    return Optional.ofNullable(userProject).filter(project -> !project.isBlank());
  }

  /** The authorization is a secret. */
  @Override
  public String toString() {
    return "CallerHeaders[" + USER_PROJECT + ": " + userProject + "]";
  }
}
