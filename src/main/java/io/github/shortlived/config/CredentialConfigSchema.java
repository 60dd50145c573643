package io.github.shortlived.config;

import com.google.common.collect.ImmutableMap;
import io.github.shortlived.config.CredentialConfigPolicy.Resource;
import io.github.shortlived.internal.text.GoogleHosts;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The fields of each type of credential configuration, and the rule for each. An unknown field is
 * refused: another reader may give it a meaning.
 */
final class CredentialConfigSchema {
  private static final Pattern HEADER = Pattern.compile("(?!(?i:host)$)[A-Za-z0-9-]{1,50}");

  private static final String MTLS = "urn:ietf:params:oauth:token-type:mtls";

  private static final Fields EXECUTABLE =
      Fields.of(allowed(Resource.COMMAND), "command")
          .and(allowed(Resource.FILE), "output_file")
          .and(ConfigField::checkWholeNumber, "timeout_millis", "interactive_timeout_millis");

  private static final Fields CERTIFICATE =
      Fields.of(CredentialConfigSchema::machineCertificate, "use_default_certificate_config")
          .and(allowed(Resource.FILE), "certificate_config_location", "trust_chain_path");

  private static final Fields CREDENTIAL_SOURCE =
      Fields.of(allowed(Resource.FILE), "file")
          .and(ConfigUrlRules::subjectToken, "url")
          .and(CredentialConfigSchema::headers, "headers")
          .and(Fields.of(ConfigField::text, "type", "subject_token_field_name"), "format")
          .and(EXECUTABLE, "executable")
          .and(CERTIFICATE, "certificate");

  private static final Fields AWS_SOURCE =
      Fields.of(CredentialConfigSchema::aws, "environment_id")
          .and(ConfigUrlRules::awsMetadata, "url", "region_url", "imdsv2_session_token_url")
          .and(ConfigUrlRules::awsVerification, "regional_cred_verification_url");

  private static final Fields COMMON =
      Fields.of(ConfigField::text, "type", "quota_project_id")
          .and(CredentialConfigSchema::universe, "universe_domain");

  private static final Fields USER =
      COMMON
          .and(ConfigField::text, "client_id", "client_secret", "refresh_token")
          .and(ConfigField::checkTexts, "scopes");

  private static final Fields AUTHORIZED_USER =
      USER.and(ConfigField::text, "account").and(ConfigUrlRules::oauth, "token_uri");

  private static final Fields FEDERATED =
      USER.and(ConfigField::text, "audience")
          .and(ConfigUrlRules.service("sts"), "token_info_url", "revoke_url");

  private static final Fields FEDERATED_USER =
      FEDERATED.and(ConfigUrlRules.service("sts"), "token_url");

  private static final Fields EXTERNAL_ACCOUNT =
      FEDERATED
          .and(ConfigUrlRules.httpsService("sts"), "token_url")
          .and(ConfigField::text, "subject_token_type", "workforce_pool_user_project")
          .and(ConfigUrlRules.httpsService("iamcredentials"), "service_account_impersonation_url")
          .and(
              Fields.of(ConfigField::checkWholeNumber, "token_lifetime_seconds"),
              "service_account_impersonation")
          .and(CredentialConfigSchema::credentialSource, "credential_source");

  private static final Fields SERVICE_ACCOUNT =
      COMMON
          .and(ConfigField::text, "project_id", "private_key_id", "client_email", "client_id")
          .and(ConfigField::checkString, "private_key")
          .and(ConfigUrlRules::oauth, "auth_uri", "token_uri")
          .and(ConfigUrlRules::oauth, "auth_provider_x509_cert_url", "client_x509_cert_url");

  private static final Fields IMPERSONATED_SERVICE_ACCOUNT =
      COMMON
          .and(ConfigUrlRules.service("iamcredentials"), "service_account_impersonation_url")
          .and(ConfigField::checkTexts, "delegates", "scopes")
          .and(CredentialConfigSchema::sourceCredentials, "source_credentials");

  private CredentialConfigSchema() {}

  /** Checks one field. */
  @FunctionalInterface
  interface Rule {
    void check(ConfigField field);
  }

  /** The known fields of an object, each with its rule. */
  private record Fields(ImmutableMap<String, Rule> rules) implements Rule {
    static Fields of(Rule rule, String... names) {
      return new Fields(ImmutableMap.of()).and(rule, names);
    }

    Fields and(Rule rule, String... names) {
      ImmutableMap.Builder<String, Rule> all = ImmutableMap.<String, Rule>builder().putAll(rules);
      Arrays.stream(names).forEach(name -> all.put(name, rule));
      return new Fields(all.buildOrThrow());
    }

    @Override
    public void check(ConfigField object) {
      for (String name : object.object().keySet()) {
        Rule rule = rules.get(name);
        if (rule == null) {
          String known = rules.keySet().stream().sorted().collect(Collectors.joining(", "));
          throw object.refused("has a field that is not one of " + known, "Remove that field");
        }
        rule.check(object.member(name));
      }
    }
  }

  /** Checks every field of a configuration of an allowed type, and returns the type. */
  static CredentialConfigType check(ConfigField configuration, Set<CredentialConfigType> allowed) {
    CredentialConfigType type = type(configuration.member("type"), allowed);
    requireUniverse(configuration);
    fields(type).check(configuration);
    requireSubjectTokenType(configuration);
    return type;
  }

  private static CredentialConfigType type(ConfigField field, Set<CredentialConfigType> allowed) {
    String id = field.isPresent() ? field.text() : "";
    field.require(
        !id.equals("gdch_service_account"),
        "is gdch_service_account, which has its own CA file and hosts and whose tokens IAM does not"
            + " accept",
        "Use google-auth's GdchCredentials directly");
    return allowed.stream()
        .filter(type -> type.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                field.refused(
                    "is not one of %s, the types allowed here".formatted(ids(allowed)),
                    "Use a configuration of such a type, or another policy"));
  }

  private static String ids(Set<CredentialConfigType> types) {
    return types.stream().sorted().map(CredentialConfigType::id).collect(Collectors.joining(", "));
  }

  private static Fields fields(CredentialConfigType type) {
    return switch (type) {
      case EXTERNAL_ACCOUNT -> EXTERNAL_ACCOUNT;
      case EXTERNAL_ACCOUNT_AUTHORIZED_USER -> FEDERATED_USER;
      case IMPERSONATED_SERVICE_ACCOUNT -> IMPERSONATED_SERVICE_ACCOUNT;
      case SERVICE_ACCOUNT -> SERVICE_ACCOUNT;
      case AUTHORIZED_USER -> AUTHORIZED_USER;
    };
  }

  /** Accepts the two types that google-auth accepts here, if the policy allows them. */
  private static void sourceCredentials(ConfigField source) {
    ConfigField typeField = source.member("type");
    typeField.require(
        !(typeField.isPresent() && typeField.text().startsWith("external_account")),
        "is a federated identity, from which google-auth cannot impersonate",
        "Use source_credentials alone as the configuration, and name the account as the target of"
            + " each request");
    Set<CredentialConfigType> accepted =
        Set.of(CredentialConfigType.AUTHORIZED_USER, CredentialConfigType.SERVICE_ACCOUNT);
    CredentialConfigType type = check(source, accepted);
    typeField.require(
        source.policy().types().contains(type),
        "is a type that the policy does not allow",
        "To allow it here, add it to CredentialConfigPolicy.onlyTypes");
  }

  /** Chooses by the field from which google-auth concludes that a source is AWS. */
  private static void credentialSource(ConfigField source) {
    (source.object().has("environment_id") ? AWS_SOURCE : CREDENTIAL_SOURCE).check(source);
  }

  /** A subject token is a certificate exactly if the source has one. */
  private static void requireSubjectTokenType(ConfigField configuration) {
    ConfigField type = configuration.member("subject_token_type");
    ConfigField source = configuration.member("credential_source");
    boolean isCertificate = type.isPresent() && type.text().equals(MTLS);
    boolean hasCertificate = source.isPresent() && source.member("certificate").isPresent();
    type.require(
        isCertificate == hasCertificate,
        "%s %s, and credential_source has %s certificate"
            .formatted(isCertificate ? "is" : "is not", MTLS, hasCertificate ? "a" : "no"),
        "Request a configuration with both or neither from its author");
  }

  /** Without a universe, google-auth uses Google's own, with its token services. */
  private static void requireUniverse(ConfigField configuration) {
    String universe = configuration.policy().universe();
    ConfigField field = configuration.member("universe_domain");
    field.require(
        field.isPresent() || universe.equals(GoogleHosts.DEFAULT_UNIVERSE),
        "is missing, which means %s, and the policy is for %s"
            .formatted(GoogleHosts.DEFAULT_UNIVERSE, universe),
        "Request a configuration for that universe from its author");
  }

  private static void universe(ConfigField field) {
    field.require(
        field.text().equals(field.policy().universe()),
        "differs from the universe of the policy, " + field.policy().universe(),
        "If you use that universe, create the policy with CredentialConfigPolicy.universe");
  }

  /** Refuses Host, which would send a request to another site on an allowed machine. */
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

  /** Requires that the policy allows what the field names. */
  private static Rule allowed(Resource resource) {
    return field -> field.requireAllowed(resource, field.text());
  }

  private static void aws(ConfigField field) {
    field.require(field.text().matches("aws[0-9]{1,3}"), "is not an AWS environment");
    field.requireAllowed(Resource.AWS, "");
  }

  private static void machineCertificate(ConfigField field) {
    if (field.flag()) {
      field.requireAllowed(Resource.MACHINE_CERTIFICATE, "");
    }
  }
}
