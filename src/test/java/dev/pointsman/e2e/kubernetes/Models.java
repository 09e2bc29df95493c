package dev.pointsman.e2e.kubernetes;

import java.util.Map;

/** Model servers, pools and routes of one namespace, made from the manifests. */
public record Models(Cluster cluster, String namespace) {

  /** A namespace of this name, empty at first. */
  public static Models in(Cluster cluster, String namespace) {
    cluster.namespaces(namespace);
    return new Models(cluster, namespace);
  }

  /** Applies a Deployment of model servers, whose pods have the label {@code app: NAME}; {@link #awaitReady} waits. */
  public Models servers(String name, int replicas) {
    return apply("model-server.yaml", Map.of("NAME", name, "REPLICAS", Integer.toString(replicas)));
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

  /** The number of requests that a pod has received. */
  public int requestsOf(String pod) {
    return cluster
        .get("/api/v1/namespaces/" + namespace + "/pods/" + pod + ":8000/proxy/stub/count")
        .path("count")
        .asInt();
  }
}
