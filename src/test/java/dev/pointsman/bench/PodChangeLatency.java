package dev.pointsman.bench;

import static org.awaitility.Awaitility.await;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.eds.EndpointDiscovery;
import dev.pointsman.kube.api.ApiAccess;
import dev.pointsman.kube.api.KubernetesSource;
import dev.pointsman.model.PoolRef;
import dev.pointsman.rig.ControlPlane;
import dev.pointsman.xds.XdsNames;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.envoyproxy.envoy.service.endpoint.v3.EndpointDiscoveryServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * How long after a Pod's readiness changes in a real API server a proxy has the endpoints: 1,000 pods in 100 pools.
 * Prints percentiles, and the memory that the source takes.
 */
public final class PodChangeLatency {
  private static final int POOLS = 100;
  private static final int PODS_PER_POOL = 10;
  private static final int NAMESPACES = 10;
  private static final int WARM_UP = 200;
  private static final int FLIPS = 1_000;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private PodChangeLatency() {}

  /** No arguments. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory("pod-change-latency");
    try (ControlPlane plane = ControlPlane.start(folder)) {
      fill(plane);
      ApiAccess access = ApiAccess.find(Optional.of(plane.kubeconfig(ControlPlane.ADMIN)));
      long before = usedMemory();
      long start = System.nanoTime();
      try (EndpointDiscovery discovery = new EndpointDiscovery();
          KubernetesSource source = new KubernetesSource(access, List.of(), () -> {})) {
        source.start(discovery);
        await("the first snapshot").atMost(LIMIT).until(source::synced);
        System.out.printf(
            Locale.ROOT, "first snapshot after %.0f ms%n", (System.nanoTime() - start) / 1e6);
        System.out.printf(
            Locale.ROOT,
            "heap of the source with its connections: %.1f MiB%n",
            (usedMemory() - before) / 1024.0 / 1024.0);
        measure(plane, discovery);
      }
    }
  }

  private static String name(int pool) {
    return "pool-" + pool;
  }

  private static String namespace(int pool) {
    return "ns-" + pool % NAMESPACES;
  }

  private static void fill(ControlPlane plane) throws Exception {
    plane.createCrds("");
    for (int i = 0; i < NAMESPACES; i++) {
      plane.apply(
          "/api/v1/namespaces",
          "{apiVersion: v1, kind: Namespace, metadata: {name: " + namespace(i) + "}}");
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<?>> tasks = new ArrayList<>();
      for (int pool = 0; pool < POOLS; pool++) {
        int number = pool;
        tasks.add(threads.submit(() -> fill(plane, number)));
      }
      for (Future<?> task : tasks) {
        task.get();
      }
    }
  }

  private static void fill(ControlPlane plane, int pool) {
    plane.apply(
        "/apis/inference.networking.k8s.io/v1/namespaces/" + namespace(pool) + "/inferencepools",
        """
        apiVersion: inference.networking.k8s.io/v1
        kind: InferencePool
        metadata: {name: %s}
        spec:
          selector: {matchLabels: {app: %s}}
          targetPorts: [{number: 8000}]
          endpointPickerRef: {name: picker, port: {number: 9002}}
        """.formatted(name(pool), name(pool)));
    for (int pod = 0; pod < PODS_PER_POOL; pod++) {
      plane.apply("/api/v1/namespaces/" + namespace(pool) + "/pods", """
          apiVersion: v1
          kind: Pod
          metadata:
            name: %s-%d
            labels: {app: %s, app.kubernetes.io/part-of: models, version: v1,
                     pod-template-hash: 5d4f8c7b9, model: some-large-model}
          spec: {containers: [{name: server, image: registry.invalid/model-server, args: [--model, some-large-model]}]}
          """.formatted(
              name(pool), pod, name(pool)));
      setReady(plane, pool, pod, true);
    }
  }

  private static void setReady(ControlPlane plane, int pool, int pod, boolean ready) {
    plane.merge(
        "/api/v1/namespaces/" + namespace(pool) + "/pods/" + name(pool) + "-" + pod + "/status",
        """
        {"status": {"podIP": "10.0.%d.%d", "conditions": [{"type": "Ready", "status": "%s"}]}}
        """.formatted(pool, pod + 1, ready ? "True" : "False"));
  }

  private static void measure(ControlPlane plane, EndpointDiscovery discovery) throws Exception {
    Server server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
        .addService(discovery.service())
        .build()
        .start();
    ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
        .usePlaintext()
        .build();
    try {
      Proxy proxy = new Proxy(channel);
      await("all pools").atMost(LIMIT).until(() -> proxy.hosts.size() == POOLS);
      double[] fromRequest = new double[FLIPS];
      double[] fromAnswer = new double[FLIPS];
      for (int i = -WARM_UP; i < FLIPS; i++) {
        int pool = Math.floorMod(i, POOLS);
        int pod = Math.floorMod(i / POOLS, PODS_PER_POOL);
        boolean ready = proxy.hosts(pool) < PODS_PER_POOL;
        int wanted = ready ? PODS_PER_POOL : PODS_PER_POOL - 1;
        int flipped = ready ? proxy.unready[pool] : pod;
        proxy.unready[pool] = flipped;
        long request = System.nanoTime();
        setReady(plane, pool, flipped, ready);
        long answer = System.nanoTime();
        long seen = proxy.await(pool, wanted);
        if (i >= 0) {
          fromRequest[i] = (seen - request) / 1e6;
          fromAnswer[i] = Math.max(0, seen - answer) / 1e6;
        }
      }
      print("from the request that changes the pod", fromRequest);
      print("from the API server's answer to it", fromAnswer);
    } finally {
      channel.shutdownNow();
      server.shutdownNow();
    }
  }

  private static void print(String what, double[] millis) {
    double[] sorted = Arrays.stream(millis).sorted().toArray();
    System.out.printf(
        Locale.ROOT,
        "%s: p50 %.1f ms, p99 %.1f ms, max %.1f ms%n",
        what,
        sorted[sorted.length / 2],
        sorted[sorted.length * 99 / 100],
        sorted[sorted.length - 1]);
  }

  private static long usedMemory() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(100);
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /** What Envoy's delta stream would have. */
  private static final class Proxy implements StreamObserver<DeltaDiscoveryResponse> {
    private static final String TYPE =
        "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment";

    private record Told(int hosts, long at) {}

    private final Map<String, Told> hosts = new ConcurrentHashMap<>();
    private final int[] unready = new int[POOLS];
    private final StreamObserver<DeltaDiscoveryRequest> requests;

    Proxy(ManagedChannel channel) {
      requests = EndpointDiscoveryServiceGrpc.newStub(channel).deltaEndpoints(this);
      requests.onNext(DeltaDiscoveryRequest.newBuilder()
          .setTypeUrl(TYPE)
          .setNode(Node.newBuilder().setId("bench"))
          .addAllResourceNamesSubscribe(
              IntStream.range(0, POOLS).mapToObj(Proxy::resource).toList())
          .build());
    }

    private static String resource(int pool) {
      return XdsNames.endpoints(new PoolRef(PoolRef.V1, namespace(pool), name(pool)));
    }

    int hosts(int pool) {
      Told told = hosts.get(resource(pool));
      return told == null ? 0 : told.hosts();
    }

    /** When it was told that the pool has so many hosts. */
    long await(int pool, int wanted) {
      long end = System.nanoTime() + LIMIT.toNanos();
      while (true) {
        Told told = hosts.get(resource(pool));
        if (told != null && told.hosts() == wanted) {
          return told.at();
        }
        if (System.nanoTime() > end) {
          throw new IllegalStateException(name(pool) + " never had " + wanted + " hosts");
        }
        Thread.onSpinWait();
        Thread.yield();
      }
    }

    @Override
    public void onNext(DeltaDiscoveryResponse response) {
      long now = System.nanoTime();
      try {
        for (Resource resource : response.getResourcesList()) {
          int count =
              resource.getResource().unpack(ClusterLoadAssignment.class).getEndpointsList().stream()
                  .mapToInt(LocalityLbEndpoints::getLbEndpointsCount)
                  .sum();
          hosts.put(resource.getName(), new Told(count, now));
        }
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalStateException(e);
      }
      requests.onNext(DeltaDiscoveryRequest.newBuilder()
          .setTypeUrl(TYPE)
          .setResponseNonce(response.getNonce())
          .build());
    }

    @Override
    public void onError(Throwable t) {}

    @Override
    public void onCompleted() {}
  }
}
