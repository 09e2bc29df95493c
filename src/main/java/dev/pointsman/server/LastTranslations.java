package dev.pointsman.server;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.eds.EndpointsByName;
import dev.pointsman.explain.EndpointsNow;
import dev.pointsman.explain.ExplainableGateway;
import dev.pointsman.explain.ExplainableGateway.Question;
import dev.pointsman.explain.GatewayAnswer;
import dev.pointsman.hook.TranslationResult;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Endpoint;
import dev.pointsman.model.LatestByGateway;
import dev.pointsman.model.ObjectRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The last translation of each Gateway, to explain requests with. The answers share most of their bytes with the results
 * that the next translation reuses; the least recent ones are dropped above a limit.
 */
final class LastTranslations {
  private static final long MOST_BYTES = 64L << 20;

  private final LatestByGateway<ObjectRef, KeptResult> latest =
      new LatestByGateway<>(Integer.MAX_VALUE);
  private final TranslationHistory history = new TranslationHistory();
  private final Supplier<ClusterSnapshot> snapshots;
  private final Predicate<ObjectRef> gone;
  private long bytes;

  private record KeptResult(TranslationResult result, Instant at) {
    long bytes() {
      return result.response().getSerializedSize();
    }
  }

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
    KeptResult added = new KeptResult(result, at);
    List<KeptResult> replaced = latest.put(result.gateways(), added);
    bytes += added.bytes() - replaced.stream().mapToLong(KeptResult::bytes).sum();
    Iterator<KeptResult> oldest = latest.byGateways().values().iterator();
    while (bytes > MOST_BYTES && latest.byGateways().size() > 1) {
      bytes -= oldest.next().bytes();
      oldest.remove();
    }
    history.add(result, replaced.stream().map(KeptResult::result).toList(), at, took);
  }

  /** The last translation of each Gateway that is not known to be deleted. */
  List<TranslationResult> all() {
    return kept().stream().map(KeptResult::result).toList();
  }

  private synchronized List<KeptResult> kept() {
    return latest.byGateways().values().stream()
        .filter(one -> !one.result().gateways().stream().allMatch(gone))
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

  /** The answers of all Gateways to a question, with the endpoints of now. */
  List<GatewayAnswer> answers(Question question) {
    try {
      List<ExplainableGateway> gateways = new ArrayList<>();
      for (KeptResult one : kept()) {
        gateways.add(ExplainableTranslations.of(one.result()).at(one.at()));
      }
      return question.answers(gateways, endpoints(snapshots.get()));
    } catch (InvalidProtocolBufferException unreadable) {
      throw new IllegalStateException("Envoy Gateway has sent a resource that is none", unreadable);
    }
  }
}
