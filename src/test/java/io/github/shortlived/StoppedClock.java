package io.github.shortlived;

import com.google.api.core.ApiClock;

/** A clock that stays at zero. */
public final class StoppedClock implements ApiClock {
  @Override
  public long nanoTime() {
    return 0;
  }

  @Override
  public long millisTime() {
    return 0;
  }
}
