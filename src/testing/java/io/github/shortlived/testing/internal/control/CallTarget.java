package io.github.shortlived.testing.internal.control;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The resource and the delegates that a request names, as the log shows them. */
public record CallTarget(String resource, List<String> delegates) {
  private static final int MAX_LENGTH = 300;
  private static final int MAX_DELEGATES = 20;

  public CallTarget {
    resource = shortened(resource);
    delegates = delegates.stream().limit(MAX_DELEGATES).map(CallTarget::shortened).toList();
  }

  public static CallTarget of(Message request) {
    return new CallTarget(resource(field -> text(request, field)), delegates(request));
  }

  /** Returns the target that the variables of a REST path name. */
  public static CallTarget of(Map<String, String> variables) {
    return new CallTarget(resource(name -> Optional.ofNullable(variables.get(name))), List.of());
  }

  public static String shortened(String text) {
    return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "…";
  }

  /** A patch names its resource in the changed account; Compute's requests use three fields. */
  private static String resource(Function<String, Optional<String>> fields) {
    return Stream.of("name", "resource", "service_account.name")
        .flatMap(field -> fields.apply(field).stream())
        .findFirst()
        .orElseGet(
            () ->
                Stream.of("project", "zone", "instance")
                    .flatMap(name -> fields.apply(name).map(id -> name + "s/" + id).stream())
                    .collect(Collectors.joining("/")));
  }

  private static Optional<String> text(Message request, String path) {
    int dot = path.indexOf('.');
    Optional<Object> value =
        field(request, dot < 0 ? path : path.substring(0, dot))
            .filter(field -> !field.isRepeated())
            .map(request::getField);
    return dot < 0
        ? value.filter(String.class::isInstance).map(String.class::cast).filter(s -> !s.isEmpty())
        : value
            .filter(Message.class::isInstance)
            .flatMap(message -> text((Message) message, path.substring(dot + 1)));
  }

  private static List<String> delegates(Message request) {
    return field(request, "delegates")
        .filter(FieldDescriptor::isRepeated)
        .map(field -> ((List<?>) request.getField(field)).stream().map(String::valueOf).toList())
        .orElse(List.of());
  }

  private static Optional<FieldDescriptor> field(Message request, String name) {
    @Nullable FieldDescriptor field = request.getDescriptorForType().findFieldByName(name);
    return Optional.ofNullable(field);
  }
}
