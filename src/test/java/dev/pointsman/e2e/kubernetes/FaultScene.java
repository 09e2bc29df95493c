package dev.pointsman.e2e.kubernetes;

import static org.awaitility.Awaitility.await;

import dev.pointsman.e2e.kubernetes.FaultClients.Sample;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Two pools with real pickers behind one Gateway, and clients of both. The picker of one pool fails closed, that of the
 * other fails open.
 */
final class FaultScene implements AutoCloseable {
  static final String CLOSED = "stable";
  static final String OPEN = "canary";

  /** A Service with the pods of the first one, for comparison. */
  static final String SERVICE = "service";

  static final String GATEWAY = "inference-gateway";
  private static final Duration LIMIT = Duration.ofSeconds(120);

  /** The number of right answers in a row, of each pool, that count as whole. */
  private static final int STEADY = 20;

  private final Cluster cluster;
  private final String namespace;
  private final FaultClients clients;
  private final AtomicInteger change = new AtomicInteger();

  private FaultScene(Cluster cluster, String namespace, FaultClients clients) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.clients = clients;
  }

  /** Installs all of it into a namespace, and returns when requests are answered. */
  static FaultScene set(Cluster cluster, String namespace) {
    cluster.namespaces(namespace);
    cluster.apply(namespace, Cluster.manifests("high-availability"));
    cluster.apply(namespace, service());
    cluster.kubectl("scale", "-n", namespace, "deployment/" + CLOSED, "--replicas=2");
    cluster.kubectl("scale", "-n", namespace, "deployment/" + OPEN, "--replicas=2");
    cluster.kubectl(
        "patch",
        "-n",
        namespace,
        "inferencepools.inference.networking.k8s.io/" + OPEN,
        "--type=merge",
        "-p",
        "{\"spec\": {\"endpointPickerRef\": {\"failureMode\": \"FailOpen\"}}}");
    for (String workload : List.of(CLOSED, OPEN, CLOSED + "-picker", OPEN + "-picker")) {
      cluster.awaitRollout(namespace, "deployment/" + workload);
    }
    Gateway gateway = Gateway.await(cluster, namespace, GATEWAY);
    FaultScene scene = new FaultScene(
        cluster,
        namespace,
        FaultClients.start(gateway, Map.of(CLOSED, CLOSED, OPEN, OPEN, SERVICE, CLOSED)));
    scene.awaitWhole(scene.change());
    return scene;
  }

  Cluster cluster() {
    return cluster;
  }

  FaultClients clients() {
    return clients;
  }

  /** Changes both routes, and returns the number of the change. */
  int change() {
    int number = change.incrementAndGet();
    cluster.apply(namespace, route(CLOSED, number, CLOSED) + "---\n" + route(OPEN, number, OPEN));
    return number;
  }

  /**
   * An HTTPRoute for requests with its name in {@code x-route}.
   *
   * @param number comes back in {@code x-change}
   */
  static String route(String name, int number, String pool) {
    return """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: %s}
        spec:
          parentRefs: [{name: %s}]
          rules:
          - matches: [{headers: [{name: x-route, value: %s}]}]
            filters:
            - {type: ResponseHeaderModifier, responseHeaderModifier: {set: [{name: x-change, value: "%d"}]}}
            backendRefs: [{group: inference.networking.k8s.io, kind: InferencePool, name: %s}]
        """.formatted(name, GATEWAY, name, number, pool);
  }

  private static String service() {
    return """
        apiVersion: v1
        kind: Service
        metadata: {name: %s}
        spec:
          selector: {app: %s}
          ports: [{port: 3000}]
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: %s}
        spec:
          parentRefs: [{name: %s}]
          rules:
          - matches: [{headers: [{name: x-route, value: %s}]}]
            backendRefs: [{name: %s, port: 3000}]
        """.formatted(SERVICE, CLOSED, SERVICE, GATEWAY, SERVICE, SERVICE);
  }

  /** Waits until both pools answer steadily, according to a change. */
  void awaitWhole(int number) {
    await("both pools to answer steadily, with change " + number)
        .atMost(LIMIT)
        .until(() -> isWhole(CLOSED, number) && isWhole(OPEN, number));
  }

  private boolean isWhole(String pool, int number) {
    List<Sample> last =
        clients.since(0).stream().filter(sample -> sample.route().equals(pool)).toList();
    return last.size() >= STEADY
        && last.subList(last.size() - STEADY, last.size()).stream()
            .noneMatch(sample -> sample.failed() || sample.change() < number);
  }

  /** The process of the picker of a pool. */
  ClusterProcess picker(String pool) {
    return ClusterProcess.ofDeployment(cluster, namespace, "app=" + pool + "-picker", "/epp")
        .getFirst();
  }

  /** The process of a pod of a pool. */
  ClusterProcess server(String pool) {
    return ClusterProcess.ofDeployment(cluster, namespace, "app=" + pool, "/echo-basic")
        .getFirst();
  }

  /** Pointsman. */
  FaultedPointsman pointsman() {
    return new FaultedPointsman(this);
  }

  /** Runs so many Envoy Gateways. */
  void scaleEnvoyGateway(int replicas) {
    cluster.kubectl(
        "scale", "-n", Cluster.SYSTEM, "deployment/envoy-gateway", "--replicas=" + replicas);
    cluster.awaitRollout(Cluster.SYSTEM, "deployment/envoy-gateway");
  }

  /** A Pod of a pool that nobody runs. */
  PhantomPod phantom(String pool, String address, String phase) {
    return PhantomPod.make(cluster, namespace, pool, address, phase);
  }

  /** Another node with a Pod of a pool. */
  ExtraNode extraNode(String pool) {
    return ExtraNode.start(cluster, namespace, pool, server(pool));
  }

  /** Envoy Gateway's process. */
  ClusterProcess envoyGateway() {
    return ClusterProcess.ofDeployment(
            cluster, Cluster.SYSTEM, "control-plane=envoy-gateway", "/envoy-gateway")
        .getFirst();
  }

  /** The proxy of the Gateway. */
  ClusterProcess proxy() {
    return ClusterProcess.ofDeployment(
            cluster,
            Cluster.SYSTEM,
            "gateway.envoyproxy.io/owning-gateway-namespace=" + namespace,
            "/envoy")
        .getFirst();
  }

  /** The addresses of the parts. */
  FaultAddresses addresses() {
    return new FaultAddresses(cluster, namespace);
  }

  /** The conditions of both pools: pool, type and reason of those that are not True. */
  List<String> falseConditions() {
    return List.of(CLOSED, OPEN).stream()
        .flatMap(pool -> cluster
            .get(Conditions.POOL.formatted(namespace, pool))
            .at("/status/parents")
            .valueStream()
            .flatMap(parent -> parent.path("conditions").valueStream())
            .filter(condition -> !condition.path("status").asString("").equals("True"))
            .map(condition -> pool + " " + condition.path("type").asString("") + "="
                + condition.path("reason").asString("")))
        .distinct()
        .toList();
  }

  /** The lines of a level above INFO in the logs of Pointsman's pods. */
  List<String> warnings() {
    return cluster.pods(Cluster.SYSTEM, "app.kubernetes.io/name=pointsman").stream()
        .flatMap(pod -> cluster.log(Cluster.SYSTEM, pod).lines())
        .filter(line -> line.contains(" WARN ")
            || line.contains(" ERROR ")
            || line.contains("\"level\":\"WARN\"")
            || line.contains("\"level\":\"ERROR\""))
        .toList();
  }

  @Override
  public void close() throws InterruptedException {
    clients.close();
    cluster.deleteNamespaces(namespace);
  }
}
