package dev.pointsman.analyze;

import dev.pointsman.kube.Manifest;
import java.util.Collection;
import java.util.List;

/**
 * A running pod of a proxy that Envoy Gateway has made.
 *
 * @param isShared whether all Gateways of a GatewayClass share it, and it may serve other classes than the asked one
 */
public record ProxyPod(String namespace, String name, boolean isShared) {
  private static final String OWNER = "gateway.envoyproxy.io/owning-gateway";

  /**
   * The proxies of Gateways among the objects of a cluster.
   *
   * @param gateways their namespaces and names, as {@code default/inference-gateway}
   */
  public static List<ProxyPod> of(List<Manifest> objects, Collection<String> gateways) {
    List<ProxyPod> all = objects.stream()
        .filter(one -> one.object().kind().equals("Pod"))
        .filter(one -> label(one, "app.kubernetes.io/component").equals("proxy"))
        .filter(one -> one.node().path("status").path("phase").asString("").equals("Running"))
        .filter(one -> !one.node().path("metadata").has("deletionTimestamp"))
        .filter(one -> !label(one, OWNER + "class").isEmpty()
            || gateways.contains(
                label(one, OWNER + "-namespace") + "/" + label(one, OWNER + "-name")))
        .map(one -> new ProxyPod(
            one.object().namespace(),
            one.object().name(),
            label(one, OWNER + "-name").isEmpty()))
        .toList();
    boolean hasOwn = all.stream().anyMatch(one -> !one.isShared());
    return all.stream().filter(one -> one.isShared() != hasOwn).toList();
  }

  private static String label(Manifest pod, String name) {
    return pod.node().path("metadata").path("labels").path(name).asString("");
  }
}
