package com.example.signing;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.testing.IamEmulator;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Replaces the credentials of the application, for tests: they call an emulator. */
class EmulatorProducer {
  private static final String APPLICATION = "signing@my-project.iam.gserviceaccount.com";
  private static final String DEPLOYER = "deployer@my-project.iam.gserviceaccount.com";

  @Produces
  @Singleton
  IamEmulator emulator() {
    return IamEmulator.builder()
        .serviceAccount(APPLICATION)
        .serviceAccount(DEPLOYER)
        .binding(DEPLOYER, "roles/iam.serviceAccountTokenCreator", "serviceAccount:" + APPLICATION)
        .start();
  }

  void stop(@Disposes IamEmulator emulator) {
    emulator.close();
  }

  @Produces
  @Singleton
  @Alternative
  @Priority(1)
  ShortLivedCredentials credentials(IamEmulator emulator) {
    return emulator.credentialsFor(ServiceAccount.of(APPLICATION));
  }
}
