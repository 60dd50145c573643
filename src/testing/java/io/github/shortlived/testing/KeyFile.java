package io.github.shortlived.testing;

import com.google.common.net.UrlEscapers;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import java.net.URI;

/** Service-account key files, field by field as Google writes them. */
final class KeyFile {
  private static final Gson PRETTY =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
  private static final String CERTIFICATES = "https://www.googleapis.com/robot/v1/metadata/x509/";

  private KeyFile() {}

  static String json(Account account, SigningKey key, URI tokenUri) {
    JsonObject file = new JsonObject();
    file.addProperty("type", "service_account");
    file.addProperty("project_id", account.projectId());
    file.addProperty("private_key_id", key.id());
    file.addProperty(
        "private_key", SeenSecrets.tell(Pem.of("PRIVATE KEY", key.privateKey().getEncoded())));
    file.addProperty("client_email", account.email());
    file.addProperty("client_id", account.uniqueId());
    file.addProperty("auth_uri", "https://accounts.google.com/o/oauth2/auth");
    file.addProperty("token_uri", tokenUri.toString());
    file.addProperty("auth_provider_x509_cert_url", "https://www.googleapis.com/oauth2/v1/certs");
    file.addProperty(
        "client_x509_cert_url",
        CERTIFICATES + UrlEscapers.urlFormParameterEscaper().escape(account.email()));
    file.addProperty("universe_domain", "googleapis.com");
    return PRETTY.toJson(file) + "\n";
  }
}
