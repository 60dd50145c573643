package io.github.shortlived.testing;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.shortlived.model.ServiceAccount;
import java.net.URI;
import java.util.List;

/** Application Default Credentials of the type that gcloud writes for an impersonated account. */
final class AdcFile {
  static final String NAME = "application_default_credentials.json";
  private static final Gson PRETTY =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private AdcFile() {}

  /** The hops are the delegates in travel order and, last, the target. */
  static String impersonated(String sourceKey, List<ServiceAccount> hops, URI emulator) {
    List<ServiceAccount> delegates = hops.subList(0, hops.size() - 1);
    ServiceAccount target = hops.get(hops.size() - 1);
    JsonObject file = new JsonObject();
    file.add("delegates", PRETTY.toJsonTree(delegates.stream().map(ServiceAccount::id).toList()));
    file.addProperty(
        "service_account_impersonation_url",
        emulator + "/v1/" + target.resourceName() + ":generateAccessToken");
    file.add("source_credentials", JsonParser.parseString(sourceKey));
    file.addProperty("type", "impersonated_service_account");
    return PRETTY.toJson(file) + "\n";
  }
}
