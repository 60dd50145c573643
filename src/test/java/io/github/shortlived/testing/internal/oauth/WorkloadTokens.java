package io.github.shortlived.testing.internal.oauth;

import static io.github.shortlived.testing.Demo.CLOUD_PLATFORM;
import static io.github.shortlived.testing.Demo.PROJECT;

import io.github.shortlived.testing.IamEmulator;
import io.github.shortlived.testing.Wire;
import io.github.shortlived.testing.WorkloadIdentityProvider;
import java.util.LinkedHashMap;
import java.util.Map;

/** Token exchanges for the workload {@code main} of the pool {@code ci-pool} of a world. */
record WorkloadTokens(IamEmulator emulator) {
  WorkloadIdentityProvider provider() {
    return emulator.workloadIdentityProvider(PROJECT, "ci-pool", "ci-provider");
  }

  /** Returns the request of an exchange. */
  Map<String, String> form() {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange");
    form.put("requested_token_type", "urn:ietf:params:oauth:token-type:access_token");
    form.put("audience", provider().audience());
    form.put("scope", CLOUD_PLATFORM);
    form.put("subject_token_type", "urn:ietf:params:oauth:token-type:jwt");
    form.put("subject_token", provider().subjectToken("main"));
    return form;
  }

  /** Returns the access token of the workload. */
  String federated() {
    return Wire.json(Wire.anonymous(emulator).form("/v1/token", form()))
        .get("access_token")
        .getAsString();
  }
}
