package dev.pointsman.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A pod of Pointsman. */
record Replica(Cluster cluster, String pod, String ip) {
  static final String DEPLOYMENT = "deployment/pointsman";
  private static final Duration SOON = Duration.ofSeconds(60);

  /** The time after which a replica counts as hanging. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** All of them. */
  static List<Replica> all(Cluster cluster) {
    return labelled(cluster, "app.kubernetes.io/name=pointsman");
  }

  /** The replicas that a selector chooses. */
  static List<Replica> labelled(Cluster cluster, String selector) {
    return cluster.pods(Cluster.SYSTEM, selector).stream()
        .map(pod -> new Replica(
            cluster,
            pod,
            cluster
                .get("/api/v1/namespaces/" + Cluster.SYSTEM + "/pods/" + pod)
                .at("/status/podIP")
                .asString("")))
        .toList();
  }

  /** The one that Envoy Gateway calls: whose translations become more while there are changes. */
  static Replica active(Cluster cluster) {
    List<Replica> replicas = all(cluster);
    List<Double> before =
        replicas.stream().map(replica -> replica.calls("Translation")).toList();
    List<Replica> active = new ArrayList<>();
    await("a replica to translate").atMost(SOON).until(() -> {
      IntStream.range(0, replicas.size())
          .filter(i -> replicas.get(i).calls("Translation") > before.get(i))
          .forEach(i -> active.add(replicas.get(i)));
      return !active.isEmpty();
    });
    return active.getFirst();
  }

  /** The number of statuses that all replicas have written. */
  static double statusWrites(Cluster cluster) {
    return all(cluster).stream()
        .flatMap(replica -> replica.metrics("pointsman_status_writes_total"))
        .mapToDouble(Replica::value)
        .sum();
  }

  /** Its image. */
  String image() {
    return cluster
        .get("/api/v1/namespaces/" + Cluster.SYSTEM + "/pods/" + pod)
        .at("/spec/containers/0/image")
        .asString("");
  }

  /** Whether it writes statuses. */
  boolean leads() {
    return metrics("pointsman_leader ").anyMatch(line -> value(line) == 1);
  }

  /** The number of failed hooks, of answers that proxies rejected, and of translations that came out otherwise. */
  static double errors(List<Replica> replicas) {
    return replicas.stream()
        .flatMap(replica -> replica.metrics("pointsman_"))
        .filter(line -> line.startsWith("pointsman_eds_nacks_total")
            || (line.startsWith("pointsman_hook_seconds_count") && !line.contains("outcome=\"ok\""))
            || (line.startsWith("pointsman_self_checks_total") && !line.contains("\"equal\"")))
        .mapToDouble(Replica::value)
        .sum();
  }

  /** The number of answered calls of these hooks. */
  double calls(String... hooks) {
    return metrics("pointsman_hook_seconds_count")
        .filter(line -> Stream.of(hooks).anyMatch(hook -> line.contains("hook=\"" + hook + "\"")))
        .mapToDouble(Replica::value)
        .sum();
  }

  /** The lines of its metrics that begin so. */
  Stream<String> metrics(String name) {
    HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + ip + ":8080/metrics"))
        .timeout(PATIENCE)
        .build();
    try {
      return cluster
          .http()
          .send(request, BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> line.startsWith(name));
    } catch (IOException e) {
      throw new AssertionError("no metrics of " + pod, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The value of a line of metrics. */
  static double value(String line) {
    return Double.parseDouble(line.substring(line.lastIndexOf(' ')));
  }

  /** Its process; the pods of the cluster are processes of this machine. */
  ProcessHandle process() {
    return cluster
        .processes()
        .filter(one -> one.info().command().orElse("").endsWith("java"))
        .filter(one -> environment(one.pid()).contains("POD_NAME=" + pod))
        .findFirst()
        .orElseThrow(() -> new AssertionError("the cluster has no process of pod " + pod));
  }

  private static List<String> environment(long pid) {
    try {
      return List.of(
          Files.readString(Path.of("/proc", String.valueOf(pid), "environ")).split("\0"));
    } catch (IOException gone) {
      return List.of();
    }
  }

  /** Ends it with SIGKILL. */
  void kill() {
    assertThat(process().destroyForcibly()).isTrue();
  }
}
