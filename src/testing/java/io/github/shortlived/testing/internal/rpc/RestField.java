package io.github.shortlived.testing.internal.rpc;

import static com.google.common.collect.ImmutableMap.toImmutableMap;

import com.google.cloud.iam.credentials.v1.GenerateIdTokenRequest;
import com.google.cloud.iam.credentials.v1.SignBlobRequest;
import com.google.common.base.CaseFormat;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.iam.admin.v1.DisableServiceAccountKeyRequest;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Message;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The fields that Google's REST APIs have and the published protos lack. A request over REST
 * carries such a field among its unknown fields.
 */
public enum RestField {
  /** The {@code azp} is the account's email. Google's clients send it; no page documents it. */
  USE_EMAIL_AZP(
      GenerateIdTokenRequest.getDescriptor(),
      "use_email_azp",
      100_001,
      FieldDescriptorProto.Type.TYPE_BOOL),

  /** The token has the claim {@code google.organization_number}. */
  ORGANIZATION_NUMBER_INCLUDED(
      GenerateIdTokenRequest.getDescriptor(),
      "organization_number_included",
      100_002,
      FieldDescriptorProto.Type.TYPE_BOOL),

  /** The payload of the IAM API's own {@code signBlob}, which has the same path. */
  BYTES_TO_SIGN(
      SignBlobRequest.getDescriptor(),
      "bytes_to_sign",
      100_001,
      FieldDescriptorProto.Type.TYPE_BYTES),

  /** Accepted without an effect, as is the message: Google shows them with the key. */
  KEY_DISABLE_REASON(
      DisableServiceAccountKeyRequest.getDescriptor(),
      "service_account_key_disable_reason",
      100_001,
      "SERVICE_ACCOUNT_KEY_DISABLE_REASON_UNSPECIFIED",
      "SERVICE_ACCOUNT_KEY_DISABLE_REASON_USER_INITIATED",
      "SERVICE_ACCOUNT_KEY_DISABLE_REASON_EXPOSED",
      "SERVICE_ACCOUNT_KEY_DISABLE_REASON_COMPROMISE_DETECTED"),

  EXTENDED_STATUS_MESSAGE(
      DisableServiceAccountKeyRequest.getDescriptor(),
      "extended_status_message",
      100_002,
      FieldDescriptorProto.Type.TYPE_STRING);

  private static final ImmutableMap<Descriptor, Descriptor> EXTENDED =
      Arrays.stream(values())
          .map(field -> field.request)
          .distinct()
          .collect(toImmutableMap(Function.identity(), RestField::extended));

  private final Descriptor request;
  private final String protoName;
  private final int number;
  private final FieldDescriptorProto.Type type;
  private final ImmutableList<String> enumValues;

  /** The number is one that no published field of the request has. */
  RestField(Descriptor request, String protoName, int number, FieldDescriptorProto.Type type) {
    this.request = request;
    this.protoName = protoName;
    this.number = number;
    this.type = type;
    this.enumValues = ImmutableList.of();
  }

  /** The values are those of an enum, in the order of their numbers, which start at 0. */
  RestField(Descriptor request, String protoName, int number, String... enumValues) {
    this.request = request;
    this.protoName = protoName;
    this.number = number;
    this.type = FieldDescriptorProto.Type.TYPE_ENUM;
    this.enumValues = ImmutableList.copyOf(enumValues);
  }

  /** Returns whether a request sets a boolean field to true. A later proto may have the field. */
  public boolean isSetIn(Message message) {
    @Nullable FieldDescriptor published = request.findFieldByName(protoName);
    return published == null
        ? message.getUnknownFields().getField(number).getVarintList().contains(1L)
        : message.getField(published).equals(true);
  }

  /** Returns whether a request has the field, which no published proto has. */
  public boolean isIn(Message message) {
    return message.getUnknownFields().hasField(number);
  }

  /** Returns the type of a request over REST: the published type with the fields it lacks. */
  static Descriptor typeOf(Descriptor published) {
    return EXTENDED.getOrDefault(published, published);
  }

  private static Descriptor extended(Descriptor published) {
    FileDescriptorProto.Builder file = published.getFile().toProto().toBuilder();
    Arrays.stream(values())
        .filter(field -> field.request.equals(published))
        .filter(field -> published.findFieldByName(field.protoName) == null)
        .forEach(field -> field.addTo(file.getMessageTypeBuilder(published.getIndex())));
    FileDescriptor[] imports = published.getFile().getDependencies().toArray(FileDescriptor[]::new);
    try {
      return FileDescriptor.buildFrom(file.build(), imports)
          .findMessageTypeByName(published.getName());
    } catch (DescriptorValidationException e) {
      throw new IllegalStateException("The fields do not fit " + published.getFullName(), e);
    }
  }

  private void addTo(DescriptorProto.Builder message) {
    FieldDescriptorProto.Builder field =
        message
            .addFieldBuilder()
            .setName(protoName)
            .setNumber(number)
            .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL)
            .setType(type);
    if (!enumValues.isEmpty()) {
      message.addEnumType(enumType());
      field.setTypeName("." + request.getFullName() + "." + enumName());
    }
  }

  private EnumDescriptorProto enumType() {
    EnumDescriptorProto.Builder type = EnumDescriptorProto.newBuilder().setName(enumName());
    for (String value : enumValues) {
      type.addValueBuilder().setName(value).setNumber(type.getValueCount() - 1);
    }
    return type.build();
  }

  private String enumName() {
    return CaseFormat.LOWER_UNDERSCORE.to(CaseFormat.UPPER_CAMEL, protoName);
  }
}
