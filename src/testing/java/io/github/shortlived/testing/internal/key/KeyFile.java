package io.github.shortlived.testing.internal.key;

import com.google.common.net.UrlEscapers;
import com.google.gson.JsonObject;
import io.github.shortlived.testing.internal.json.Json;
import java.net.URI;

/** Creates service-account key files with the fields of Google's. */
public final class KeyFile {
  private static final String CERTIFICATES = "https://www.googleapis.com/robot/v1/metadata/x509/";

  private KeyFile() {}

  /** The owner of the key is the email of the account. */
  public static String json(String projectId, String uniqueId, PublishedKey key, URI tokenUri) {
    JsonObject file = new JsonObject();
    file.addProperty("type", "service_account");
    file.addProperty("project_id", projectId);
    file.addProperty("private_key_id", key.id());
    file.addProperty(
        "private_key",
        SecretRecorder.record(Pem.of("PRIVATE KEY", key.key().privateKey().getEncoded())));
    file.addProperty("client_email", key.owner());
    file.addProperty("client_id", uniqueId);
    file.addProperty("auth_uri", "https://accounts.google.com/o/oauth2/auth");
    file.addProperty("token_uri", tokenUri.toString());
    file.addProperty("auth_provider_x509_cert_url", "https://www.googleapis.com/oauth2/v1/certs");
    file.addProperty(
        "client_x509_cert_url",
        CERTIFICATES + UrlEscapers.urlFormParameterEscaper().escape(key.owner()));
    file.addProperty("universe_domain", "googleapis.com");
    return Json.pretty(file);
  }
}
