package dev.pointsman.incremental;

import java.util.concurrent.atomic.LongAdder;

/** Counts the hits and misses of the memos of a place. */
final class ReuseCounter {
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();

  void addHit() {
    hits.increment();
  }

  void addMiss() {
    misses.increment();
  }

  TranslationCache.Counts counts() {
    return new TranslationCache.Counts(hits.sum(), misses.sum());
  }
}
