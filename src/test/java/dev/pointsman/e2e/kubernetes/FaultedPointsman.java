package dev.pointsman.e2e.kubernetes;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** The replicas of Pointsman in a {@link FaultScene}. */
record FaultedPointsman(FaultScene scene) {
  private static final Duration LIMIT = Duration.ofSeconds(120);

  /** Pointsman's processes. */
  List<ClusterProcess> processes() {
    return ClusterProcess.ofDeployment(
        scene.cluster(), Cluster.SYSTEM, "app.kubernetes.io/name=pointsman", "/java");
  }

  /** The replica that Envoy Gateway calls, which changes tell. */
  Replica activeReplica() {
    AtomicBoolean found = new AtomicBoolean();
    Thread changes = Thread.ofPlatform().name("changes").start(() -> {
      while (!found.get()) {
        int _ = scene.change();
      }
    });
    try {
      return Replica.active(scene.cluster());
    } finally {
      found.set(true);
      try {
        changes.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Kills the replica that Envoy Gateway calls, while it waits for the answer to a call. */
  void killInATranslation() {
    ClusterProcess active =
        new ClusterProcess("the active replica", activeReplica().process().pid());
    active.freeze();
    int _ = scene.change();
    pause();
    active.kill();
  }

  /** The replica that writes statuses; waits for one, because a Lease outlives its holder for a while. */
  Replica leader() {
    return await("a replica to write statuses")
        .atMost(LIMIT)
        .until(
            () -> Replica.all(scene.cluster()).stream().filter(Replica::leads).findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  /** Resets the connections of Envoy Gateway and the proxy to Pointsman. */
  void resetConnections() {
    List<String> servers = scene.addresses().ofPointsman();
    for (ClusterProcess client : List.of(scene.envoyGateway(), scene.proxy())) {
      NetworkNamespace network = new NetworkNamespace(client.pid());
      servers.forEach(network::take);
      pause();
      servers.forEach(network::release);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(Duration.ofSeconds(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until Pointsman's pods see a file of its Secret with this content. */
  void awaitMounted(String file, String content) {
    await(file + " in the pods")
        .atMost(LIMIT)
        .until(() -> processes().stream()
            .allMatch(process -> process.file("/etc/pointsman/tls/" + file).equals(content)));
  }
}
