package dev.pointsman.e2e.kubernetes;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A second node with one Pod of a pool. Its process is one of the first node's, with a second address: real until the node
 * is lost, when that address falls silent and nobody reports for the node any more.
 */
final class ExtraNode {
  private static final String NODE = "extra-node";

  /** An address of the pods' network that nobody else has. */
  private static final String ADDRESS = "10.244.251.7";

  private static final int LEASE_SECONDS = 40;
  private static final PatchContext MERGE = PatchContext.of(PatchType.STRATEGIC_MERGE);

  private final Cluster cluster;
  private final String namespace;
  private final String pod;
  private final ClusterProcess server;
  private final ScheduledExecutorService kubelet = Executors.newSingleThreadScheduledExecutor();

  private ExtraNode(Cluster cluster, String namespace, String pool, ClusterProcess server) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.pod = pool + "-on-" + NODE;
    this.server = server;
  }

  /**
   * Starts it.
   *
   * @param pool of its Pod
   * @param server the process that answers
   */
  static ExtraNode start(Cluster cluster, String namespace, String pool, ClusterProcess server) {
    ExtraNode node = new ExtraNode(cluster, namespace, pool, server);
    node.network("address", "add", ADDRESS + "/16", "dev", "eth0");
    cluster.apply("default", "apiVersion: v1\nkind: Node\nmetadata: {name: " + NODE + "}\n");
    var _ = cluster.api().nodes().withName(NODE).subresource("status").patch(MERGE, """
            {"status": {"conditions": [{"type": "Ready", "status": "True", "reason": "KubeletReady",
             "lastHeartbeatTime": "%s", "lastTransitionTime": "%1$s"}]}}
            """.formatted(
            ZonedDateTime.now().withNano(0).toInstant()));
    var _ = node.kubelet.scheduleAtFixedRate(node::renew, 0, LEASE_SECONDS / 4, TimeUnit.SECONDS);
    cluster.apply(namespace, """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, labels: {app: %s}}
        spec:
          nodeName: %s
          tolerations: [{operator: Exists}]
          containers: [{name: server, image: none}]
        """.formatted(node.pod, pool, NODE));
    var _ = cluster
        .api()
        .pods()
        .inNamespace(namespace)
        .withName(node.pod)
        .subresource("status")
        .patch(MERGE, """
            {"status": {"phase": "Running", "podIP": "%s", "podIPs": [{"ip": "%1$s"}],
             "conditions": [{"type": "Ready", "status": "True"}]}}
            """.formatted(ADDRESS));
    return node;
  }

  private void renew() {
    Lease lease = new LeaseBuilder()
        .withNewMetadata()
        .withName(NODE)
        .withNamespace("kube-node-lease")
        .endMetadata()
        .withNewSpec()
        .withHolderIdentity(NODE)
        .withLeaseDurationSeconds(LEASE_SECONDS)
        .withRenewTime(ZonedDateTime.now())
        .endSpec()
        .build();
    var _ = cluster.api().resource(lease).forceConflicts().serverSideApply();
  }

  /** Loses it: packets to its Pod are not answered, and its Lease ends. */
  void lose() {
    kubelet.shutdownNow();
    network("rule", "add", "from", ADDRESS, "blackhole");
  }

  /** Removes it, as a cloud removes a machine that is gone. */
  void remove() {
    kubelet.shutdownNow();
    cluster.kubectl("delete", "pod", pod, "-n", namespace, "--grace-period=0", "--force");
    cluster.kubectl("delete", "node", NODE);
    network("rule", "delete", "from", ADDRESS, "blackhole");
    network("address", "delete", ADDRESS + "/16", "dev", "eth0");
  }

  private void network(String... change) {
    List<String> command = new ArrayList<>(List.of("-t", String.valueOf(server.pid()), "-n", "ip"));
    command.addAll(List.of(change));
    var _ = Commands.run(Map.of(), "", "nsenter", command);
  }
}
