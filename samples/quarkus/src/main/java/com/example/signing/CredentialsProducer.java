package com.example.signing;

import io.github.shortlived.ShortLivedCredentials;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Creates the credentials of the application once, and closes them at its end. */
class CredentialsProducer {
  @Produces
  @Singleton
  ShortLivedCredentials credentials() {
    return ShortLivedCredentials.create();
  }

  void close(@Disposes ShortLivedCredentials credentials) {
    credentials.close();
  }
}
