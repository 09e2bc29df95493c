package dev.pointsman.incremental;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The results of each Gateway's last translation, within a bound of memory for all. It is safe for use by several threads.
 *
 * @param <G> names the Gateways of a translation
 */
public final class TranslationCache<G> {
  /** A rule with a pool takes some 6 KB, another route of its virtual host its own length. */
  private static final long MAX_BYTES = 128L << 20;

  private final Cache<G, CachedTranslation.Results> byGateway = CacheBuilder.newBuilder()
      .concurrencyLevel(1) // else each Gateway may take only a part of the bound
      .maximumWeight(MAX_BYTES)
      .weigher((G _, CachedTranslation.Results results) -> results.bytes())
      .build();
  private final Map<Place<?, ?>, ReuseCounter> counters = new ConcurrentHashMap<>();

  /**
   * Uses of the memos of a place.
   *
   * @param hits results that were reused
   * @param misses results that were computed
   */
  public record Counts(long hits, long misses) {
    /** Of a place that was not used. */
    public static final Counts NONE = new Counts(0, 0);
  }

  /** @param places whose uses are counted from the start */
  public TranslationCache(List<Place<?, ?>> places) {
    places.forEach(place -> counters.put(place, new ReuseCounter()));
  }

  /** A translation, computed with what it may reuse. */
  public interface Translating<V> {
    /** Translates. */
    V with(Reuse reuse);
  }

  /**
   * Translates with the results of the last translation of the same Gateways, and keeps the new ones.
   *
   * @param gateways where they are not known, at worst nothing is reused
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

  /** The uses of memos since the start, by the name of the place. */
  public SortedMap<String, Counts> counts() {
    SortedMap<String, Counts> counts = new TreeMap<>();
    counters.forEach((place, counter) -> counts.put(place.name(), counter.counts()));
    return counts;
  }
}
