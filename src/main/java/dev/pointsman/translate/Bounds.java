package dev.pointsman.translate;

import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.plan.FairShares;
import dev.pointsman.plan.ModelMatch;
import dev.pointsman.plan.PolicyBytes;
import dev.pointsman.plan.PolicyPlan;
import dev.pointsman.translate.RouteGroup.RouteEntry;
import dev.pointsman.xds.RouteFacts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Keeps a translation below the size that Envoy Gateway accepts; above it Envoy Gateway publishes nothing for any
 * Gateway. Each namespace has a quota for the bytes that models, mirrors and certificates of policies and copies of
 * routes may add. A namespace above its quota loses its copies for large bodies, then the last of its models, mirrors
 * and certificates; other namespaces lose nothing. The decision depends on the request and the objects only.
 */
final class Bounds {
  /** The part of the largest answer for a namespace's policies: 4 MiB of 64, some 7,000 names for eight matches. */
  private static final int SHARES = 16;

  /** The part of the largest answer that stays free. */
  private static final int HEADROOM = 16;

  /** The bytes that a changed route gains in the answer, without its copies and its record. */
  private static final int ROUTE = 525;

  /** The bytes of a pool's cluster that is made from a rule's cluster. */
  private static final int CLUSTER = 1_536;

  /** The bytes of the added filters in a listener, and of the listener of its loop. */
  private static final int LISTENER = 32_768;

  private final Map<String, NamespaceQuota> namespaces = new HashMap<>();
  private final Map<ObjectRef, Integer> leftOut = new HashMap<>();
  private final List<RouteTable> tables;
  private final long policyLimit;
  private long limit = Long.MAX_VALUE;

  /** The bytes that a namespace requires, and the bytes that were granted to it. */
  private static final class NamespaceQuota {
    private long required;
    private long largeBodies;
    private long grantedBytes;
    private final PolicyBytes demanded = new PolicyBytes();
    private final PolicyBytes granted = new PolicyBytes();

    private long demand(long policyLimit) {
      return Math.min(required, policyLimit) + largeBodies;
    }

    /** Grants the bytes, unless the namespace would exceed the limit. */
    private boolean grant(long bytes, long limit) {
      boolean fits = grantedBytes + bytes <= limit;
      grantedBytes += fits ? bytes : 0;
      return fits;
    }
  }

  private Bounds(List<RouteTable> tables, long policyLimit) {
    this.tables = tables;
    this.policyLimit = policyLimit;
  }

  /**
   * The bounds of a translation.
   *
   * @param largest the largest answer that Envoy Gateway takes, in bytes
   */
  static Bounds of(
      List<RouteTable> tables, Policies policies, TranslationInputs inputs, long largest) {
    Bounds bounds = new Bounds(tables, largest / SHARES);
    long otherBytes = inputs.size() + (long) LISTENER * inputs.listeners().size();
    otherBytes += RouteTable.relevantHosts(tables)
        .mapToLong(host -> bounds.count(host, policies))
        .sum();
    bounds.limit = FairShares.limit(
        bounds.namespaces.values().stream()
            .map(namespace -> namespace.demand(bounds.policyLimit))
            .toList(),
        largest - largest / HEADROOM - otherBytes,
        Long.MAX_VALUE);
    return bounds;
  }

  /** Counts the bytes that a host's routes require. Returns the bytes that do not count against a namespace. */
  private long count(HostRoutes host, Policies policies) {
    CopyCosts copies = new CopyCosts();
    long otherBytes = 0;
    for (RouteGroup group : host.groups()) {
      copies.addAll(group.summary().copies());
      otherBytes += count(group, policies, host, copies);
    }
    boolean reads = copies.readsModels() || policies.anyOn(host.shallow());
    int places = policies.placesOfModels(host.shallow());
    otherBytes += copies.filters(reads, places);
    copies
        .largeBodies(reads, places)
        .forEach((namespace, bytes) -> of(namespace).largeBodies += bytes);
    return reads ? otherBytes + copies.initialRoutes(places) : otherBytes;
  }

  private NamespaceQuota of(String namespace) {
    return namespaces.computeIfAbsent(namespace, _ -> new NamespaceQuota());
  }

  /** Counts the bytes that the group's routes require. Returns the bytes that do not count against a namespace. */
  private long count(RouteGroup group, Policies policies, HostRoutes host, CopyCosts copies) {
    if (!group.isRelevant()) {
      return 0;
    }
    if (!group.summary().isPlannedByWeights() || policies.anyOn(host.shallow())) {
      for (RouteEntry entry : group.entries()) {
        entry.relevant().ifPresent(route -> {
          PolicyPlan policy = policies.of(route.facts(), host.shallow());
          addDemand(route.facts(), policy);
          copies.addFilters(route.facts(), policy);
        });
      }
    }
    return (long) ROUTE * group.summary().relevant()
        + group.summary().limitBytes()
        + group.summary().listBytes()
        - group.summary().recordBytes()
        + CLUSTER * (long) group.summary().pools();
  }

  private void addDemand(RouteFacts facts, PolicyPlan policy) {
    if (policy.equals(PolicyPlan.NONE)) {
      return;
    }
    NamespaceQuota namespace = of(facts.owner().namespace());
    namespace.required += namespace.demanded.ofCertificates(facts.pools(), policy);
    namespace.required += namespace.demanded.ofMirrorsAndStages(facts.copies(), policy);
    for (ModelMatch match : policy.models()) {
      namespace.required += namespace.demanded.of(match, facts.bytes(), facts.copies(), policy);
    }
  }

  /** Whether the routes of an HTTPRoute may have copies for large bodies. */
  boolean allowLargeBodies(ObjectRef owner) {
    return allowLargeBodies(owner.namespace());
  }

  private boolean allowLargeBodies(String name) {
    NamespaceQuota namespace = namespaces.get(name);
    return namespace == null || isGranted(namespace);
  }

  /** Whether everything that the namespace demands is granted. */
  private boolean isGranted(NamespaceQuota namespace) {
    return namespace.demand(policyLimit) <= limit;
  }

  /** The namespaces of the copies that may not have copies for large bodies. */
  Set<String> cut(CopyCosts copies) {
    return copies.namespacesOfLargeBodies().stream()
        .filter(namespace -> !allowLargeBodies(namespace))
        .collect(Collectors.toUnmodifiableSet());
  }

  private long policyLimit(NamespaceQuota namespace) {
    return isGranted(namespace) ? policyLimit : Math.min(policyLimit, limit);
  }

  /**
   * The part of a route's policies that fits into its namespace's quota. Call it once for each route, in their order.
   */
  PolicyPlan within(RouteFacts facts, PolicyPlan policy) {
    NamespaceQuota namespace = namespaces.get(facts.owner().namespace());
    if (namespace == null || policy.equals(PolicyPlan.NONE)) {
      return policy;
    }
    long limit = policyLimit(namespace);
    if (namespace.required <= limit) {
      return policy;
    }
    PolicyPlan kept = policy;
    int cut = 0;
    if (!namespace.grant(namespace.granted.ofCertificates(facts.pools(), policy), limit)) {
      kept = kept.trustingNobody();
      cut++;
    }
    if (!namespace.grant(namespace.granted.ofMirrorsAndStages(facts.copies(), kept), limit)) {
      cut += kept.mirrors().size() + (int) kept.fallbacks().count();
      kept = kept.withoutMirrors().withoutFallbacks();
    }
    List<ModelMatch> matches = new ArrayList<>();
    for (ModelMatch match : kept.models()) {
      if (namespace.grant(
          namespace.granted.of(match, facts.bytes(), facts.copies(), kept), limit)) {
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

  /** The bytes of the copies for large bodies that are left out, by HTTPRoute. */
  private Map<ObjectRef, Long> largeBodiesWithoutCopies() {
    if (namespaces.values().stream().allMatch(this::isGranted)) {
      return Map.of(); // as most often: the routes are not read
    }
    return CopyCosts.largeBodies(tables, owner -> !allowLargeBodies(owner));
  }

  /** Diagnostics for the HTTPRoutes that lose resources. */
  List<Diagnostic> diagnostics() {
    List<Diagnostic> diagnostics = new ArrayList<>();
    largeBodiesWithoutCopies()
        .forEach((owner, bytes) -> diagnostics.add(new Diagnostic(
            Reason.TooLarge,
            owner,
            "",
            "fails requests with bodies of 4,000,000 bytes and more, which pickers get as one message (FailOpen goes on"
                + " without a pick), and has no fallbacks: the copies of its routes for large bodies take "
                + bytes
                + " bytes of the Gateway's configuration, and everything that namespace "
                + owner.namespace() + " adds may take " + limit
                + ". Use fewer matches and hostnames, or raise extensionManager.maxMessageSize and"
                + " --max-message-size")));
    leftOut.forEach((owner, count) -> {
      NamespaceQuota namespace = namespaces.get(owner.namespace());
      long required = namespace == null ? 0 : namespace.required;
      long limit = namespace == null ? 0 : policyLimit(namespace);
      diagnostics.add(new Diagnostic(
          Reason.TooLarge,
          owner,
          "",
          "loses " + count
              + " of the models, mirrors, fallbacks and certificates that its routes add: those of namespace "
              + owner.namespace() + " take " + required
              + " bytes of the Gateway's configuration, and " + limit
              + " are allowed"));
    });
    return diagnostics;
  }
}
