package io.github.shortlived;

/** A token in the cache, with what is to be done about it when. */
record HeldToken<T extends BearerToken>(T token, Freshness freshness) {

  HeldToken<T> with(Freshness changed) {
    return new HeldToken<>(token, changed);
  }
}
