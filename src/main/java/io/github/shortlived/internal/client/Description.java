package io.github.shortlived.internal.client;

import io.github.shortlived.internal.text.SafeText;
import io.github.shortlived.model.Endpoints;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The {@code toString} of an object that calls services, such as {@code Grants[caller=EMAIL,
 * closed]}. Makes no call and shows no secret. Not thread-safe.
 */
public final class Description {
  private final String type;
  private final List<String> parts = new ArrayList<>();

  private Description(String type) {
    this.type = type;
  }

  /** Begins the description of this type. */
  public static Description of(Class<?> type) {
    return new Description(type.getSimpleName());
  }

  /** Begins the description of this type, with the caller, and endpoints other than Google's. */
  public static Description of(Class<?> type, ClientContext context) {
    return of(type).with("caller", context.source().identity()).endpoints(context.endpoints());
  }

  /** Adds a named value. */
  public Description with(String name, Object value) {
    parts.add(name + "=" + SafeText.visible(value.toString()));
    return this;
  }

  /** Adds each endpoint that is not Google's, once. */
  public Description endpoints(Endpoints endpoints) {
    List<URI> google = all(Endpoints.google()).toList();
    List<URI> others = all(endpoints).filter(uri -> !google.contains(uri)).distinct().toList();
    return others.isEmpty() ? this : with("endpoints", others);
  }

  private static Stream<URI> all(Endpoints endpoints) {
    return Stream.of(
        endpoints.iamCredentials(),
        endpoints.iamCredentialsGrpc(),
        endpoints.iam(),
        endpoints.compute(),
        endpoints.oauth2(),
        endpoints.sts(),
        endpoints.publishedKeys(),
        endpoints.iapKeys());
  }

  /** Adds that the object is closed, if it is. */
  public Description closed(boolean closed) {
    if (closed) {
      parts.add("closed");
    }
    return this;
  }

  @Override
  public String toString() {
    return type + parts;
  }
}
