package dev.pointsman.translate;

import com.google.protobuf.ByteString;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.InferencePolicy.OutlierDetection;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.model.ServicePort;
import dev.pointsman.model.Subset;
import dev.pointsman.plan.PickerSettings;
import dev.pointsman.plan.PickerSettings.ConnectionSettings;
import dev.pointsman.plan.PolicyPlan;
import dev.pointsman.plan.PolicyPlan.Mirror;
import dev.pointsman.plan.PoolBackend;
import dev.pointsman.plan.PoolBackend.InvalidPool;
import dev.pointsman.plan.PoolBackend.ServiceBackend;
import dev.pointsman.plan.PoolBackend.ValidPool;
import dev.pointsman.plan.RulePlan.Share;
import dev.pointsman.plan.UpstreamTls;
import dev.pointsman.xds.RequestMirrors;
import dev.pointsman.xds.XdsNames;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The resources that plans require: clusters of pools and pickers, clusters and listeners of mirrors. */
final class RequiredResources {
  private final Map<String, PoolClusterSpec> pools = new HashMap<>();
  private final Map<String, PoolClusterSpec> spares = new HashMap<>();
  private final Set<String> used = new HashSet<>();
  private final Map<String, Picker> pickers = new HashMap<>();
  private final Set<UsedConnection> uses = new HashSet<>();
  private final SortedMap<String, ByteString> mirrors = new TreeMap<>();
  private final SortedMap<String, Listener> mirrorListeners = new TreeMap<>();

  /** An endpoint picker and its connection settings. */
  record Picker(ServicePort service, ConnectionSettings connection) {
    /** The name of its cluster. */
    String cluster() {
      return XdsNames.picker(service, connection);
    }
  }

  /**
   * Connection settings that routes of a namespace use for pickers.
   *
   * @param user the routes' namespace
   * @param namespace the pools'
   */
  record UsedConnection(String user, String namespace, ConnectionSettings connection) {}

  /**
   * A pool's cluster.
   *
   * @param original Envoy Gateway's cluster from which it is made, if no cluster has its name
   * @param outliers the ejection of pods, unless a BackendTrafficPolicy configures it
   * @param upstreamTls the security of the connections to the pods
   * @param subset the pool's pods of the cluster; empty: all
   */
  record PoolClusterSpec(
      String original,
      PoolBackend backend,
      Optional<OutlierDetection> outliers,
      UpstreamTls upstreamTls,
      Optional<Subset> subset) {
    /**
     * The one cluster for two uses, which are on listeners with different policies. It does not depend on their order. Pods
     * get nothing that one of the policies keeps from them.
     */
    PoolClusterSpec and(PoolClusterSpec other) {
      if (equals(other)) {
        return this;
      }
      boolean agree = upstreamTls.connectsLike(other.upstreamTls) && subset.equals(other.subset);
      return new PoolClusterSpec(
          least(original, other.original),
          least(backend, other.backend),
          least(outliers, other.outliers),
          agree ? least(upstreamTls, other.upstreamTls) : UpstreamTls.DISPUTED,
          least(subset, other.subset));
    }

    private static <T> T least(T one, T other) {
      return one.toString().compareTo(other.toString()) <= 0 ? one : other;
    }
  }

  /**
   * Adds a share, unless its pool is invalid.
   *
   * @param user the namespace of the route
   * @param original Envoy Gateway's cluster from which the share's cluster is made
   * @param subset the pool's pods that serve it; empty: all
   */
  void add(String user, Share share, String original, PolicyPlan policy, Optional<Subset> subset) {
    if (!(share.pool() instanceof InvalidPool)) {
      pools.merge(share.cluster(), spec(share, original, policy, subset), PoolClusterSpec::and);
      addPicker(user, share.pool(), policy.picker());
    }
  }

  private static PoolClusterSpec spec(
      Share share, String original, PolicyPlan policy, Optional<Subset> subset) {
    return share.pool() instanceof ServiceBackend
        ? new PoolClusterSpec(
            original, share.pool(), Optional.empty(), UpstreamTls.PLAINTEXT, Optional.empty())
        : new PoolClusterSpec(
            original, share.pool(), policy.outliers(), policy.upstreamTls(), subset);
  }

  /**
   * Adds Envoy Gateway's cluster of a rule to which nothing goes: of a rule whose shares have clusters of their own, or of
   * an invalid pool. Envoy Gateway sends its endpoints once. After a change of the cluster a proxy waits for them for 15 s,
   * and takes no other clusters meanwhile.
   *
   * @param share whose endpoints it gets, which come at once: a rule that goes back to one pool has its cluster already
   */
  void addSpare(String original, Share share, PolicyPlan policy) {
    spares.merge(original, spec(share, original, policy, policy.subset()), PoolClusterSpec::and);
  }

  /** Leaves Envoy Gateway's cluster of a rule to the backends that are no pools. */
  void use(String original) {
    used.add(original);
  }

  /**
   * Adds a mirror, unless its pool is invalid.
   *
   * @param user the namespace of the route
   * @param routeConfiguration the one whose requests are mirrored
   */
  void add(String user, Mirror mirror, String routeConfiguration, RequestMirrors requestMirrors) {
    if (mirror.backend() instanceof InvalidPool) {
      return;
    }
    mirrors.computeIfAbsent(
        RequestMirrors.cluster(mirror), _ -> requestMirrors.pods(mirror).toByteString());
    if (RequestMirrors.usesPicker(mirror)) {
      Listener loop = requestMirrors.loopListener(mirror, routeConfiguration);
      mirrorListeners.put(loop.getName(), loop);
      mirrors.put(
          loop.getName(), RequestMirrors.loopCluster(mirror, routeConfiguration).toByteString());
      addPicker(user, mirror.backend(), mirror.picker().orElse(PickerSettings.DEFAULT));
    }
  }

  private void addPicker(String user, PoolBackend backend, PickerSettings settings) {
    if (backend instanceof ValidPool pool) {
      uses.add(new UsedConnection(user, pool.ref().namespace(), settings.connection()));
      pool.picker().ifPresent(one -> {
        Picker picker = new Picker(one.service(), settings.connection());
        pickers.put(picker.cluster(), picker);
      });
    }
  }

  /** Adds the resources that others require. */
  void addAll(RequiredResources others) {
    others.pools.forEach((name, spec) -> pools.merge(name, spec, PoolClusterSpec::and));
    others.spares.forEach((name, spec) -> spares.merge(name, spec, PoolClusterSpec::and));
    used.addAll(others.used);
    pickers.putAll(others.pickers);
    uses.addAll(others.uses);
    mirrors.putAll(others.mirrors);
    mirrorListeners.putAll(others.mirrorListeners);
  }

  /** Whether no resource is required, not even endpoint discovery. */
  boolean isEmpty() {
    return pools.isEmpty() && pickers.isEmpty() && mirrors.isEmpty();
  }

  /** The clusters of all valid shares, by name. */
  Map<String, PoolClusterSpec> pools() {
    return pools;
  }

  /** Diagnostics for the clusters whose policies want different connections. */
  List<Diagnostic> disputes() {
    return pools.entrySet().stream()
        .filter(pool -> pool.getValue().upstreamTls().equals(UpstreamTls.DISPUTED))
        .map(pool -> new Diagnostic(
            Reason.DisputedConnections,
            new ObjectRef("Cluster", "", pool.getKey()),
            "",
            "trusts no pod, so that its requests are answered with 503: its rule is on several listeners or"
                + " Gateways, and their InferencePolicies differ in upstreamTLS or subset"))
        .toList();
  }

  /**
   * The clusters of rules to which nothing goes, by name.
   *
   * @param made the names of Envoy Gateway's clusters
   */
  Map<String, PoolClusterSpec> spares(Set<String> made) {
    Map<String, PoolClusterSpec> unused = new HashMap<>(spares);
    unused.keySet().retainAll(made);
    unused.keySet().removeAll(used);
    unused.keySet().removeAll(pools.keySet());
    return unused;
  }

  /** The pickers, by the names of their clusters. */
  Map<String, Picker> pickers() {
    return pickers;
  }

  /** The connection settings that routes use for pickers. */
  Set<UsedConnection> uses() {
    return uses;
  }

  /** The clusters of mirrored requests, by name. */
  SortedMap<String, ByteString> mirrors() {
    return mirrors;
  }

  /** The listeners in which pickers route mirrored requests, by name. */
  SortedMap<String, Listener> mirrorListeners() {
    return mirrorListeners;
  }
}
