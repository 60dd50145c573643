package io.github.shortlived.internal.cache;

import com.google.common.collect.MapMaker;
import java.util.Collections;
import java.util.Set;

/**
 * Who holds a kept token beside the cache, as long as somebody uses them; they let go of it when
 * the cache is closed. Thread-safe.
 */
public final class TokenHolders implements AutoCloseable {
  private final Set<Holder> holders =
      Collections.newSetFromMap(new MapMaker().weakKeys().makeMap());
  private volatile boolean closed;

  /** One of them. */
  public interface Holder {
    /** Lets go of the token; whoever is amid holding one adds themselves afterwards. */
    void clear();
  }

  /** Said after the token is held, so that none is held on to. */
  public void add(Holder holder) {
    holders.add(holder);
    if (closed) {
      holder.clear();
    }
  }

  @Override
  public void close() {
    closed = true;
    holders.forEach(Holder::clear);
  }
}
