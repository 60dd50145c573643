package io.github.shortlived.testing;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a request is about: the resource it names and the delegates on the way there. */
record CallTarget(String resource, List<String> delegates) {
  private static final int LONGEST = 300;
  private static final int MOST = 20;

  CallTarget {
    resource = shortened(resource);
    delegates = delegates.stream().limit(MOST).map(CallTarget::shortened).toList();
  }

  static CallTarget of(Message request) {
    String named =
        Stream.of("name", "resource")
            .flatMap(field -> text(request, field).stream())
            .findFirst()
            .or(() -> patched(request))
            .orElseGet(() -> inProject(name -> text(request, name)));
    return new CallTarget(named, delegates(request));
  }

  /** What the path of a REST call tells. */
  static CallTarget of(Map<String, String> variables) {
    String named =
        Stream.of("name", "resource", "service_account.name")
            .flatMap(name -> Optional.ofNullable(variables.get(name)).stream())
            .findFirst()
            .orElseGet(() -> inProject(name -> Optional.ofNullable(variables.get(name))));
    return new CallTarget(named, List.of());
  }

  static CallTarget of(HttpCall call) {
    return new CallTarget(call.path(), List.of());
  }

  static String shortened(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
  }

  /** A patch names its account within the account as it is to be. */
  private static Optional<String> patched(Message request) {
    return field(request, "service_account")
        .map(request::getField)
        .filter(Message.class::isInstance)
        .flatMap(account -> text((Message) account, "name"));
  }

  /** Compute's requests spell their resource out in fields. */
  private static String inProject(Function<String, Optional<String>> fields) {
    return Stream.of("project", "zone", "instance")
        .flatMap(field -> fields.apply(field).map(value -> field + "s/" + value).stream())
        .collect(Collectors.joining("/"));
  }

  private static Optional<String> text(Message request, String name) {
    return field(request, name)
        .filter(field -> !field.isRepeated())
        .map(request::getField)
        .filter(String.class::isInstance)
        .map(String.class::cast)
        .filter(text -> !text.isEmpty());
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
