package dev.pointsman.hook;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import dev.pointsman.model.ObjectRef;
import java.util.Set;

/** What is kept between translations: the last one of each Gateway, as long as all together are not too large. */
final class Memos {
  /** A rule with a pool takes some 6 KB, another route of its host its own length. */
  private static final long MOST_BYTES = 128L << 20;

  private final Cache<Set<ObjectRef>, Memo.Kept> byGateway = CacheBuilder.newBuilder()
      .concurrencyLevel(1) // else each Gateway may take only a part
      .maximumWeight(MOST_BYTES)
      .weigher((Set<ObjectRef> _, Memo.Kept kept) -> kept.bytes())
      .build();

  /**
   * A memo for a translation.
   *
   * @param gateways those that are translated; where they are not known, at worst a translation is a cold one
   */
  Memo of(Set<ObjectRef> gateways) {
    Memo.Kept last = byGateway.getIfPresent(gateways);
    return new Memo(last == null ? Memo.Kept.NOTHING : last);
  }

  /** Keeps a memo for the next translation of the same Gateways. */
  void keep(Set<ObjectRef> gateways, Memo memo) {
    byGateway.put(gateways, memo.kept());
  }
}
