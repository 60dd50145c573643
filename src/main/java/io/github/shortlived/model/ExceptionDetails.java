package io.github.shortlived.model;

import io.github.shortlived.internal.failure.HelpTopic;
import io.github.shortlived.internal.failure.ServiceFailure;
import io.github.shortlived.internal.text.SafeText;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * The content of an exception.
 *
 * @param summary the failed request and the service's response
 * @param advice what to do, as the end of the message; may be empty
 * @param topic the section of the documentation
 * @param failure the service's response; null if no service failed
 * @param cause the exception of the Google client, redacted
 */
record ExceptionDetails(
    String summary,
    String advice,
    HelpTopic topic,
    @Nullable ServiceFailure failure,
    @Nullable Throwable cause)
    implements Serializable {

  ExceptionDetails {
    cause = cause == null ? null : SafeText.redact(cause);
  }

  static ExceptionDetails of(String message, HelpTopic topic, @Nullable Throwable cause) {
    return new ExceptionDetails(message, "", topic, null, cause);
  }

  ExceptionDetails withAdvice(String changed) {
    return new ExceptionDetails(summary, changed, topic, failure, cause);
  }

  ExceptionDetails withCause(@Nullable Throwable changed) {
    return new ExceptionDetails(summary, advice, topic, failure, changed);
  }

  String message() {
    return summary + advice;
  }

  /** Returns the summary. */
  @Override
  public String toString() {
    return summary;
  }
}
