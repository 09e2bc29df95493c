package dev.pointsman.analyze;

import dev.pointsman.kube.Manifest;
import dev.pointsman.model.Diagnostic.Level;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.InferencePool;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.model.PoolRef;
import dev.pointsman.model.PoolServing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The parts of an installation by the objects of its cluster.
 *
 * @param missingKinds the kinds that must be served and are not, as {@code InferencePool v1 of inference.networking.k8s.io}
 * @param definitions findings about CustomResourceDefinitions
 * @param isConfigured whether there is a configuration of Envoy Gateway
 * @param configuration findings about it, and about Envoy Gateway's rights and version
 * @param replicas the running pods of Pointsman
 * @param pools all pools that can be read, sorted
 */
public record Installation(
    List<String> missingKinds,
    List<Finding> definitions,
    boolean isConfigured,
    List<Finding> configuration,
    List<ReplicaPod> replicas,
    List<PoolState> pools) {
  private static final Set<Reason> DEFINITIONS =
      EnumSet.of(Reason.CrdMissing, Reason.VersionNotServed, Reason.FieldNotInCrd);

  private static final Set<Reason> CONFIGURATION = EnumSet.of(
      Reason.HooksMissing,
      Reason.ResourcesNotIncluded,
      Reason.KindNotConfigured,
      Reason.SmallMessages,
      Reason.HooksFailOpen,
      Reason.SecretsIncluded,
      Reason.UnknownWeights,
      Reason.GatewayRights,
      Reason.EnvoyGatewayOlder);

  private static final int ADMIN = 8080;

  /** A pod of Pointsman with the number of its admin port. */
  public record ReplicaPod(String namespace, String name, int port) {}

  /**
   * A pool.
   *
   * @param summary of its pods and its picker, in words
   * @param errors findings that fail its requests
   */
  public record PoolState(PoolRef pool, String summary, List<Finding> errors) {
    public PoolState {
      errors = List.copyOf(errors);
    }
  }

  /** A kind that the installation needs. */
  private record NeededKind(String group, String version, String kind) {
    @Override
    public String toString() {
      return kind + " " + version + " of " + group;
    }
  }

  /** Envoy Gateway waits for both kinds of pools, which its configuration names. */
  private static final List<NeededKind> NEEDED = List.of(
      new NeededKind(GatewayApi.GROUP, "v1", "Gateway"),
      new NeededKind(GatewayApi.GROUP, "v1", "HTTPRoute"),
      new NeededKind(PoolRef.V1, "v1", "InferencePool"),
      new NeededKind(PoolRef.V1ALPHA2, "v1alpha2", "InferencePool"),
      new NeededKind("pointsman.dev", "v1alpha1", "InferencePolicy"));

  public Installation {
    missingKinds = List.copyOf(missingKinds);
    definitions = List.copyOf(definitions);
    configuration = List.copyOf(configuration);
    replicas = List.copyOf(replicas);
    pools = List.copyOf(pools);
  }

  /** The installation by the objects of a cluster. */
  public static Installation of(List<Manifest> objects, Known known) {
    Manifests manifests = new Manifests(objects, known);
    List<Finding> findings = Analyzer.analyze(objects, known, new TreeMap<>());
    Crds crds = new Crds(manifests);
    List<String> missing = NEEDED.stream()
        .filter(kind -> crds.knows(kind.group()))
        .filter(kind -> crds.find(kind.group(), kind.kind())
            .flatMap(crd -> Crds.served(crd, kind.version()))
            .isEmpty())
        .map(NeededKind::toString)
        .toList();
    return new Installation(
        missing,
        findings.stream().filter(one -> DEFINITIONS.contains(one.reason())).toList(),
        !HookConfigs.of(manifests).isEmpty(),
        findings.stream().filter(one -> CONFIGURATION.contains(one.reason())).toList(),
        replicas(objects),
        pools(manifests, findings));
  }

  /** The running pods of Pointsman among the objects. */
  public static List<ReplicaPod> replicas(List<Manifest> objects) {
    return objects.stream()
        .filter(one -> one.object().kind().equals("Pod"))
        .flatMap(Installation::replica)
        .toList();
  }

  private static Stream<ReplicaPod> replica(Manifest pod) {
    boolean runs = pod.node().path("status").path("phase").asString("").equals("Running")
        && !pod.node().path("metadata").has("deletionTimestamp");
    Workload workload = Workload.of(pod, pod.node(), "", 1);
    boolean serves = workload.containers().stream()
        .anyMatch(container -> container.flags().containsKey("eds-advertise"));
    int admin = workload.port("admin");
    return runs && serves
        ? Stream.of(new ReplicaPod(
            pod.object().namespace(), pod.object().name(), admin == 0 ? ADMIN : admin))
        : Stream.of();
  }

  private static List<PoolState> pools(Manifests manifests, List<Finding> findings) {
    List<PoolState> pools = new ArrayList<>();
    for (Map.Entry<InferencePool, Manifest> one : manifests.objects().pools().entrySet()) {
      InferencePool pool = one.getKey();
      List<Finding> errors = findings.stream()
          .filter(finding -> finding.reason().level() == Level.Error)
          .filter(finding -> finding.diagnostic().about().equals(ObjectRef.of(pool.ref())))
          .toList();
      String summary = PoolServing.of(pool, manifests.snapshot())
          .map(PoolServing::summary)
          .orElse("no pod is known");
      pools.add(new PoolState(pool.ref(), summary, errors));
    }
    return pools.stream().sorted(Comparator.comparing(PoolState::pool)).toList();
  }
}
