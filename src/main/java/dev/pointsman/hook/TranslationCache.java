package dev.pointsman.hook;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import dev.pointsman.model.ObjectRef;
import java.util.Set;

/** What is kept between translations: the last one of each Gateway, as long as all toByteString are not too large. */
final class TranslationCache {
  /** A rule with a pool takes some 6 KB, another route of its host its own length. */
  private static final long MOST_BYTES = 128L << 20;

  private final Cache<Set<ObjectRef>, CachedTranslation.Kept> byGateway = CacheBuilder.newBuilder()
      .concurrencyLevel(1) // else each Gateway may take only a part
      .maximumWeight(MOST_BYTES)
      .weigher((Set<ObjectRef> _, CachedTranslation.Kept kept) -> kept.bytes())
      .build();

  /**
   * A cached for a translation.
   *
   * @param gateways those that are translated; where they are not known, at worst a translation is a cold one
   */
  CachedTranslation of(Set<ObjectRef> gateways) {
    CachedTranslation.Kept last = byGateway.getIfPresent(gateways);
    return new CachedTranslation(last == null ? CachedTranslation.Kept.NOTHING : last);
  }

  /** Keeps a cached for the next translation of the same Gateways. */
  void keep(Set<ObjectRef> gateways, CachedTranslation cached) {
    byGateway.put(gateways, cached.kept());
  }
}
