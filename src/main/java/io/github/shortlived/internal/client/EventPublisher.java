package io.github.shortlived.internal.client;

import io.github.shortlived.model.CredentialEvent;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Publishes events to the listener, if there is one; without one no event is created. Exceptions
 * thrown by the listener are ignored. Thread-safe if the listener is.
 *
 * @param listener receives the events; null for none
 */
public record EventPublisher(@Nullable Consumer<? super CredentialEvent> listener) {
  /** Publishes nothing. */
  public static final EventPublisher NONE = new EventPublisher(null);

  /** Creates an event and passes it to the listener. */
  public void publish(Supplier<? extends CredentialEvent> event) {
    if (listener == null) {
      return;
    }
    try {
      listener.accept(event.get());
    } catch (Throwable e) {
      // The caller who requests a credential cannot fix the listener.
    }
  }
}
