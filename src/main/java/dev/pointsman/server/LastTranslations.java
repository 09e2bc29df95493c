package dev.pointsman.server;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.eds.EndpointsByName;
import dev.pointsman.explain.EndpointsNow;
import dev.pointsman.explain.ExplainableGateway.Question;
import dev.pointsman.explain.Explanation;
import dev.pointsman.explain.UnclearRequest;
import dev.pointsman.hook.TranslationResult;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Endpoint;
import dev.pointsman.model.ObjectRef;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The last translation of each Gateway, to explain requests with. The answers share most of their bytes with the results
 * that the next translation reuses; the least recent ones are dropped above a limit.
 */
final class LastTranslations {
  private static final long MOST_BYTES = 64L << 20;

  private final Map<Set<ObjectRef>, TranslationResult> latest = new LinkedHashMap<>();
  private final TranslationHistory history = new TranslationHistory();
  private final Supplier<ClusterSnapshot> snapshots;
  private final Predicate<ObjectRef> gone;
  private long bytes;

  /**
   * Without a translation.
   *
   * @param gone whether a Gateway is known to be deleted
   */
  LastTranslations(Supplier<ClusterSnapshot> snapshots, Predicate<ObjectRef> gone) {
    this.snapshots = snapshots;
    this.gone = gone;
  }

  synchronized void add(TranslationResult result, Instant at, Duration took) {
    TranslationResult before = latest.remove(result.gateways());
    bytes -= before == null ? 0 : size(before);
    latest.put(result.gateways(), result);
    bytes += size(result);
    Iterator<TranslationResult> oldest = latest.values().iterator();
    while (bytes > MOST_BYTES && latest.size() > 1) {
      bytes -= size(oldest.next());
      oldest.remove();
    }
    history.add(result, Optional.ofNullable(before), at, took);
  }

  private static long size(TranslationResult result) {
    return result.response().getSerializedSize();
  }

  /** The last translation of each Gateway that is not known to be deleted. */
  synchronized List<TranslationResult> all() {
    return latest.values().stream()
        .filter(
            result -> result.gateways().isEmpty() || !result.gateways().stream().allMatch(gone))
        .toList();
  }

  /** The last translations in their order. */
  TranslationHistory history() {
    return history;
  }

  /** The endpoints of a snapshot. */
  static EndpointsNow endpoints(ClusterSnapshot snapshot) {
    Map<String, List<Endpoint>> endpoints = EndpointsByName.of(snapshot);
    return name -> Optional.ofNullable(endpoints.get(name))
        .or(() -> EndpointsByName.asked(snapshot, name))
        .map(known -> known.stream().map(Endpoint::toString).sorted().toList());
  }

  /**
   * Explains a request with the endpoints of now.
   *
   * @throws UnclearRequest if it is not clear which Gateway or listener is meant
   */
  Explanation explain(Question question) throws UnclearRequest {
    try {
      return question.answer(ExplainableTranslations.of(all()), endpoints(snapshots.get()));
    } catch (InvalidProtocolBufferException unreadable) {
      throw new IllegalStateException("Envoy Gateway has sent a resource that is none", unreadable);
    }
  }
}
