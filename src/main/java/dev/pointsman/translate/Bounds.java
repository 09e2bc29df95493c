package dev.pointsman.translate;

import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.plan.Extras;
import dev.pointsman.plan.FairShares;
import dev.pointsman.plan.ModelMatch;
import dev.pointsman.plan.PolicyPlan;
import dev.pointsman.translate.RouteGroup.Entry;
import dev.pointsman.translate.RouteTable.Host;
import dev.pointsman.xds.RouteFacts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Keeps a translation below the size that Envoy Gateway takes, above which it would publish nothing of any Gateway. Each
 * namespace has a share of the bytes that models, mirrors and certificates of policies and copies of routes may add. A
 * namespace above its share loses its copies for large bodies, then the last of its models, mirrors and certificates;
 * another namespace loses nothing. The request and the objects alone decide it.
 */
final class Bounds {
  /** The part of the largest answer for a namespace's policies: 4 MiB of 64, some 7,000 names for eight matches. */
  private static final int SHARES = 16;

  /** The part of the largest answer that stays free. */
  private static final int HEADROOM = 16;

  /** The bytes that a route of ours has more in the answer, its copies and its record not included. */
  private static final int ROUTE = 400;

  /** The bytes of a pool's cluster that is made from a rule's. */
  private static final int CLUSTER = 1_536;

  /** The bytes of our filters in a listener, and of the listener of its loop. */
  private static final int LISTENER = 8_192;

  private final Map<String, Namespace> namespaces = new HashMap<>();
  private final Map<ObjectRef, Integer> leftOut = new HashMap<>();
  private final Map<ObjectRef, Long> largeBodies = new HashMap<>();
  private final long mostOfPolicies;
  private long most = Long.MAX_VALUE;

  /** The bytes that a namespace wants, and the bytes that it has got. */
  private static final class Namespace {
    private long required;
    private long largeBodies;
    private long got;
    private final Extras wishes = new Extras();
    private final Extras gifts = new Extras();

    private long wish(long mostOfPolicies) {
      return Math.min(required, mostOfPolicies) + largeBodies;
    }

    /** Takes so many bytes, if it may have them. */
    private boolean gets(long bytes, long most) {
      boolean gets = got + bytes <= most;
      got += gets ? bytes : 0;
      return gets;
    }
  }

  private Bounds(long mostOfPolicies) {
    this.mostOfPolicies = mostOfPolicies;
  }

  /**
   * The bounds of a translation.
   *
   * @param largest the largest answer that Envoy Gateway takes, in bytes
   */
  static Bounds of(
      List<RouteTable> tables, Policies policies, TranslationInputs inputs, long largest) {
    Bounds bounds = new Bounds(largest / SHARES);
    long others = inputs.size() + (long) LISTENER * inputs.listeners().size();
    for (RouteTable table : tables) {
      for (Host given : table.hosts()) {
        if (given.relevant().isPresent()) {
          others += bounds.count(given.relevant().get(), policies);
        }
      }
    }
    bounds.largeBodies.forEach((owner, bytes) -> bounds.of(owner).largeBodies += bytes);
    bounds.most = FairShares.most(
        bounds.namespaces.values().stream()
            .map(namespace -> namespace.wish(bounds.mostOfPolicies))
            .toList(),
        largest - largest / HEADROOM - others,
        Long.MAX_VALUE);
    return bounds;
  }

  /** Counts what a host's routes want; gives what they take without. */
  private long count(HostRoutes host, Policies policies) {
    CopyCosts copies = new CopyCosts();
    long others = 0;
    for (RouteGroup group : host.groups()) {
      copies.addAll(group.summary().copies());
      others += count(group, policies, host);
    }
    boolean reads = copies.readsModels() || policies.anyOn(host.shallow());
    copies.largeBodies(reads).forEach((owner, bytes) -> largeBodies.merge(owner, bytes, Long::sum));
    return reads ? others + copies.initialRoutes() : others;
  }

  private Namespace of(ObjectRef owner) {
    return namespaces.computeIfAbsent(owner.namespace(), _ -> new Namespace());
  }

  /** Counts what its routes want; gives what they take without. */
  private long count(RouteGroup group, Policies policies, HostRoutes host) {
    if (!group.isRelevant()) {
      return 0;
    }
    if (!group.summary().isPlannedByWeights() || policies.anyOn(host.shallow())) {
      for (Entry entry : group.entries()) {
        entry
            .relevant()
            .ifPresent(route -> want(route.facts(), policies.of(route.facts(), host.shallow())));
      }
    }
    return (long) ROUTE * group.summary().relevant()
        + group.summary().limitBytes()
        - group.summary().recordBytes()
        + CLUSTER * (long) group.summary().pools();
  }

  private void want(RouteFacts facts, PolicyPlan policy) {
    if (policy.equals(PolicyPlan.NONE)) {
      return;
    }
    Namespace namespace = of(facts.owner());
    namespace.required += namespace.wishes.ofCertificates(facts.pools(), policy);
    namespace.required += namespace.wishes.ofMirrors(policy);
    for (ModelMatch match : ModelMatch.of(policy.models())) {
      namespace.required += namespace.wishes.of(match, facts.bytes(), policy);
    }
  }

  /** Whether the routes of an HTTPRoute may have copies for large bodies. */
  boolean allowLargeBodies(ObjectRef owner) {
    Namespace namespace = namespaces.get(owner.namespace());
    return namespace == null || namespace.wish(mostOfPolicies) <= most;
  }

  /** The HTTPRoutes among those with copies for large bodies that may not have them. */
  Set<ObjectRef> cut(CopyCosts copies) {
    return copies.ownersOfLargeBodies().stream()
        .filter(owner -> !allowLargeBodies(owner))
        .collect(Collectors.toUnmodifiableSet());
  }

  private long mostOfPolicies(Namespace namespace) {
    return namespace.wish(mostOfPolicies) <= most ? mostOfPolicies : Math.min(mostOfPolicies, most);
  }

  /**
   * As much of what policies ask of a route as its namespace may have. To be asked once for each route, in their order.
   */
  PolicyPlan within(RouteFacts facts, PolicyPlan policy) {
    Namespace namespace = namespaces.get(facts.owner().namespace());
    if (namespace == null || policy.equals(PolicyPlan.NONE)) {
      return policy;
    }
    long most = mostOfPolicies(namespace);
    if (namespace.required <= most) {
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
    largeBodies.forEach((owner, bytes) -> {
      if (!allowLargeBodies(owner)) {
        diagnostics.add(new Diagnostic(
            Reason.TooLarge,
            owner,
            "",
            "fails requests with bodies of 4,000,000 bytes and more, which pickers get as one message (FailOpen goes on"
                + " without a pick): the copies of its routes for large bodies take "
                + bytes
                + " bytes of the Gateway's configuration, and everything that namespace "
                + owner.namespace() + " adds may take " + most
                + ". Use fewer matches and hostnames, or raise extensionManager.maxMessageSize and"
                + " --max-message-size"));
      }
    });
    leftOut.forEach((owner, count) -> {
      Namespace namespace = namespaces.get(owner.namespace());
      long required = namespace == null ? 0 : namespace.required;
      long most = namespace == null ? 0 : mostOfPolicies(namespace);
      diagnostics.add(new Diagnostic(
          Reason.TooLarge,
          owner,
          "",
          "loses " + count
              + " of the models, mirrors and certificates that its routes add: those of namespace "
              + owner.namespace() + " take " + required
              + " bytes of the Gateway's configuration, and " + most
              + " are allowed"));
    });
    return diagnostics;
  }
}
