package io.github.shortlived.testing.internal.client;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.testing.internal.json.Json;
import io.github.shortlived.testing.internal.token.RefreshTokens;
import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;

/** The credentials files that gcloud writes, field by field as it writes them. */
public final class CredentialFiles {
  /** The name of a file of Application Default Credentials. */
  public static final String ADC_NAME = "application_default_credentials.json";

  private static final Pattern EMAIL = Pattern.compile("[^\\s@:]+@[^\\s@:]+");

  private CredentialFiles() {}

  /** The hops are the delegates in the order of the chain and, last, the target. */
  public static String impersonatedServiceAccount(
      String sourceKey, List<ServiceAccount> hops, URI emulator) {
    ServiceAccount target = hops.get(hops.size() - 1);
    JsonArray delegates = new JsonArray();
    hops.subList(0, hops.size() - 1).forEach(delegate -> delegates.add(delegate.id()));
    JsonObject file = new JsonObject();
    file.add("delegates", delegates);
    file.addProperty(
        "service_account_impersonation_url",
        emulator + "/v1/" + target.resourceName() + ":generateAccessToken");
    file.add("source_credentials", JsonParser.parseString(sourceKey));
    file.addProperty("type", "impersonated_service_account");
    return Json.pretty(file);
  }

  /** Holds a new refresh token of the user. */
  public static String authorizedUser(String email, RefreshTokens tokens, URI tokenUri) {
    if (!EMAIL.matcher(email).matches()) {
      throw new IllegalArgumentException(
          "\"" + email + "\" is no user's email address: give one such as admin@example.com");
    }
    JsonObject file = new JsonObject();
    file.addProperty("account", email);
    file.addProperty("client_id", tokens.clientId());
    file.addProperty("client_secret", tokens.clientSecret());
    file.addProperty("refresh_token", tokens.issue(email));
    file.addProperty("token_uri", tokenUri.toString());
    file.addProperty("type", "authorized_user");
    file.addProperty("universe_domain", "googleapis.com");
    return Json.pretty(file);
  }
}
