package io.github.shortlived.config;

import com.google.common.collect.ImmutableMap;
import com.google.gson.JsonArray;
import com.google.gson.JsonPrimitive;
import io.github.shortlived.config.CredentialConfigPolicy.Command;
import io.github.shortlived.config.CredentialConfigPolicy.File;
import io.github.shortlived.config.CredentialConfigPolicy.Machine;
import io.github.shortlived.internal.text.GoogleHosts;
import io.github.shortlived.model.CredentialException;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which fields a credential configuration has, and what each may say. A field that is not here is
 * refused, for nobody knows what a later reader makes of it.
 */
final class CredentialConfigSchema {
  private static final String GDCH = "gdch_service_account";
  private static final Pattern WHOLE_NUMBER = Pattern.compile("[0-9]{1,9}");
  private static final Pattern HEADER = Pattern.compile("(?!(?i:host)$)[A-Za-z0-9-]{1,50}");

  private static final Map<String, Rule> CERTIFICATE =
      Map.of(
          "use_default_certificate_config", CredentialConfigSchema::machineCertificate,
          "certificate_config_location", CredentialConfigSchema::file,
          "trust_chain_path", CredentialConfigSchema::file);

  private static final Map<String, Rule> EXECUTABLE =
      Map.of(
          "command", CredentialConfigSchema::command,
          "output_file", CredentialConfigSchema::file,
          "timeout_millis", CredentialConfigSchema::number,
          "interactive_timeout_millis", CredentialConfigSchema::number);

  private static final Map<String, Rule> CREDENTIAL_SOURCE =
      Map.of(
          "file",
          CredentialConfigSchema::file,
          "url",
          ConfigUrlRules::subjectToken,
          "headers",
          CredentialConfigSchema::headers,
          "format",
          object(texts("type", "subject_token_field_name")),
          "executable",
          object(EXECUTABLE),
          "certificate",
          object(CERTIFICATE));

  private static final Map<String, Rule> AWS_SOURCE =
      Map.of(
          "environment_id", CredentialConfigSchema::aws,
          "url", ConfigUrlRules::awsMetadata,
          "region_url", ConfigUrlRules::awsMetadata,
          "imdsv2_session_token_url", ConfigUrlRules::awsMetadata,
          "regional_cred_verification_url", ConfigUrlRules::awsVerification);

  private static final Map<String, Rule> COMMON =
      ImmutableMap.<String, Rule>builder()
          .putAll(texts("type", "quota_project_id"))
          .put("universe_domain", CredentialConfigSchema::universe)
          .buildOrThrow();

  private static final Map<String, Rule> FEDERATED_USER =
      ImmutableMap.<String, Rule>builder()
          .putAll(COMMON)
          .putAll(texts("audience", "client_id", "client_secret", "refresh_token"))
          .put("token_url", ConfigUrlRules::securityTokenService)
          .put("token_info_url", ConfigUrlRules::securityTokenService)
          .put("revoke_url", ConfigUrlRules::securityTokenService)
          .put("scopes", CredentialConfigSchema::texts)
          .buildOrThrow();

  private static final Map<String, Rule> EXTERNAL_ACCOUNT =
      ImmutableMap.<String, Rule>builder()
          .putAll(FEDERATED_USER)
          .putAll(texts("subject_token_type", "workforce_pool_user_project"))
          .put("service_account_impersonation_url", ConfigUrlRules::iamCredentials)
          .put(
              "service_account_impersonation",
              object(Map.of("token_lifetime_seconds", CredentialConfigSchema::number)))
          .put("credential_source", CredentialConfigSchema::credentialSource)
          .buildOrThrow();

  private static final Map<String, Rule> AUTHORIZED_USER =
      ImmutableMap.<String, Rule>builder()
          .putAll(COMMON)
          .putAll(texts("account", "client_id", "client_secret", "refresh_token"))
          .put("token_uri", ConfigUrlRules::oauth)
          .put("scopes", CredentialConfigSchema::texts)
          .buildOrThrow();

  private static final Map<String, Rule> SERVICE_ACCOUNT =
      ImmutableMap.<String, Rule>builder()
          .putAll(COMMON)
          .putAll(texts("project_id", "private_key_id", "client_email", "client_id"))
          .put("private_key", CredentialConfigSchema::string)
          .put("auth_uri", ConfigUrlRules::oauth)
          .put("token_uri", ConfigUrlRules::oauth)
          .put("auth_provider_x509_cert_url", ConfigUrlRules::oauth)
          .put("client_x509_cert_url", ConfigUrlRules::oauth)
          .buildOrThrow();

  private static final Map<String, Rule> IMPERSONATED_SERVICE_ACCOUNT =
      ImmutableMap.<String, Rule>builder()
          .putAll(COMMON)
          .put("service_account_impersonation_url", ConfigUrlRules::iamCredentials)
          .put("delegates", CredentialConfigSchema::texts)
          .put("scopes", CredentialConfigSchema::texts)
          .put("source_credentials", CredentialConfigSchema::sourceCredentials)
          .buildOrThrow();

  private CredentialConfigSchema() {}

  /** Checks one field. */
  @FunctionalInterface
  interface Rule {
    void check(ConfigField field);
  }

  /**
   * Checks a whole configuration.
   *
   * @return its type
   * @throws CredentialException.SourceCredentials if it says what it may not
   */
  static CredentialConfigType check(ConfigField configuration) {
    return typed(configuration, configuration.policy().types());
  }

  /** google-auth accepts no other source of an impersonation; the policy may accept fewer. */
  private static void sourceCredentials(ConfigField source) {
    CredentialConfigType type =
        typed(
            source,
            Set.of(CredentialConfigType.AUTHORIZED_USER, CredentialConfigType.SERVICE_ACCOUNT));
    source
        .member("type")
        .require(
            source.policy().types().contains(type),
            "is none that the policy allows",
            "If it may be inside, name it with CredentialConfigPolicy.onlyTypes too");
  }

  private static CredentialConfigType typed(
      ConfigField configuration, Set<CredentialConfigType> allowed) {
    CredentialConfigType type = type(configuration, allowed);
    requireUniverse(configuration);
    members(configuration, rules(type));
    return type;
  }

  private static CredentialConfigType type(
      ConfigField configuration, Set<CredentialConfigType> allowed) {
    ConfigField field = configuration.member("type");
    String id = field.isPresent() ? field.text() : "";
    field.require(
        !id.equals(GDCH),
        "is %s, whose CA file and hosts are of its own and whose tokens no IAM accepts"
            .formatted(GDCH),
        "Use google-auth's GdchCredentials themselves");
    return allowed.stream()
        .filter(type -> type.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                field.refused(
                    "is none of %s, which alone are allowed here".formatted(ids(allowed)),
                    "Use a configuration of such a type, or another policy"));
  }

  private static String ids(Set<CredentialConfigType> types) {
    return Arrays.stream(CredentialConfigType.values())
        .filter(types::contains)
        .map(CredentialConfigType::id)
        .collect(Collectors.joining(", "));
  }

  private static Map<String, Rule> rules(CredentialConfigType type) {
    return switch (type) {
      case EXTERNAL_ACCOUNT -> EXTERNAL_ACCOUNT;
      case EXTERNAL_ACCOUNT_AUTHORIZED_USER -> FEDERATED_USER;
      case IMPERSONATED_SERVICE_ACCOUNT -> IMPERSONATED_SERVICE_ACCOUNT;
      case SERVICE_ACCOUNT -> SERVICE_ACCOUNT;
      case AUTHORIZED_USER -> AUTHORIZED_USER;
    };
  }

  private static Rule object(Map<String, Rule> rules) {
    return field -> members(field, rules);
  }

  private static void members(ConfigField object, Map<String, Rule> rules) {
    for (String name : object.object().keySet()) {
      Rule rule = rules.get(name);
      if (rule == null) {
        String known = rules.keySet().stream().sorted().collect(Collectors.joining(", "));
        throw object.refused("has a field that is none of " + known, "Remove that field");
      }
      rule.check(object.member(name));
    }
  }

  /** What makes a source one of AWS is what google-auth goes by, and so what its URLs are for. */
  private static void credentialSource(ConfigField source) {
    members(source, source.object().has("environment_id") ? AWS_SOURCE : CREDENTIAL_SOURCE);
  }

  private static Map<String, Rule> texts(String... names) {
    return Arrays.stream(names).collect(Collectors.toMap(name -> name, name -> ConfigField::text));
  }

  private static void texts(ConfigField field) {
    field.require(field.value() instanceof JsonArray, "is not a list of texts", "Correct it");
    field
        .value()
        .getAsJsonArray()
        .forEach(text -> field.part("a text of " + field.path(), text).text());
  }

  private static void string(ConfigField field) {
    field.require(
        field.value() instanceof JsonPrimitive primitive && primitive.isString(),
        "is not a text",
        "Correct it");
  }

  private static void number(ConfigField field) {
    field.require(
        field.value() instanceof JsonPrimitive primitive
            && WHOLE_NUMBER.matcher(primitive.getAsString()).matches(),
        "is not a whole number",
        "Correct it");
  }

  /** Where it is left out, google-auth takes Google's own, and its token services. */
  private static void requireUniverse(ConfigField configuration) {
    String universe = configuration.policy().universe();
    ConfigField field = configuration.member("universe_domain");
    field.require(
        field.isPresent() || universe.equals(GoogleHosts.DEFAULT_UNIVERSE),
        "is left out, which means %s, and the policy is for %s"
            .formatted(GoogleHosts.DEFAULT_UNIVERSE, universe),
        "Ask whoever made the configuration for one of that universe");
  }

  private static void universe(ConfigField field) {
    field.require(
        field.text().equals(field.policy().universe()),
        "is another universe than the policy's, " + field.policy().universe(),
        "If it is yours, begin the policy with CredentialConfigPolicy.universe");
  }

  /** Host would turn a request to an allowed machine into one to another of its sites. */
  private static void headers(ConfigField headers) {
    headers
        .object()
        .asMap()
        .forEach(
            (name, value) -> {
              headers.require(
                  HEADER.matcher(name).matches(),
                  "has a header that a configuration may not set",
                  "Remove it");
              headers.part("a value of " + headers.path(), value).text();
            });
  }

  private static void file(ConfigField field) {
    field.requireAllowed(new File(field.text()), "names a file", "allowingFile");
  }

  private static void command(ConfigField field) {
    field.requireAllowed(new Command(field.text()), "names a program to run", "allowingCommand");
  }

  private static void aws(ConfigField field) {
    field.require(field.text().matches("aws[0-9]{1,3}"), "is not of AWS", "Correct it");
    field.requireAllowed(Machine.AWS, "asks for this machine's identity in AWS", "allowingAws");
  }

  private static void machineCertificate(ConfigField field) {
    boolean truth = field.value() instanceof JsonPrimitive primitive && primitive.isBoolean();
    field.require(truth, "is neither true nor false", "Correct it");
    if (field.value().getAsBoolean()) {
      field.requireAllowed(
          Machine.CERTIFICATE, "asks for this machine's certificate", "allowingMachineCertificate");
    }
  }
}
