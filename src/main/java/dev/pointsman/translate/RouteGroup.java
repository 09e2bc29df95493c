package dev.pointsman.translate;

import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.incremental.Chunk.Range;
import dev.pointsman.incremental.Memo;
import dev.pointsman.incremental.Reuse;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.plan.BackendWeight;
import dev.pointsman.wire.ByteKey;
import dev.pointsman.wire.Bytes;
import dev.pointsman.wire.MessageSplicer;
import dev.pointsman.wire.MultiPatternSearch;
import dev.pointsman.xds.HostChange;
import dev.pointsman.xds.InBand;
import dev.pointsman.xds.PlannedRoutes;
import dev.pointsman.xds.RouteChange;
import dev.pointsman.xds.RouteChange.Changed;
import dev.pointsman.xds.RouteFacts;
import dev.pointsman.xds.XdsNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Consecutive routes of a virtual host, which are planned and rewritten together. */
final class RouteGroup {
  /** A message without one of these texts has no relevant route. */
  static final MultiPatternSearch RELEVANT =
      new MultiPatternSearch(InBand.NAMESPACE, XdsNames.MODEL_HEADER, XdsNames.BASE_MODEL_HEADER);

  private final ByteString bytes;
  private final Supplier<List<RouteEntry>> entries;
  private final List<Diagnostic> unreadable;
  private final GroupSummary summary;
  private final PlannedRoutes passThrough = PlannedRoutes.passThrough(this::routes);
  private final Memo<PlanInputs, GroupPlan> plan;
  private final Memo<RewriteInputs, RewrittenGroup> rewritten;

  /**
   * A route.
   *
   * @param range of its field in the group
   * @param relevant empty for a route that stays as it is
   */
  record RouteEntry(ByteString bytes, Range range, Optional<RelevantRoute> relevant) {}

  /**
   * All inputs of a group's plan, if no policy applies and all weights are known.
   *
   * @param weights of {@link GroupSummary#poolClusters}
   * @param cut the namespaces without copies for large bodies
   */
  record PlanInputs(List<List<BackendWeight>> weights, Set<String> cut) {}

  /** All inputs of a group's rewriting beside its bytes. */
  record RewriteInputs(PlannedRoutes routes, HostChange change) {}

  /**
   * A rewritten group.
   *
   * @param routes a virtual host with the routes only
   * @param loop a virtual host with their copies in the loop for large bodies only
   * @param broken diagnostics of routes that would break a rule of Envoy's API
   */
  record RewrittenGroup(ByteString routes, ByteString loop, List<Diagnostic> broken) {}

  private RouteGroup(
      ByteString bytes,
      Supplier<List<RouteEntry>> entries,
      List<Diagnostic> unreadable,
      GroupSummary summary,
      Reuse reuse) {
    this.bytes = bytes;
    this.entries = entries;
    this.unreadable = unreadable;
    this.summary = summary;
    plan = reuse.memo(Places.GROUP_PLANS);
    rewritten = reuse.memo(Places.REWRITTEN_GROUPS);
  }

  /**
   * Reads the routes of a group.
   *
   * @param bytes whole fields of a virtual host, in memory of their own
   * @param ranges of the routes
   * @param replaced groups that may contain some of the routes, whose results are reused
   */
  static RouteGroup read(
      ByteString bytes, List<Range> ranges, List<RouteGroup> replaced, Reuse reuse) {
    if (!RELEVANT.in(bytes)) {
      Supplier<List<RouteEntry>> entries = Suppliers.memoize(() -> ranges.stream()
          .map(range -> new RouteEntry(value(bytes, range), range, Optional.empty()))
          .toList());
      return new RouteGroup(bytes, entries, List.of(), GroupSummary.ofOthers(ranges), reuse);
    }
    Map<ByteKey, RelevantRoute> reusable = relevant(replaced);
    Diagnostics unreadable = new Diagnostics();
    List<RouteEntry> entries = new ArrayList<>(ranges.size());
    for (Range range : ranges) {
      ByteString route = value(bytes, range);
      entries.add(new RouteEntry(route, range, relevant(route, reusable, unreadable, reuse)));
    }
    return new RouteGroup(
        bytes, () -> entries, unreadable.sorted(), GroupSummary.of(entries), reuse);
  }

  private static ByteString value(ByteString bytes, Range range) {
    return bytes.substring(range.value(), range.to());
  }

  private static Map<ByteKey, RelevantRoute> relevant(List<RouteGroup> groups) {
    Map<ByteKey, RelevantRoute> relevant = new HashMap<>();
    for (RouteGroup group : groups) {
      if (group.isRelevant()) {
        for (RouteEntry entry : group.entries()) {
          entry.relevant().ifPresent(route -> relevant.put(new ByteKey(entry.bytes()), route));
        }
      }
    }
    return relevant;
  }

  private static Optional<RelevantRoute> relevant(
      ByteString bytes, Map<ByteKey, RelevantRoute> reusable, Diagnostics unreadable, Reuse reuse) {
    if (!RELEVANT.in(bytes)) {
      return Optional.empty();
    }
    RelevantRoute last = reusable.get(new ByteKey(bytes));
    if (last != null) {
      return Optional.of(last);
    }
    try {
      RouteFacts facts = RouteFacts.of(bytes);
      return facts.isRelevant() ? Optional.of(new RelevantRoute(facts, reuse)) : Optional.empty();
    } catch (InvalidProtocolBufferException | IllegalArgumentException malformed) {
      unreadable.unreadable("Route", "", malformed);
      return Optional.empty();
    }
  }

  ByteString bytes() {
    return bytes;
  }

  List<RouteEntry> entries() {
    return entries.get();
  }

  private List<ByteString> routes() {
    return entries().stream().map(RouteEntry::bytes).toList();
  }

  /** Diagnostics of routes that cannot be read. */
  List<Diagnostic> unreadable() {
    return unreadable;
  }

  GroupSummary summary() {
    return summary;
  }

  /** Whether one of the routes has a model condition, targets a pool or has a policy. */
  boolean isRelevant() {
    return summary.relevant() > 0;
  }

  /** The routes without plans, for a group that is not relevant. */
  PlannedRoutes passThrough() {
    return passThrough;
  }

  /** The approximate memory of the group, in bytes. */
  long size() {
    return isRelevant() ? 7L * bytes.size() : bytes.size(); // the routes and their results
  }

  /** The group's plan, if the inputs decide it. */
  GroupPlan plan(PlanInputs inputs, Supplier<GroupPlan> planner) {
    return plan.of(inputs, planner::get);
  }

  /**
   * Rewrites the group.
   *
   * @throws InvalidProtocolBufferException if a route cannot be read
   */
  RewrittenGroup rewrite(PlannedRoutes routes, HostChange change)
      throws InvalidProtocolBufferException {
    return rewritten.of(new RewriteInputs(routes, change), () -> rewriteAll(routes, change));
  }

  private RewrittenGroup rewriteAll(PlannedRoutes planned, HostChange change)
      throws InvalidProtocolBufferException {
    MessageSplicer routes = new MessageSplicer();
    MessageSplicer loop = new MessageSplicer();
    List<Diagnostic> broken = new ArrayList<>();
    Iterator<Optional<RouteChange>> changes = change.changes(planned).iterator();
    for (RouteEntry entry : entries()) {
      Optional<RouteChange> own = changes.next();
      if (own.isEmpty()) {
        routes.addRange(bytes, entry.range().from(), entry.range().to());
        continue;
      }
      Changed changed = entry.relevant().isPresent()
          ? entry.relevant().get().changed(entry.bytes(), own.get())
          : own.get().apply(entry.bytes());
      routes.add(changed.routes());
      loop.add(changed.loop());
      changed.broken().ifPresent(broken::add);
    }
    return new RewrittenGroup(
        RouteTable.MAPS.sorted(routes.toByteString()), Bytes.copy(loop.toByteString()), broken);
  }
}
