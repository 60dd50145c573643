package io.github.shortlived.testing.internal.error;

import com.google.common.collect.ImmutableMap;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Help;

/**
 * Creates the errors of Google's services, with Google's exact text if it is known. "Unverified"
 * marks the others, of which only the code and the shape are known.
 */
public final class GoogleErrors {
  /** The reasons of errors of Google's front end. */
  public static final String SERVICE_DISABLED = "SERVICE_DISABLED";

  public static final String SCOPE_INSUFFICIENT = "ACCESS_TOKEN_SCOPE_INSUFFICIENT";
  public static final String USER_PROJECT_DENIED = "USER_PROJECT_DENIED";

  private static final String EXPECTED =
      " Expected OAuth 2 access token, login cookie or other valid authentication credential. See"
          + " https://developers.google.com/identity/sign-in/web/devconsole-project.";

  private static final int NOT_EMULATED = 422;

  private GoogleErrors() {}

  public static RpcException credentialsMissing(MethodDescriptor method) {
    return new RpcException(
        Code.UNAUTHENTICATED,
        "Request is missing required authentication credential." + EXPECTED,
        apiError("CREDENTIALS_MISSING", method));
  }

  public static RpcException credentialsInvalid() {
    return new RpcException(
        Code.UNAUTHENTICATED, "Request had invalid authentication credentials." + EXPECTED);
  }

  /** The reason and its metadata are documented; the text is unverified. */
  public static RpcException accountStateInvalid(MethodDescriptor method, String email) {
    return new RpcException(
        Code.UNAUTHENTICATED,
        "Request had invalid authentication credentials." + EXPECTED,
        apiError("ACCOUNT_STATE_INVALID", method).toBuilder().putMetadata("email", email).build());
  }

  public static RpcException scopeInsufficient(MethodDescriptor method) {
    return new RpcException(
        Code.PERMISSION_DENIED,
        "Request had insufficient authentication scopes.",
        apiError(SCOPE_INSUFFICIENT, method));
  }

  /** Creates the error for a quota project that does not exist or that the caller may not use. */
  public static RpcException userProjectDenied(MethodDescriptor method, String project) {
    String console =
        "https://console.developers.google.com/iam-admin/iam/project?project=" + project;
    return new RpcException(
        Code.PERMISSION_DENIED,
        "Caller does not have required permission to use project "
            + project
            + ". Grant the caller the roles/serviceusage.serviceUsageConsumer role, or a custom"
            + " role with the serviceusage.services.use permission, by visiting "
            + console
            + " and then retry. Propagation of the new permission may take a few minutes.",
        errorInfo(
            USER_PROJECT_DENIED,
            ImmutableMap.of("consumer", "projects/" + project, "service", RpcNames.host(method))),
        help("Google developer console IAM admin", console));
  }

  public static RpcException permissionDenied(String permission) {
    return new RpcException(
        Code.PERMISSION_DENIED,
        "Permission '" + permission + "' denied on resource (or it may not exist).",
        permissionInfo(permission));
  }

  public static RpcException computePermissionDenied(String permission, String resource) {
    return new RpcException(
        Code.PERMISSION_DENIED,
        "Required '" + permission + "' permission for '" + resource + "'",
        permissionInfo(permission));
  }

  /** Creates the error of Resource Manager, with the text of v3; that of v1 is unverified. */
  public static RpcException projectPermissionDenied(String permission, String project) {
    return new RpcException(
        Code.PERMISSION_DENIED,
        "Permission '%s' denied on resource '//cloudresourcemanager.googleapis.com/%s' (or it may not exist)."
            .formatted(permission, project),
        permissionInfo(permission).toBuilder()
            .setDomain("cloudresourcemanager.googleapis.com")
            .putMetadata("resource", project)
            .build());
  }

  /** Creates the error of the IAM Credentials API for an unknown target or delegate. */
  public static RpcException gaiaNotFound(String emailOrUniqueId) {
    return new RpcException(
        Code.NOT_FOUND, "Not found; Gaia id not found for email " + emailOrUniqueId);
  }

  /** Creates the error for an account whose name is neither an email nor a unique id. */
  public static RpcException accountIdInvalid(String id) {
    return invalid(
        "Invalid form of account ID "
            + id
            + ". Should be [Gaia ID |Email |Unique ID |] of the account");
  }

  /** Creates the error of the IAM API for an unknown account; the text is unverified. */
  public static RpcException accountNotFound(String name) {
    return new RpcException(Code.NOT_FOUND, "Service account " + name + " does not exist.");
  }

  public static RpcException accountExists(String accountId, String projectId) {
    return new RpcException(
        Code.ALREADY_EXISTS,
        "Service account %s already exists within project projects/%s."
            .formatted(accountId, projectId));
  }

  /** Creates the error for a disabled target or delegate; code and text are unverified. */
  public static RpcException accountDisabled(String email) {
    return new RpcException(Code.FAILED_PRECONDITION, "Service account " + email + " is disabled.");
  }

  public static RpcException stalePolicy() {
    return new RpcException(
        Code.ABORTED,
        "There were concurrent policy changes. Please retry the whole read-modify-write with"
            + " exponential backoff.");
  }

  public static RpcException invalidArgument() {
    return invalid("Request contains an invalid argument.");
  }

  public static RpcException invalid(String message) {
    return new RpcException(Code.INVALID_ARGUMENT, message);
  }

  /** Creates the error for a JSON body or query that does not match the request message. */
  public static RpcException invalidPayload(String problem) {
    return invalidField("", "Invalid JSON payload received. " + problem);
  }

  /** Creates the error for an array in place of a value; {@code parent} is empty at the root. */
  public static RpcException notRepeating(String name, String parent) {
    String at = parent.isEmpty() ? "" : " at '" + parent + "'";
    return invalidField(
        parent,
        "Invalid JSON payload received. Unknown name \"%s\"%s: Proto field is not repeating, cannot start list."
            .formatted(name, at));
  }

  /** Creates the error for a JSON value of another type; Google's text ends with the value. */
  public static RpcException invalidValue(String path, String type) {
    return invalidField(path, "Invalid value at '%s' (%s)".formatted(path, type));
  }

  private static RpcException invalidField(String path, String message) {
    return new RpcException(
        Code.INVALID_ARGUMENT,
        message,
        BadRequest.newBuilder()
            .addFieldViolations(
                BadRequest.FieldViolation.newBuilder().setField(path).setDescription(message))
            .build());
  }

  /**
   * Creates the error for a feature that only Google has. No client repeats HTTP status 422, and
   * none of the emulated APIs responds with it, so that no test takes it for a response of Google.
   */
  public static RpcException notEmulated(String what) {
    return RpcException.http(
        NOT_EMULATED,
        Code.UNIMPLEMENTED,
        what + " is not emulated.",
        ErrorInfo.newBuilder().setReason("NOT_EMULATED").setDomain("iam-emulator").build());
  }

  /** Creates the error for a partial response with a field that the response does not have. */
  public static RpcException fieldUnknown(String path) {
    return new RpcException(
        Code.INVALID_ARGUMENT,
        "Request contains an invalid argument.",
        BadRequest.newBuilder()
            .addFieldViolations(
                BadRequest.FieldViolation.newBuilder()
                    .setField(path)
                    .setDescription(
                        "Error expanding 'fields' parameter. Cannot find matching fields for path '%s'."
                            .formatted(path)))
            .build());
  }

  public static RpcException notFound() {
    return new RpcException(Code.NOT_FOUND, "Requested entity was not found.");
  }

  public static RpcException internal() {
    return new RpcException(Code.INTERNAL, "Internal error encountered.");
  }

  private static ErrorInfo permissionInfo(String permission) {
    return ErrorInfo.newBuilder()
        .setReason("IAM_PERMISSION_DENIED")
        .setDomain("iam.googleapis.com")
        .putMetadata("permission", permission)
        .build();
  }

  private static ErrorInfo apiError(String reason, MethodDescriptor method) {
    return errorInfo(
        reason, ImmutableMap.of("service", RpcNames.host(method), "method", method.getFullName()));
  }

  /** Creates the details of an error with a link. */
  public static Help help(String description, String url) {
    return Help.newBuilder()
        .addLinks(Help.Link.newBuilder().setDescription(description).setUrl(url))
        .build();
  }

  /** Creates the details of an error in the domain {@code googleapis.com}. */
  public static ErrorInfo errorInfo(String reason, ImmutableMap<String, String> metadata) {
    return ErrorInfo.newBuilder()
        .setReason(reason)
        .setDomain("googleapis.com")
        .putAllMetadata(metadata)
        .build();
  }
}
