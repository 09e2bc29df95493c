package dev.pointsman.e2e.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Model servers, pools and routes of one namespace, made from the manifests. */
public record Models(Cluster cluster, String namespace) {

  /** A namespace of this name, empty at first. */
  public static Models in(Cluster cluster, String namespace) {
    cluster.namespaces(namespace);
    return new Models(cluster, namespace);
  }

  /**
   * Applies a Deployment of model servers, whose pods have the label {@code app: NAME}; {@link #awaitReady} waits.
   *
   * @param models that they serve beside the one of their own name
   */
  public Models servers(String name, int replicas, String... models) {
    return deploy(
        name,
        replicas,
        Stream.concat(Stream.of("--served-model-name", name), Stream.of(models)).toList());
  }

  /** As {@link #servers}, with further arguments of the simulator. */
  public Models deploy(String name, int replicas, List<String> arguments) {
    return apply(
        "model-server.yaml",
        Map.of(
            "SERVER",
            name,
            "REPLICAS",
            Integer.toString(replicas),
            "ARGUMENTS",
            arguments.stream().collect(Collectors.joining("\", \"", "\"", "\""))));
  }

  /** Waits for the Deployments. */
  public Models awaitReady(String... deployments) {
    for (String name : deployments) {
      cluster.awaitRollout(namespace, "deployment/" + name);
    }
    return this;
  }

  /** Applies a pool, which does without its picker, of the model servers of that name. */
  public Models pool(String name, String app) {
    return apply("pool.yaml", Map.of("NAME", name, "APP", app));
  }

  /**
   * Installs the Inference Extension's chart: a pool of the model servers of that name, and its picker, NAME-epp. With {@code
   * TRY_PICKER=llm-d} the picker is llm-d's scheduler.
   */
  public Models picked(String name) {
    String chart =
        Commands.run(Map.of(), "", "hack/inference-extension.sh", List.of()).strip();
    List<String> arguments = new ArrayList<>(
        List.of("upgrade", "--install", name, chart + "/inferencepool", "-n", namespace));
    arguments.addAll(List.of("-f", Cluster.manifests("picker-values.yaml").toString()));
    if ("llm-d".equals(System.getenv("TRY_PICKER"))) {
      arguments.addAll(
          List.of("-f", Cluster.manifests("picker-values-llm-d.yaml").toString()));
    }
    arguments.addAll(List.of("--set", "inferencePool.modelServers.matchLabels.app=" + name));
    cluster.helm(arguments.toArray(String[]::new));
    return this;
  }

  /** Applies an HTTPRoute MODEL-on-GATEWAY that leads a model to a pool of this namespace. */
  public Models route(String gateway, String model, String pool) {
    return route(gateway, model, namespace, pool);
  }

  /** Applies an HTTPRoute MODEL-on-GATEWAY that leads a model to a pool of a namespace. */
  public Models route(String gateway, String model, String poolNamespace, String pool) {
    return apply(
        "route.yaml",
        Map.of("GATEWAY", gateway, "MODEL", model, "NAMESPACE", poolNamespace, "POOL", pool));
  }

  /** Applies manifests with words replaced. */
  public Models apply(String manifest, Map<String, String> words) {
    cluster.apply(namespace, Cluster.manifests(manifest), words);
    return this;
  }

  /** The number of requests that a pod has answered, as vLLM's metrics say it. */
  public int requestsOf(String pod) {
    return metrics(pod)
        .lines()
        .filter(line -> line.startsWith("vllm:request_success_total{"))
        .mapToInt(line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  /** A pod's metrics in Prometheus' format. */
  public String metrics(String pod) {
    return cluster
        .api()
        .raw("/api/v1/namespaces/" + namespace + "/pods/" + pod + ":8000/proxy/metrics");
  }
}
