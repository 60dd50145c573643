package io.github.shortlived.config;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.github.shortlived.TestKeys;

/** Credential configurations as gcloud writes them. A message must not contain {@code hidden}. */
public final class ConfigExamples {
  static final String EVIL = "https://evil.example/hidden";
  static final String IDP = "https://idp.example/hidden";

  private ConfigExamples() {}

  /** Workload identity federation with this source of subject tokens. */
  public static JsonObject externalAccount(JsonObject credentialSource) {
    JsonObject configuration = typed("external_account");
    configuration.addProperty("audience", "//iam.googleapis.com/hidden");
    configuration.addProperty(
        "subject_token_type",
        "urn:ietf:params:oauth:token-type:"
            + (credentialSource.has("certificate") ? "mtls" : "jwt"));
    configuration.addProperty("token_url", "https://sts.googleapis.com/v1/token");
    configuration.addProperty("token_info_url", "https://sts.googleapis.com/v1/introspect");
    configuration.addProperty(
        "service_account_impersonation_url",
        "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/"
            + "hidden@p.iam.gserviceaccount.com:generateAccessToken");
    JsonObject impersonation = new JsonObject();
    impersonation.addProperty("token_lifetime_seconds", 2800);
    configuration.add("service_account_impersonation", impersonation);
    configuration.add("credential_source", credentialSource);
    return configuration;
  }

  public static JsonObject urlSource() {
    JsonObject source = object("url", IDP);
    source.add("headers", object("Metadata", "hidden"));
    JsonObject format = object("type", "json");
    format.addProperty("subject_token_field_name", "access_token");
    source.add("format", format);
    return source;
  }

  static JsonObject fileSource() {
    return object("file", "/var/run/hidden");
  }

  static JsonObject executableSource() {
    JsonObject executable = object("command", "/opt/idp hidden");
    executable.addProperty("timeout_millis", 5000);
    executable.addProperty("output_file", "/var/run/hidden");
    JsonObject source = new JsonObject();
    source.add("executable", executable);
    return source;
  }

  static JsonObject certificateSource() {
    JsonObject certificate = object("certificate_config_location", "/etc/hidden.json");
    certificate.addProperty("trust_chain_path", "/etc/hidden.pem");
    JsonObject source = new JsonObject();
    source.add("certificate", certificate);
    return source;
  }

  static JsonObject machineCertificateSource() {
    JsonObject certificate = new JsonObject();
    certificate.addProperty("use_default_certificate_config", true);
    JsonObject source = new JsonObject();
    source.add("certificate", certificate);
    return source;
  }

  static JsonObject awsSource() {
    JsonObject source = object("environment_id", "aws1");
    source.addProperty("region_url", "http://169.254.169.254/latest/meta-data/placement/zone");
    source.addProperty("url", "http://169.254.169.254/latest/meta-data/iam/security-credentials");
    source.addProperty("imdsv2_session_token_url", "http://169.254.169.254/latest/api/token");
    source.addProperty(
        "regional_cred_verification_url",
        "https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15");
    return source;
  }

  static JsonObject azureSource() {
    JsonObject source =
        object(
            "url",
            "http://169.254.169.254/metadata/identity/oauth2/token"
                + "?api-version=2018-02-01&resource=hidden");
    source.add("headers", object("Metadata", "True"));
    return source;
  }

  static JsonObject federatedUser() {
    JsonObject configuration = typed("external_account_authorized_user");
    configuration.addProperty("audience", "//iam.googleapis.com/hidden");
    configuration.addProperty("client_id", "hidden");
    configuration.addProperty("client_secret", "hidden");
    configuration.addProperty("refresh_token", "hidden");
    configuration.addProperty("token_url", "https://sts.googleapis.com/v1/oauthtoken");
    configuration.addProperty("token_info_url", "https://sts.googleapis.com/v1/introspect");
    configuration.addProperty("revoke_url", "https://sts.googleapis.com/v1/revoke");
    return configuration;
  }

  static JsonObject authorizedUser() {
    JsonObject configuration = typed("authorized_user");
    configuration.addProperty("account", "");
    configuration.addProperty("client_id", "hidden");
    configuration.addProperty("client_secret", "hidden");
    configuration.addProperty("refresh_token", "hidden");
    configuration.addProperty("quota_project_id", "hidden");
    configuration.addProperty("token_uri", "https://oauth2.googleapis.com/token");
    return configuration;
  }

  public static JsonObject serviceAccount() {
    JsonObject configuration = typed("service_account");
    configuration.addProperty("project_id", "hidden");
    configuration.addProperty("private_key_id", "hidden");
    configuration.addProperty("private_key", TestKeys.pem());
    configuration.addProperty("client_email", "hidden@p.iam.gserviceaccount.com");
    configuration.addProperty("client_id", "hidden");
    configuration.addProperty("auth_uri", "https://accounts.google.com/o/oauth2/auth");
    configuration.addProperty("token_uri", "https://oauth2.googleapis.com/token");
    configuration.addProperty(
        "auth_provider_x509_cert_url", "https://www.googleapis.com/oauth2/v1/certs");
    configuration.addProperty(
        "client_x509_cert_url",
        "https://www.googleapis.com/robot/v1/metadata/x509/hidden%40p.iam.gserviceaccount.com");
    return configuration;
  }

  static JsonObject impersonated(JsonObject sourceCredentials) {
    JsonObject configuration = typed("impersonated_service_account");
    configuration.add("delegates", new JsonArray());
    configuration.getAsJsonArray("delegates").add("hidden@p.iam.gserviceaccount.com");
    configuration.addProperty(
        "service_account_impersonation_url",
        "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/"
            + "hidden@p.iam.gserviceaccount.com:generateAccessToken");
    configuration.add("source_credentials", sourceCredentials);
    return configuration;
  }

  /** Sets the field at a path such as {@code credential_source.url}. */
  static JsonObject with(JsonObject configuration, String path, JsonElement value) {
    int dot = path.indexOf('.');
    if (dot < 0) {
      configuration.add(path, value);
    } else {
      with(configuration.getAsJsonObject(path.substring(0, dot)), path.substring(dot + 1), value);
    }
    return configuration;
  }

  static JsonObject with(JsonObject configuration, String path, String value) {
    return with(configuration, path, new JsonPrimitive(value));
  }

  /** Removes the field at this path. */
  static JsonObject without(JsonObject configuration, String path) {
    int dot = path.indexOf('.');
    if (dot < 0) {
      configuration.remove(path);
    } else {
      without(configuration.getAsJsonObject(path.substring(0, dot)), path.substring(dot + 1));
    }
    return configuration;
  }

  /** Returns the same configuration in another universe. */
  static JsonObject in(JsonObject configuration, String universe) {
    String moved = configuration.toString().replaceAll("googleapis\\.com", universe);
    return JsonParser.parseString(moved.replaceAll("accounts\\.google\\.com", "oauth2." + universe))
        .getAsJsonObject();
  }

  static JsonObject object(String name, String value) {
    JsonObject object = new JsonObject();
    object.addProperty(name, value);
    return object;
  }

  private static JsonObject typed(String type) {
    JsonObject configuration = object("type", type);
    configuration.addProperty("universe_domain", "googleapis.com");
    return configuration;
  }
}
