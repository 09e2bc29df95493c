package dev.pointsman.server;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.eds.EndpointsByName;
import dev.pointsman.explain.ExplainableGateway.Question;
import dev.pointsman.explain.Explanation;
import dev.pointsman.explain.UnclearRequest;
import dev.pointsman.hook.TranslationResult;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Endpoint;
import dev.pointsman.model.ObjectRef;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The last translation of each Gateway, to explain requests with. The answers share most of their bytes with the results
 * that the next translation reuses; the least recent ones are dropped above a limit.
 */
final class LastTranslations {
  private static final long MOST_BYTES = 64L << 20;

  private final Map<Set<ObjectRef>, TranslationResult> latest = new LinkedHashMap<>();
  private final Supplier<ClusterSnapshot> snapshots;
  private long bytes;

  LastTranslations(Supplier<ClusterSnapshot> snapshots) {
    this.snapshots = snapshots;
  }

  synchronized void add(TranslationResult result) {
    TranslationResult before = latest.remove(result.gateways());
    bytes -= before == null ? 0 : size(before);
    latest.put(result.gateways(), result);
    bytes += size(result);
    Iterator<TranslationResult> oldest = latest.values().iterator();
    while (bytes > MOST_BYTES && latest.size() > 1) {
      bytes -= size(oldest.next());
      oldest.remove();
    }
  }

  private static long size(TranslationResult result) {
    return result.response().getSerializedSize();
  }

  private synchronized List<TranslationResult> all() {
    return List.copyOf(latest.values());
  }

  /**
   * Explains a request with the endpoints of now.
   *
   * @throws UnclearRequest if it is not clear which Gateway or listener is meant
   */
  Explanation explain(Question question) throws UnclearRequest {
    try {
      ClusterSnapshot snapshot = snapshots.get();
      Map<String, List<Endpoint>> endpoints = EndpointsByName.of(snapshot);
      return question.answer(
          ExplainableTranslations.of(all()),
          name -> Optional.ofNullable(endpoints.get(name))
              .or(() -> EndpointsByName.subset(snapshot, name))
              .map(known -> known.stream().map(Endpoint::toString).sorted().toList()));
    } catch (InvalidProtocolBufferException unreadable) {
      throw new IllegalStateException("Envoy Gateway has sent a resource that is none", unreadable);
    }
  }
}
