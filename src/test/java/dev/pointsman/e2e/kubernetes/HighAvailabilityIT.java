package dev.pointsman.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.e2e.kubernetes.ChangeStream.Delays;
import dev.pointsman.rig.Await;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Envoy Gateway waits for as long as nobody answers its hooks. With two replicas, neither the sudden death of the one
 * that answers nor a rolling update costs a change or a request; how long changes were held up is printed.
 */
@OnKubernetes
class HighAvailabilityIT {
  private static final String NAMESPACE = "high-availability";
  private static final String POINTSMAN = "deployment/pointsman";
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int SIGKILL = 9;

  private static Gateway gateway;

  @BeforeAll
  static void install(Cluster cluster) {
    cluster.namespaces(NAMESPACE);
    cluster.apply(NAMESPACE, Cluster.manifests("high-availability"));
    for (String workload : List.of("stable", "canary", "stable-picker", "canary-picker")) {
      cluster.awaitRollout(NAMESPACE, "deployment/" + workload);
    }
    gateway = Gateway.await(cluster, NAMESPACE, "inference-gateway");
  }

  @AfterAll
  static void remove(Cluster cluster) {
    cluster.deleteNamespaces(NAMESPACE);
  }

  @Test
  void changesGoOnWhenTheActiveReplicaIsKilledAndInARollingUpdate(Cluster cluster)
      throws Exception {
    cluster.awaitRollout(Cluster.SYSTEM, POINTSMAN);
    try (ChangeStream changes = ChangeStream.start(cluster, NAMESPACE, gateway)) {
      pause(3);
      long killed = System.nanoTime();
      kill(active(cluster));
      pause(4);
      Delays afterKill = changes.delaysSince(killed);
      cluster.awaitRollout(Cluster.SYSTEM, POINTSMAN);
      pause(3);

      long updated = System.nanoTime();
      cluster.kubectl("rollout", "restart", "-n", Cluster.SYSTEM, POINTSMAN);
      cluster.awaitRollout(Cluster.SYSTEM, POINTSMAN);
      pause(7); // the last replica of before drains for 5 s
      Delays inUpdate = changes.delaysSince(updated);

      changes.finish();
      changes.close();
      System.out.printf(
          "%d changes, the slowest after kill -9: %d ms, in a rolling update: %d ms;"
              + " %d requests, %d failed; canary %.1f %%%n",
          changes.size(),
          afterKill.longest().toMillis(),
          inUpdate.longest().toMillis(),
          changes.served(),
          changes.failures().size(),
          changes.share("canary") * 100);
      assertThat(changes.failures()).isEmpty();
      // How long the slowest took is printed, not asserted: that depends on the machine, too. None
      // may be lost.
      assertThat(afterKill.count()).isGreaterThan(10);
      assertThat(inUpdate.count()).isGreaterThan(10);
      assertThat(changes.share("canary")).isCloseTo(0.1, Assertions.within(0.05));
    }
  }

  private static void pause(int seconds) throws InterruptedException {
    Thread.sleep(Duration.ofSeconds(seconds));
  }

  /** The replica whose translations become more. */
  private static String active(Cluster cluster) {
    List<String> replicas = cluster.pods(Cluster.SYSTEM, "app.kubernetes.io/name=pointsman");
    List<Double> before =
        replicas.stream().map(replica -> translations(cluster, replica)).toList();
    int[] active = {-1};
    Await.until("a replica to translate", SOON, () -> {
      for (int i = 0; i < replicas.size(); i++) {
        if (translations(cluster, replicas.get(i)) > before.get(i)) {
          active[0] = i;
          return true;
        }
      }
      return false;
    });
    return replicas.get(active[0]);
  }

  private static double translations(Cluster cluster, String replica) {
    String ip = cluster
        .get("/api/v1/namespaces/" + Cluster.SYSTEM + "/pods/" + replica)
        .at("/status/podIP")
        .asString("");
    HttpRequest metrics =
        HttpRequest.newBuilder(URI.create("http://" + ip + ":8080/metrics")).build();
    try (Stream<String> lines =
        cluster.http().send(metrics, BodyHandlers.ofLines()).body()) {
      return lines
          .filter(line -> line.startsWith("pointsman_hook_seconds_count")
              && line.contains("hook=\"Translation\""))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
          .sum();
    } catch (IOException e) {
      throw new AssertionError("no metrics of " + replica, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Kills the pod's process without a word; the pods of the cluster are processes of this machine. */
  private static void kill(String pod) throws Exception {
    ProcessHandle process = ProcessHandle.allProcesses()
        .filter(one -> one.info().command().orElse("").endsWith("java"))
        .filter(one -> environment(one.pid()).contains("POD_NAME=" + pod))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no process of pod " + pod + " on this machine"));
    assertThat(new ProcessBuilder("kill", "-" + SIGKILL, String.valueOf(process.pid()))
            .start()
            .waitFor())
        .isZero();
  }

  private static List<String> environment(long pid) {
    try {
      return List.of(
          Files.readString(Path.of("/proc", String.valueOf(pid), "environ")).split("\0"));
    } catch (IOException gone) {
      return List.of();
    }
  }
}
