package dev.pointsman.hook;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.xds.Peek;

/** What is kept between translations: the last one of each Gateway, as long as all together are not too large. */
final class Memos {
  /** A rule with a pool takes some 6 KB, another route of its host its own length. */
  private static final long MOST_BYTES = 128L << 20;

  private final Cache<String, Memo.Kept> byGateway = CacheBuilder.newBuilder()
      .concurrencyLevel(1) // else each Gateway may take only a part
      .maximumWeight(MOST_BYTES)
      .weigher((String _, Memo.Kept kept) -> kept.bytes())
      .build();

  /** A memo for a translation. */
  Memo of(PostTranslateModifyRequest request) {
    Memo.Kept last = byGateway.getIfPresent(gateway(request));
    return new Memo(last == null ? Memo.Kept.NOTHING : last);
  }

  /** Keeps a memo for the next translation of the same Gateway. */
  void keep(PostTranslateModifyRequest request, Memo memo) {
    byGateway.put(gateway(request), memo.kept());
  }

  /** What tells Gateways apart: their first route configuration's name. At worst a translation is a cold one. */
  private static String gateway(PostTranslateModifyRequest request) {
    try {
      return request.getRoutesCount() > 0 ? Peek.name(request.getRoutes(0)) : "";
    } catch (InvalidProtocolBufferException unreadable) {
      return "";
    }
  }
}
