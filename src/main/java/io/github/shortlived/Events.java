package io.github.shortlived;

import java.util.function.Consumer;

/** Tells the listener, whose own failures are nobody else's. Thread-safe if the listener is. */
record Events(Consumer<? super CredentialEvent> listener) {

  void tell(CredentialEvent event) {
    try {
      listener.accept(event);
    } catch (Throwable e) {
      // Whoever asked for a credential cannot do anything about it.
    }
  }
}
