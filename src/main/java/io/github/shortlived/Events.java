package io.github.shortlived;

import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells the listener, whose own failures are nobody else's; without one no event is made.
 * Thread-safe if the listener is.
 */
record Events(@Nullable Consumer<? super CredentialEvent> listener) {
  static final Events UNHEARD = new Events(null);

  void tell(Supplier<CredentialEvent> event) {
    if (listener == null) {
      return;
    }
    try {
      listener.accept(event.get());
    } catch (Throwable e) {
      // Whoever asked for a credential cannot do anything about it.
    }
  }
}
