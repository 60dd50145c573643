package io.github.shortlived.testing.internal.client;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.shortlived.model.ServiceAccount;
import io.github.shortlived.testing.internal.json.Json;
import io.github.shortlived.testing.internal.token.RefreshTokens;
import io.github.shortlived.testing.internal.token.TokenTypes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Creates credentials files with the fields that gcloud writes, and writes files with secrets. */
public final class CredentialFiles {
  /** The name of the file with Application Default Credentials. */
  public static final String ADC_NAME = "application_default_credentials.json";

  private static final Pattern EMAIL = Pattern.compile("[^\\s@:]+@[^\\s@:]+");

  private CredentialFiles() {}

  /** The accounts are the delegates in their order, then the target. */
  public static String impersonatedServiceAccount(
      String sourceKey, List<ServiceAccount> accounts, URI emulator) {
    ServiceAccount target = accounts.get(accounts.size() - 1);
    JsonArray delegates = new JsonArray();
    accounts.subList(0, accounts.size() - 1).forEach(delegate -> delegates.add(delegate.id()));
    JsonObject file = new JsonObject();
    file.add("delegates", delegates);
    file.addProperty(
        "service_account_impersonation_url",
        emulator + "/v1/" + target.resourceName() + ":generateAccessToken");
    file.add("source_credentials", JsonParser.parseString(sourceKey));
    file.addProperty("type", "impersonated_service_account");
    return Json.pretty(file);
  }

  /**
   * Creates a credential configuration of a workload whose subject token is in a file.
   *
   * @param account the account that the configuration impersonates; empty for none
   * @param sts the server of the Security Token Service
   * @param iamCredentials the server of the IAM Credentials API
   */
  public static JsonObject externalAccount(
      String audience, Path tokenFile, Optional<String> account, URI sts, URI iamCredentials) {
    JsonObject source = new JsonObject();
    source.addProperty("file", tokenFile.toString());
    JsonObject file = new JsonObject();
    file.addProperty("type", "external_account");
    file.addProperty("audience", audience);
    file.addProperty("subject_token_type", TokenTypes.JWT);
    file.addProperty("token_url", sts + "/v1/token");
    file.add("credential_source", source);
    account.ifPresent(
        email ->
            file.addProperty(
                "service_account_impersonation_url",
                "%s/v1/projects/-/serviceAccounts/%s:generateAccessToken"
                    .formatted(iamCredentials, email)));
    file.addProperty("universe_domain", "googleapis.com");
    return file;
  }

  /** Issues a refresh token to a user and returns the credentials file with it. */
  public static String authorizedUser(String email, RefreshTokens tokens, URI tokenUri) {
    if (!EMAIL.matcher(email).matches()) {
      throw new IllegalArgumentException(
          "\"" + email + "\" is not a user's email address: use one such as admin@example.com");
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

  /**
   * Writes or replaces a file that only its owner can read, and creates its folder if necessary. A
   * concurrent reader sees the old or the new content.
   */
  public static Path write(Path folder, String name, String content) {
    try {
      Files.createDirectories(folder);
      // Java creates temporary files with permissions 0600 if the file system has permissions.
      Path draft = Files.createTempFile(folder, "." + name, "");
      Files.writeString(draft, content);
      return Files.move(draft, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot write %s into %s: use a folder that you can write to".formatted(name, folder), e);
    }
  }
}
