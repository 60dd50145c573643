package io.github.shortlived.internal.cache;

import com.google.common.base.Suppliers;
import com.google.common.collect.MapMaker;
import java.util.Collections;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Clears tokens outside the cache when the credentials are closed. A hook whose owner is no longer
 * used is garbage-collected. Thread-safe.
 */
public final class CloseHooks implements AutoCloseable {
  // Most programs have no hooks, and the map has many classes.
  private final Supplier<Set<Runnable>> hooks =
      Suppliers.memoize(() -> Collections.newSetFromMap(new MapMaker().weakKeys().makeMap()));
  private volatile boolean closed;

  /**
   * Registers a hook, which drops a token. Register it after storing the token, so that a
   * concurrent {@link #close()} cannot miss it. The owner of the token must refer to the hook.
   */
  public void add(Runnable hook) {
    hooks.get().add(hook);
    if (closed) {
      hook.run();
    }
  }

  @Override
  public void close() {
    closed = true;
    hooks.get().forEach(Runnable::run);
  }
}
