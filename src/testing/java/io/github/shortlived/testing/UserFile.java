package io.github.shortlived.testing;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import java.net.URI;
import java.util.regex.Pattern;

/** A user's credentials file, field by field as gcloud writes it. */
final class UserFile {
  private static final Gson PRETTY =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
  private static final Pattern EMAIL = Pattern.compile("[^\\s@:]+@[^\\s@:]+");

  private UserFile() {}

  static String json(String email, RefreshTokens tokens, URI tokenUri) {
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
    return PRETTY.toJson(file) + "\n";
  }
}
