package io.github.shortlived.testing.internal.error;

import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;

/**
 * The refusals of Google's services, word for word where their text is known. "Unverified" marks
 * the others: only code and shape are known.
 */
public final class GoogleErrors {
  private static final String EXPECTED =
      " Expected OAuth 2 access token, login cookie or other valid authentication credential. See"
          + " https://developers.google.com/identity/sign-in/web/devconsole-project.";

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

  /** The reason is documented with this metadata, the text is unverified. */
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
        apiError("ACCESS_TOKEN_SCOPE_INSUFFICIENT", method));
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

  /** The refusal of an unknown target or delegate by the IAM Credentials API. */
  public static RpcException gaiaNotFound(String emailOrUniqueId) {
    return new RpcException(
        Code.NOT_FOUND, "Not found; Gaia id not found for email " + emailOrUniqueId);
  }

  /** The refusal of an unknown account by the IAM API; the text is unverified. */
  public static RpcException accountNotFound(String name) {
    return new RpcException(Code.NOT_FOUND, "Service account " + name + " does not exist.");
  }

  public static RpcException accountExists(String accountId, String projectId) {
    return new RpcException(
        Code.ALREADY_EXISTS,
        "Service account "
            + accountId
            + " already exists within project projects/"
            + projectId
            + ".");
  }

  /** The refusal of a disabled target or delegate; code and text are unverified. */
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

  /** A JSON body or query that does not fit the request message. */
  public static RpcException invalidPayload(String problem) {
    String message = "Invalid JSON payload received. " + problem;
    return new RpcException(
        Code.INVALID_ARGUMENT,
        message,
        BadRequest.newBuilder()
            .addFieldViolations(BadRequest.FieldViolation.newBuilder().setDescription(message))
            .build());
  }

  /** The refusal of a feature that only Google serves; the text is ours. */
  public static RpcException notEmulated(String what) {
    return new RpcException(Code.UNIMPLEMENTED, what + " is not emulated.");
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
    return ErrorInfo.newBuilder()
        .setReason(reason)
        .setDomain("googleapis.com")
        .putMetadata("service", RpcNames.host(method))
        .putMetadata("method", method.getFullName())
        .build();
  }
}
