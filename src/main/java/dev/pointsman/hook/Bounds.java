package dev.pointsman.hook;

import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.hook.RouteTable.Host;
import dev.pointsman.hook.Stretch.Entry;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.plan.Extras;
import dev.pointsman.plan.FairShares;
import dev.pointsman.plan.ModelMatch;
import dev.pointsman.plan.PolicyPlan;
import dev.pointsman.xds.RouteFacts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Keeps a translation below the size that Envoy Gateway takes, above which it would publish nothing of any Gateway. Each
 * namespace has a share of what models, mirrors and certificates of policies may add; whose are larger loses the last of
 * its own, and nobody else anything. The request and the objects alone decide it.
 */
final class Bounds {
  /** A namespace's part of the largest answer: 4 MiB of 64, which is some 7,000 names for eight matches. */
  private static final int SHARES = 16;

  /** The part of the largest answer that stays free. */
  private static final int HEADROOM = 16;

  /** The bytes of a route with pools beside its copies, its clusters included. */
  private static final int ROUTE = 2_500;

  /** The bytes of our filters in a listener, and of the listener of its loop. */
  private static final int LISTENER = 8_192;

  private final Map<String, Namespace> namespaces = new HashMap<>();
  private final Map<ObjectRef, Integer> leftOut =
      new TreeMap<>((one, other) -> one.toString().compareTo(other.toString()));
  private long most = Long.MAX_VALUE;

  /** The bytes that a namespace wants, and the bytes that it has got. */
  private static final class Namespace {
    private long wanted;
    private long got;
    private final Extras wishes = new Extras();
    private final Extras gifts = new Extras();

    /** Takes so many bytes, if it may have them. */
    private boolean gets(long bytes, long most) {
      boolean gets = got + bytes <= most;
      got += gets ? bytes : 0;
      return gets;
    }
  }

  private Bounds() {}

  /**
   * The bounds of a translation.
   *
   * @param request the translation as it came
   * @param largest the largest answer that Envoy Gateway takes, in bytes
   */
  static Bounds of(
      List<RouteTable> tables,
      Policies policies,
      PostTranslateModifyRequest request,
      long largest) {
    Bounds bounds = new Bounds();
    long others = request.getSerializedSize() + (long) LISTENER * request.getListenersCount();
    for (RouteTable table : tables) {
      for (Host given : table.hosts()) {
        if (given.known().isPresent()) {
          for (Stretch stretch : given.known().get().stretches()) {
            others += bounds.count(stretch, policies, given.known().get());
          }
        }
      }
    }
    bounds.most = FairShares.most(
        bounds.namespaces.values().stream().map(namespace -> namespace.wanted).toList(),
        largest - largest / HEADROOM - others,
        largest / SHARES);
    return bounds;
  }

  /** Counts what its routes want; gives what they take without. */
  private long count(Stretch stretch, Policies policies, KnownHost host) {
    if (!stretch.concernsUs()) {
      return 0;
    }
    if (!stretch.isDecidedByWeights() || policies.anyOn(host.twin())) {
      for (Entry entry : stretch.entries()) {
        entry
            .known()
            .ifPresent(route -> want(route.facts(), policies.of(route.facts(), host.twin())));
      }
    }
    return 2L * stretch.bytes().size() + (long) ROUTE * stretch.known();
  }

  private void want(RouteFacts facts, PolicyPlan policy) {
    if (policy.equals(PolicyPlan.NONE)) {
      return;
    }
    Namespace namespace =
        namespaces.computeIfAbsent(facts.owner().namespace(), _ -> new Namespace());
    namespace.wanted += namespace.wishes.ofCertificates(facts.pools(), policy);
    namespace.wanted += namespace.wishes.ofMirrors(policy);
    for (ModelMatch match : ModelMatch.of(policy.models())) {
      namespace.wanted += namespace.wishes.of(match, facts.bytes(), policy);
    }
  }

  /**
   * As much of what policies ask of a route as its namespace may have. To be asked once for each route, in their order.
   */
  PolicyPlan within(RouteFacts facts, PolicyPlan policy) {
    Namespace namespace = namespaces.get(facts.owner().namespace());
    if (namespace == null || namespace.wanted <= most || policy.equals(PolicyPlan.NONE)) {
      return policy;
    }
    PolicyPlan kept = policy;
    int cut = 0;
    if (!namespace.gets(namespace.gifts.ofCertificates(facts.pools(), policy), most)) {
      kept = kept.trustingNobody();
      cut++;
    }
    if (!namespace.gets(namespace.gifts.ofMirrors(kept), most)) {
      cut += kept.mirrors().size();
      kept = kept.withoutMirrors();
    }
    List<ModelMatch> matches = new ArrayList<>();
    for (ModelMatch match : ModelMatch.of(policy.models())) {
      if (namespace.gets(namespace.gifts.of(match, facts.bytes(), kept), most)) {
        matches.add(match);
      } else {
        cut += match.names().size();
      }
    }
    if (cut > 0) {
      leftOut.merge(facts.owner(), cut, Integer::sum);
    }
    return kept.withModels(matches);
  }

  /** Diagnostics for the HTTPRoutes that have lost something. */
  List<Diagnostic> diagnostics() {
    List<Diagnostic> diagnostics = new ArrayList<>();
    leftOut.forEach((owner, count) -> {
      Namespace namespace = namespaces.get(owner.namespace());
      long wanted = namespace == null ? 0 : namespace.wanted;
      diagnostics.add(new Diagnostic(
          Reason.TooLarge,
          owner,
          "",
          "loses " + count
              + " of the models, mirrors and certificates that its routes add: those of namespace "
              + owner.namespace() + " take " + wanted
              + " bytes of the Gateway's configuration, and " + most
              + " are allowed"));
    });
    return diagnostics;
  }
}
