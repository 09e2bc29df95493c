package dev.pointsman.incremental;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Caches the results of each Gateway's last translation within a common memory bound. It is thread-safe.
 *
 * @param <G> the key: the Gateways of a translation
 */
public final class TranslationCache<G> {
  /** A rule with a pool takes some 6 KB; another route of the virtual host takes its serialized length. */
  private static final long MAX_BYTES = 128L << 20;

  private final Cache<G, CachedTranslation.Results> byGateway = CacheBuilder.newBuilder()
      .concurrencyLevel(1) // with more levels, each Gateway gets only a part of the bound
      .maximumWeight(MAX_BYTES)
      .weigher((G _, CachedTranslation.Results results) -> results.bytes())
      .build();
  private final Map<Place<?, ?>, ReuseCounter> counters = new ConcurrentHashMap<>();

  /**
   * The lookups in the memos of a place.
   *
   * @param hits results that were reused
   * @param misses results that were computed
   */
  public record Counts(long hits, long misses) {
    /** The counts of an unused place. */
    public static final Counts NONE = new Counts(0, 0);
  }

  /** @param places the places that are counted from zero */
  public TranslationCache(List<Place<?, ?>> places) {
    places.forEach(place -> counters.put(place, new ReuseCounter()));
  }

  /** A translation that may reuse earlier results. */
  public interface Translating<V> {
    /** Runs the translation. */
    V with(Reuse reuse);
  }

  /**
   * Translates with the results of the last translation of the same Gateways, and keeps the new ones.
   *
   * @param gateways the cache key; if it is incomplete, fewer results are reused
   */
  public <V> V translate(G gateways, Translating<V> translating) {
    CachedTranslation.Results last = byGateway.getIfPresent(gateways);
    CachedTranslation reuse = new CachedTranslation(
        last == null ? CachedTranslation.Results.NONE : last,
        place -> counters.computeIfAbsent(place, _ -> new ReuseCounter()));
    V result = translating.with(reuse);
    byGateway.put(gateways, reuse.results());
    return result;
  }

  /** The hits and misses since the start, by the name of the place. */
  public SortedMap<String, Counts> counts() {
    SortedMap<String, Counts> counts = new TreeMap<>();
    counters.forEach((place, counter) -> counts.put(place.name(), counter.counts()));
    return counts;
  }
}
