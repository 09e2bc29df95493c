package dev.pointsman.hook;

import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.InferencePolicy;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.model.Parsed;
import dev.pointsman.plan.BackendWeight;
import dev.pointsman.shallow.ShallowVirtualHost;
import dev.pointsman.xds.HostChange;
import dev.pointsman.xds.PlannedRoutes;
import dev.pointsman.xds.RouteChange;
import dev.pointsman.xds.RouteChange.Changed;
import dev.pointsman.xds.RouteFacts;
import dev.pointsman.xds.RouteFacts.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Some consecutive routes of a virtual host, and what became of them the last time. Most chunks of a large host come
 * again byte for byte, and are then taken over as a whole.
 */
final class RouteChunk {
  private final ByteString bytes;
  private final Supplier<List<Entry>> entries;
  private final List<Diagnostic> unreadable;
  private final int known;
  private final List<String> poolClusters = new ArrayList<>();
  private final CopyCosts copies = new CopyCosts();
  private final PlannedRoutes passThrough = PlannedRoutes.passThrough(this::routes);
  private final Map<String, Parsed<InferencePolicy>> policies = new HashMap<>();
  private boolean decidedByWeights = true;
  private int shares;
  private long recordBytes;
  private final LastValueMemo<Deciding, RouteChunkPlan> plan = new LastValueMemo<>();
  private final LastValueMemo<Arrangement, Rewritten> rewritten = new LastValueMemo<>();

  /**
   * A route.
   *
   * @param bytes what it says
   * @param from where its field, tag included, begins in the chunk
   * @param to where it ends
   * @param known what we know of it, where that concerns us
   */
  record Entry(ByteString bytes, int from, int to, Optional<CachedRoute> known) {}

  /**
   * Everything that the plan of a chunk depends on which weights decide.
   *
   * @param weights of {@link #poolClusters}
   * @param cut the HTTPRoutes without copies for large bodies
   */
  record Deciding(List<List<BackendWeight>> weights, Set<ObjectRef> cut) {}

  private record Arrangement(PlannedRoutes slots, HostChange change) {}

  /**
   * What becomes of the routes.
   *
   * @param routes a virtual host with the routes that stand in their place, and nothing else
   * @param loop another with their copies behind the loop for large bodies
   * @param broken what there is to say of those that would break a rule of Envoy's
   */
  record Rewritten(ByteString routes, ByteString loop, List<Diagnostic> broken) {}

  /**
   * A chunk with routes that may isRelevant us.
   *
   * @param bytes whole fields of a virtual host, tags included. The chunk outlives the message that it came with, and
   *     must not share its memory.
   * @param unreadable what there is to say about routes that cannot be read
   */
  RouteChunk(ByteString bytes, List<Entry> entries, List<Diagnostic> unreadable) {
    this.bytes = bytes;
    this.entries = () -> entries;
    this.unreadable = unreadable;
    known = (int) entries.stream().filter(entry -> entry.known().isPresent()).count();
    Set<Rule> rules = new HashSet<>();
    for (Entry entry : entries) {
      if (entry.known().isPresent()) {
        add(entry.known().get().facts(), rules);
        recordBytes += entry.bytes().size() - entry.known().get().facts().bytes();
        copies.add(entry.known().get().facts());
      } else {
        copies.addPlain(entry.bytes().size());
      }
    }
  }

  /**
   * A chunk in which nothing is said of models or pools, likewise.
   *
   * @param lengths of the routes, in bytes
   */
  RouteChunk(ByteString bytes, List<Integer> lengths) {
    this.bytes = bytes;
    entries = Suppliers.memoize(() -> split(bytes));
    unreadable = List.of();
    known = 0;
    lengths.forEach(copies::addPlain);
  }

  private static List<Entry> split(ByteString bytes) {
    try {
      return RawRepeatedField.of(bytes, ShallowVirtualHost.ROUTES_FIELD_NUMBER).parts().stream()
          .map(part -> new Entry(part.bytes(), part.from(), part.to(), Optional.empty()))
          .toList();
    } catch (InvalidProtocolBufferException impossible) { // whoever made the chunk has read them
      throw new IllegalStateException(impossible);
    }
  }

  private void add(RouteFacts facts, Set<Rule> rules) {
    Rule rule = facts.pools().isEmpty() ? null : facts.rule().orElse(null);
    if (rule instanceof Rule.OneCluster(String cluster)) {
      poolClusters.add(cluster);
    }
    if (rule != null && rules.add(rule)) {
      shares += facts.pools().size();
    }
    policies.putAll(facts.carried());
    decidedByWeights &= !(rule instanceof Rule.Weighted)
        && facts.policies().isEmpty()
        && facts.baseModel().isEmpty();
  }

  ByteString bytes() {
    return bytes;
  }

  List<Entry> entries() {
    return entries.get();
  }

  List<Diagnostic> unreadable() {
    return unreadable;
  }

  /** Whether one of the routes asks for a model, goes to a pool or has a policy. */
  boolean isRelevant() {
    return known > 0;
  }

  /** How many do. */
  int known() {
    return known;
  }

  /** The bytes of the Route hook's records on its routes, which the answer does not have. */
  long recordBytes() {
    return recordBytes;
  }

  /** How many pools its rules name. */
  int shares() {
    return shares;
  }

  /** The clusters of the rules that name pools. */
  List<String> poolClusters() {
    return poolClusters;
  }

  /** The policies that its routes carry, by id. */
  Map<String, Parsed<InferencePolicy>> policies() {
    return policies;
  }

  /** Whether its plan depends on nothing but the weights of those clusters, where they are known and no policy counts. */
  boolean isDecidedByWeights() {
    return decidedByWeights;
  }

  /** The routes, where there is nothing to know of them. */
  PlannedRoutes passThrough() {
    return passThrough;
  }

  /** The bytes of the copies beside its routes. */
  CopyCosts copies() {
    return copies;
  }

  /** The memory that it takes, roughly, in bytes. */
  long size() {
    return isRelevant()
        ? 7L * bytes.size()
        : bytes.size(); // with what we know and what becomes of it
  }

  /** Its plan, where weights decide it. */
  RouteChunkPlan plan(Deciding deciding, Supplier<RouteChunkPlan> make) {
    return plan.of(deciding, make::get);
  }

  /**
   * What becomes of the routes.
   *
   * @param slots the routes
   * @throws InvalidProtocolBufferException when one of them cannot be read
   */
  Rewritten rewritten(PlannedRoutes slots, HostChange change)
      throws InvalidProtocolBufferException {
    return rewritten.of(new Arrangement(slots, change), () -> rewrite(slots, change));
  }

  private Rewritten rewrite(PlannedRoutes slots, HostChange change)
      throws InvalidProtocolBufferException {
    MessageSplicer routes = new MessageSplicer();
    MessageSplicer loop = new MessageSplicer();
    List<Diagnostic> broken = new ArrayList<>();
    Iterator<Optional<RouteChange>> changes = change.changes(slots).iterator();
    for (Entry entry : entries()) {
      Optional<RouteChange> own = changes.next();
      if (own.isEmpty()) {
        routes.addRange(bytes, entry.from(), entry.to());
        continue;
      }
      Changed changed = entry.known().isPresent()
          ? entry.known().get().changed(entry.bytes(), own.get())
          : own.get().apply(entry.bytes());
      routes.add(changed.routes());
      loop.add(changed.loop());
      changed.broken().ifPresent(broken::add);
    }
    return new Rewritten(
        Bytes.copy(routes.toByteString()), Bytes.copy(loop.toByteString()), broken);
  }

  private List<ByteString> routes() {
    return entries().stream().map(Entry::bytes).toList();
  }
}
