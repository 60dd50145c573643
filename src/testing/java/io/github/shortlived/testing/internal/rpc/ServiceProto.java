package io.github.shortlived.testing.internal.rpc;

import com.google.api.AnnotationsProto;
import com.google.api.ClientProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.TextFormat;

/** Reads the proto of a service for which no library is on the class path. */
public final class ServiceProto {
  private ServiceProto() {}

  /** Returns the file that {@code text} describes, a FileDescriptorProto in text format. */
  public static FileDescriptor parse(String text, FileDescriptor... dependencies) {
    ExtensionRegistry options = ExtensionRegistry.newInstance();
    AnnotationsProto.registerAllExtensions(options);
    ClientProto.registerAllExtensions(options);
    FileDescriptorProto.Builder file = FileDescriptorProto.newBuilder();
    try {
      TextFormat.merge(text, options, file);
      return FileDescriptor.buildFrom(file.build(), dependencies);
    } catch (TextFormat.ParseException | DescriptorValidationException invalid) {
      throw new IllegalArgumentException("Not the proto of a service: " + text, invalid);
    }
  }
}
