package dev.pointsman.e2e.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The addresses at which the parts of a {@link FaultScene} are called. */
record FaultAddresses(Cluster cluster, String namespace) {
  /** Pointsman's pods and Services. */
  List<String> ofPointsman() {
    return of(Cluster.SYSTEM, "app.kubernetes.io/name", "pointsman");
  }

  /** Pointsman's pods. */
  List<String> ofReplicas() {
    return pods(Cluster.SYSTEM, "app.kubernetes.io/name", "pointsman").toList();
  }

  /** Envoy Gateway's pods and Services. */
  List<String> ofEnvoyGateway() {
    return of(Cluster.SYSTEM, "control-plane", "envoy-gateway");
  }

  /** The picker of a pool; proxies call its pods. */
  List<String> ofPicker(String pool) {
    return pods(namespace, "app", pool + "-picker").toList();
  }

  /** A pod of a pool. */
  List<String> ofServer(String pool) {
    return pods(namespace, "app", pool).limit(1).toList();
  }

  /** The API server, as pods call it. */
  List<String> ofApiServer() {
    return List.of(cluster
        .api()
        .services()
        .inNamespace("default")
        .withName("kubernetes")
        .get()
        .getSpec()
        .getClusterIP());
  }

  private List<String> of(String in, String label, String value) {
    Stream<String> services = cluster
        .api()
        .services()
        .inNamespace(in)
        .withLabels(Map.of(label, value))
        .list()
        .getItems()
        .stream()
        .map(Service::getSpec)
        .map(spec -> spec.getClusterIP());
    return Stream.concat(pods(in, label, value), services)
        .filter(address -> !address.equals("None"))
        .distinct()
        .toList();
  }

  private Stream<String> pods(String in, String label, String value) {
    return cluster.api().pods().inNamespace(in).withLabel(label, value).list().getItems().stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .map(Pod::getStatus)
        .map(status -> status.getPodIP())
        .filter(address -> address != null && !address.isEmpty());
  }
}
