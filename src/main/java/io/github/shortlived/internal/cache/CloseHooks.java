package io.github.shortlived.internal.cache;

import com.google.common.collect.MapMaker;
import java.util.Collections;
import java.util.Set;

/**
 * Clears the tokens that are held outside the cache when it is closed. Holders that are no longer
 * used are forgotten. Thread-safe.
 */
public final class CloseHooks implements AutoCloseable {
  private final Set<Runnable> hooks =
      Collections.newSetFromMap(new MapMaker().weakKeys().makeMap());
  private volatile boolean closed;

  /**
   * Registers a hook, which drops a token. Register it after storing the token, so that a
   * concurrent {@link #close()} cannot miss it. The owner of the token must refer to the hook.
   */
  public void add(Runnable hook) {
    hooks.add(hook);
    if (closed) {
      hook.run();
    }
  }

  @Override
  public void close() {
    closed = true;
    hooks.forEach(Runnable::run);
  }
}
