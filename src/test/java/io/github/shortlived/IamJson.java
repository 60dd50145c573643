package io.github.shortlived;

import java.time.Instant;

/** Responses in the format of Google's services. */
public final class IamJson {
  private IamJson() {}

  static String oauthToken(String token) {
    return oauthToken(token, 3_599);
  }

  public static String oauthToken(String token, int seconds) {
    return """
    {"access_token": "%s", "expires_in": %d, "token_type": "Bearer"}\
    """
        .formatted(token, seconds);
  }

  public static String accessToken(String token) {
    return accessToken(token, Instant.parse("2100-01-01T00:00:00Z"));
  }

  static String accessToken(String token, Instant expireTime) {
    return """
    {"accessToken": "%s", "expireTime": "%s"}\
    """
        .formatted(token, expireTime);
  }

  public static String error(int code, String status, String message) {
    return """
    {"error": {"code": %d, "status": "%s", "message": "%s"}}\
    """
        .formatted(code, status, message);
  }

  public static String permissionDenied(String permission) {
    return """
    {"error": {"code": 403, "status": "PERMISSION_DENIED",
      "message": "Permission '%1$s' denied on resource (or it may not exist).",
      "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "IAM_PERMISSION_DENIED", "domain": "iam.googleapis.com",
        "metadata": {"permission": "%1$s"}}]}}\
    """
        .formatted(permission);
  }
}
