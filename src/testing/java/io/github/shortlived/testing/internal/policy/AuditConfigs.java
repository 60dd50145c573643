package io.github.shortlived.testing.internal.policy;

import com.google.iam.v1.AuditConfig;
import com.google.iam.v1.AuditLogConfig;
import com.google.iam.v1.AuditLogConfig.LogType;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The audit settings of policies, which the emulator stores and does not apply. The values are
 * documented; that Google refuses others, and the texts, are unverified.
 */
final class AuditConfigs {
  private static final Pattern SERVICE =
      Pattern.compile("allServices|[a-z][-a-z0-9]*(?:\\.[a-z][-a-z0-9]*)*\\.googleapis\\.com");
  private static final Set<LogType> LOG_TYPES =
      EnumSet.of(LogType.ADMIN_READ, LogType.DATA_WRITE, LogType.DATA_READ);

  private AuditConfigs() {}

  /** Refuses an invalid service or log type. */
  static void check(AuditConfig config) {
    if (!SERVICE.matcher(config.getService()).matches()) {
      throw GoogleErrors.invalid(
          ("Invalid service '%s' in an audit config: use allServices or one such as"
                  + " storage.googleapis.com.")
              .formatted(config.getService()));
    }
    config.getAuditLogConfigsList().forEach(AuditConfigs::check);
  }

  /** Returns the principals whose calls are not logged. */
  static Stream<String> exemptedMembers(AuditConfig config) {
    return config.getAuditLogConfigsList().stream()
        .flatMap(log -> log.getExemptedMembersList().stream());
  }

  private static void check(AuditLogConfig log) {
    if (!LOG_TYPES.contains(log.getLogType())) {
      throw GoogleErrors.invalid(
          "Invalid log type %s in an audit config: use one of %s."
              .formatted(log.getLogType(), LOG_TYPES));
    }
  }
}
