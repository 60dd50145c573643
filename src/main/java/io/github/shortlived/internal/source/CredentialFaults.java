package io.github.shortlived.internal.source;

import com.google.common.collect.ImmutableMap;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.shortlived.internal.source.CredentialFault.Rule;
import io.github.shortlived.internal.text.GoogleHosts;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Explains why google-auth does not accept a key or another credential file. */
final class CredentialFaults {
  private static final String KEY = "service_account";
  private static final String IMPERSONATED = "impersonated_service_account";
  private static final List<String> KEY_FIELDS =
      List.of("type", "client_email", "client_id", "private_key", "private_key_id");

  private static final String LOGIN = "Run 'gcloud auth application-default login' again";
  private static final String OTHER_METHOD =
      "Pass it to the builder's configurationFile or configuration, or name it in"
          + " GOOGLE_APPLICATION_CREDENTIALS and use Application Default Credentials";

  /** Files without a type that are not credentials. */
  private static final List<Rule<JsonObject>> NO_CREDENTIALS =
      List.of(
          Rule.of(
              json -> json.has("installed") || json.has("web"),
              "is an OAuth client file, which identifies an application and no account",
              "Run 'gcloud auth application-default login --client-id-file=FILE' with it, and use"
                  + " Application Default Credentials"),
          Rule.of(
              json -> json.has("privateKeyData"),
              "is a response of the IAM API, which contains the key file",
              "Decode its field privateKeyData, which is base64, and use the result"));

  /** Types that no method accepts. */
  private static final ImmutableMap<String, CredentialFault> NO_SOURCES =
      ImmutableMap.of(
          "external_account_authorized_user_login_config",
          new CredentialFault(
              "is a login configuration, not a login",
              "Run 'gcloud auth application-default login --login-config=FILE' with it, and use"
                  + " Application Default Credentials"),
          "gdch_service_account",
          new CredentialFault(
              "is a key for Google Distributed Cloud, whose tokens IAM does not accept",
              "Use google-auth's GdchCredentials without this library"));

  /** Types that are no key. */
  private static final ImmutableMap<String, CredentialFault> NO_KEYS =
      ImmutableMap.<String, CredentialFault>builder()
          .putAll(NO_SOURCES)
          .put("authorized_user", noKey("the login of a user"))
          .put("external_account_authorized_user", noKey("the login of a federated user"))
          .put("external_account", noKey("a configuration for identity federation"))
          .put(IMPERSONATED, noKey("a configuration for impersonation"))
          .buildOrThrow();

  /** Types that Application Default Credentials may have, if the file is complete. */
  private static final ImmutableMap<String, CredentialFault> INCOMPLETE =
      ImmutableMap.<String, CredentialFault>builder()
          .putAll(NO_SOURCES)
          .put("authorized_user", incomplete("the login of a user", LOGIN))
          .put(
              "external_account_authorized_user",
              incomplete("the login of a federated user", LOGIN))
          .put(
              "external_account",
              incomplete(
                  "a configuration for identity federation",
                  "Create it again with 'gcloud iam workload-identity-pools create-cred-config'"))
          .put(IMPERSONATED, incomplete("a configuration for impersonation", LOGIN))
          .buildOrThrow();

  private static final CredentialFault NESTED =
      new CredentialFault(
          "impersonates an account with a federated identity, which google-auth cannot load",
          "Save its source_credentials as a file of their own, use that file, and name the account"
              + " as the target of each request");
  private static final CredentialFault TWICE_IMPERSONATED =
      new CredentialFault(
          "impersonates an account through another one, which google-auth cannot load",
          "Put the inner account into delegates, and the innermost source_credentials in its place");
  private static final CredentialFault NO_IMPERSONATION =
      new CredentialFault(
          "is not a configuration for impersonation, whose type is " + IMPERSONATED,
          "Use it as the source credentials, and name the account as the target of each request");
  private static final CredentialFault UNKNOWN =
      new CredentialFault("has no type of a credential file", "Check that it is the right file");
  private static final CredentialFault TOKEN_URI =
      new CredentialFault(
          "has a token_uri that is not an http(s) URL", "Set it to " + GoogleHosts.TOKEN_AUDIENCE);
  private static final CredentialFault OTHER_FIELD =
      new CredentialFault(
          "is a service-account key with a field of the wrong JSON type", CredentialFault.COPY);

  private CredentialFaults() {}

  private static CredentialFault noKey(String kind) {
    return new CredentialFault("is " + kind + ", not a service-account key", OTHER_METHOD);
  }

  private static CredentialFault incomplete(String kind, String fix) {
    return new CredentialFault("is " + kind + " with a missing or malformed field", fix);
  }

  /** Explains a text that google-auth does not accept as a service-account key. */
  static CredentialFault ofKey(String text) {
    return explain(text, NO_KEYS);
  }

  /** Explains a text that google-auth does not accept as Application Default Credentials. */
  static CredentialFault ofDefault(String text) {
    return TextFaults.comment(text).orElseGet(() -> explain(text, INCOMPLETE));
  }

  /** Explains a text that is not accepted as a configuration for impersonation. */
  static CredentialFault ofImpersonation(String text) {
    boolean hasOtherType =
        TextFaults.parse(text)
            .filter(JsonElement::isJsonObject)
            .flatMap(json -> text(json.getAsJsonObject(), "type"))
            .filter(type -> !type.equals(IMPERSONATED))
            .isPresent();
    return hasOtherType ? NO_IMPERSONATION : ofDefault(text);
  }

  private static CredentialFault explain(String text, Map<String, CredentialFault> types) {
    if (!(TextFaults.parse(text).orElse(null) instanceof JsonObject json)) {
      return TextFaults.of(text);
    }
    String type = text(json, "type").orElse("");
    if (type.equals(KEY) || (type.isEmpty() && json.has("private_key"))) {
      return ofFields(json).orElse(OTHER_FIELD);
    }
    return ofSource(json)
        .or(() -> Optional.ofNullable(types.get(type)))
        .or(() -> CredentialFault.first(NO_CREDENTIALS, json))
        .orElse(UNKNOWN);
  }

  /** Explains the source credentials in a configuration for impersonation. */
  private static Optional<CredentialFault> ofSource(JsonObject json) {
    if (!(json.get("source_credentials") instanceof JsonObject source)) {
      return Optional.empty();
    }
    String type = text(source, "type").orElse("");
    if (type.startsWith("external_account")) {
      return Optional.of(NESTED);
    } else if (type.equals(IMPERSONATED)) {
      return Optional.of(TWICE_IMPERSONATED);
    }
    return Optional.of(source)
        .filter(key -> type.equals(KEY))
        .flatMap(CredentialFaults::ofFields)
        .map(inner -> new CredentialFault("contains a key that " + inner.problem(), inner.fix()));
  }

  private static Optional<CredentialFault> ofFields(JsonObject key) {
    String missing =
        KEY_FIELDS.stream()
            .filter(name -> text(key, name).isEmpty())
            .collect(Collectors.joining(", "));
    if (!missing.isEmpty()) {
      return Optional.of(
          new CredentialFault(
              "is a service-account key without the text fields " + missing, CredentialFault.COPY));
    }
    return text(key, "private_key")
        .flatMap(PrivateKeyFaults::of)
        .or(() -> Optional.of(TOKEN_URI).filter(fault -> !hasUrl(key)));
  }

  private static boolean hasUrl(JsonObject key) {
    try {
      return text(key, "token_uri")
          .map(URI::create)
          .filter(url -> !SourceCredentialsLoader.isHttp(url))
          .isEmpty();
    } catch (IllegalArgumentException e) {
      return false; // The message quotes the URL.
    }
  }

  private static Optional<String> text(JsonObject json, String name) {
    return json.get(name) instanceof JsonPrimitive value && value.isString()
        ? Optional.of(value.getAsString())
        : Optional.empty();
  }
}
