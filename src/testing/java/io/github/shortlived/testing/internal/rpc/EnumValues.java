package io.github.shortlived.testing.internal.rpc;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Message;
import io.github.shortlived.testing.internal.error.GoogleErrors;
import java.util.List;

/** Refuses numbers that an enum does not have: the parsers of JSON and of protos accept them. */
final class EnumValues {
  private EnumValues() {}

  /** Returns the message, if all its enums have known values; the text is unverified. */
  static <M extends Message> M requireKnown(M message) {
    message.getAllFields().values().forEach(EnumValues::require);
    return message;
  }

  private static void require(Object value) {
    if (value instanceof List<?> repeated) {
      repeated.forEach(EnumValues::require);
    } else if (value instanceof Message nested) {
      requireKnown(nested);
    } else if (value instanceof EnumValueDescriptor constant && isUnknown(constant)) {
      throw GoogleErrors.invalidArgument();
    }
  }

  private static boolean isUnknown(EnumValueDescriptor constant) {
    return constant.getType().findValueByNumber(constant.getNumber()) == null;
  }
}
