package io.github.shortlived.internal.cache;

import io.github.shortlived.model.BearerToken;

/** A token in the cache, with what is to be done about it when. */
public record CachedToken<T extends BearerToken>(T token, RefreshSchedule freshness) {

  CachedToken<T> with(RefreshSchedule changed) {
    return new CachedToken<>(token, changed);
  }
}
