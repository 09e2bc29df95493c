package dev.pointsman.e2e.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** A Kubernetes cluster on which Envoy Gateway and Pointsman are installed the way users install them. */
public interface Cluster extends AutoCloseable {
  /** The namespace of Envoy Gateway, Pointsman and the proxies. */
  String SYSTEM = "envoy-gateway-system";

  /** A file that lets programs on this machine in, as administrator. */
  Path kubeconfig();

  /** The API server. */
  KubernetesClient api();

  /** The processes of this machine among which those of its pods and of its control plane are. */
  default Stream<ProcessHandle> processes() {
    return ProcessHandle.allProcesses();
  }

  /** A client that reaches the addresses of Gateways. */
  HttpClient http();

  /** The log of a pod so far, of all of its containers. */
  String log(String namespace, String pod);

  @Override
  void close();

  /**
   * Runs kubectl.
   *
   * @return what it prints
   * @throws AssertionError with what it complains about
   */
  default String kubectl(String... arguments) {
    return Commands.run(
        Map.of("KUBECONFIG", kubeconfig().toString()), "", Commands.kubectl(), List.of(arguments));
  }

  /** Runs Helm, as {@link #kubectl}. */
  default String helm(String... arguments) {
    return Commands.run(
        Map.of("KUBECONFIG", kubeconfig().toString()), "", "hack/helm.sh", List.of(arguments));
  }

  /** Applies a file or all files of a folder; objects without a namespace go into this one. */
  default void apply(String namespace, Path manifests) {
    kubectl(
        "apply", "--server-side", "--force-conflicts", "-n", namespace, "-f", manifests.toString());
  }

  /** Applies a file with each {@code NAME} replaced by its value. */
  default void apply(String namespace, Path manifest, Map<String, String> values) {
    String text = Commands.read(manifest);
    for (Map.Entry<String, String> value : values.entrySet()) {
      text = text.replace(value.getKey(), value.getValue());
    }
    apply(namespace, text);
  }

  /** Applies manifests given as text. */
  default void apply(String namespace, String manifests) {
    Commands.run(
        Map.of("KUBECONFIG", kubeconfig().toString()),
        manifests,
        Commands.kubectl(),
        List.of("apply", "--server-side", "--force-conflicts", "-n", namespace, "-f", "-"));
  }

  /** Makes namespaces that are not there yet. */
  default void namespaces(String... names) {
    for (String name : names) {
      apply(name, "apiVersion: v1\nkind: Namespace\nmetadata: {name: " + name + "}\n");
    }
  }

  /** Deletes what a file or folder names, and waits until it is gone. */
  default void delete(String namespace, Path manifests) {
    kubectl("delete", "--ignore-not-found", "-n", namespace, "-f", manifests.toString());
  }

  /** Begins to delete namespaces with all that is in them. */
  default void deleteNamespaces(String... names) {
    for (String name : names) {
      kubectl("delete", "namespace", name, "--ignore-not-found", "--wait=false");
    }
  }

  /** Waits until a rollout is complete. */
  default void awaitRollout(String namespace, String workload) {
    kubectl("rollout", "status", "-n", namespace, workload, "--timeout=120s");
  }

  /** The API server's answer to a GET, as JSON; a missing node for a 404. */
  default JsonNode get(String path) {
    @Nullable String answer = api().raw(path);
    return answer == null ? MissingNode.getInstance() : JsonMapper.shared().readTree(answer);
  }

  /** The IP address of the first pod that a selector chooses. */
  default String podAddress(String namespace, String selector) {
    String pod = pods(namespace, selector).getFirst();
    return get("/api/v1/namespaces/" + namespace + "/pods/" + pod)
        .at("/status/podIP")
        .asString("");
  }

  /** The IP address of the API server. */
  default String apiServerAddress() {
    return get("/api/v1/namespaces/default/endpoints/kubernetes")
        .at("/subsets/0/addresses/0/ip")
        .asString("");
  }

  /** The names of the pods that a selector chooses, without those that are about to go. */
  default List<String> pods(String namespace, String selector) {
    return api()
        .pods()
        .inNamespace(namespace)
        .withLabelSelector(selector)
        .list()
        .getItems()
        .stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .map(pod -> pod.getMetadata().getName())
        .sorted()
        .toList();
  }

  /** The manifests of this name. */
  static Path manifests(String name) {
    Path path = Path.of("testdata/kubernetes", name);
    if (!Files.exists(path)) {
      throw new IllegalArgumentException("no " + path);
    }
    return path;
  }
}
