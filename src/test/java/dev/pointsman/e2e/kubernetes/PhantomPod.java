package dev.pointsman.e2e.kubernetes;

import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;

/** A Pod that nobody runs, ready at an address. */
record PhantomPod(Cluster cluster, String namespace, String name) {
  private static final PatchContext MERGE = PatchContext.of(PatchType.STRATEGIC_MERGE);

  /**
   * Makes it.
   *
   * @param app its label
   * @param phase as in its status
   */
  static PhantomPod make(
      Cluster cluster, String namespace, String app, String address, String phase) {
    PhantomPod pod = new PhantomPod(cluster, namespace, app + "-phantom");
    cluster.apply(namespace, """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, labels: {app: %s}}
        spec:
          schedulingGates: [{name: pointsman.dev/phantom}]
          containers: [{name: server, image: none}]
        """.formatted(pod.name(), app));
    var _ = cluster
        .api()
        .pods()
        .inNamespace(namespace)
        .withName(pod.name())
        .subresource("status")
        .patch(MERGE, """
            {"status": {"phase": "%s", "podIP": "%s", "podIPs": [{"ip": "%2$s"}],
             "conditions": [{"type": "Ready", "status": "True"}]}}
            """.formatted(phase, address));
    return pod;
  }

  /** Deletes it. */
  void delete() {
    cluster.kubectl("delete", "pod", name, "-n", namespace, "--grace-period=0", "--force");
  }
}
