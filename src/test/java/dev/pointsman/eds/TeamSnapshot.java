package dev.pointsman.eds;

import dev.pointsman.model.AppProtocol;
import dev.pointsman.model.ClusterObjects;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.InferencePool;
import dev.pointsman.model.Pod;
import dev.pointsman.model.PodIndex;
import dev.pointsman.model.PoolRef;
import dev.pointsman.model.Service;
import dev.pointsman.model.ServicePort;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The namespace of a team: a pool, pods of its canary, and a picker with a pod.
 *
 * @param pickerPort the port of the picker's Service; 0: there is none
 */
record TeamSnapshot(boolean hasPool, int pickerPort, List<String> podAddresses) {
  static final PoolRef POOL = new PoolRef(PoolRef.V1, "team-a", "qwen");
  static final ServicePort PICKER = new ServicePort("team-a", "qwen-epp", 9002);

  /** All objects, and one pod. */
  static final TeamSnapshot WHOLE = new TeamSnapshot(true, 9002, List.of("10.0.0.1"));

  TeamSnapshot withPickerPort(int port) {
    return new TeamSnapshot(hasPool, port, podAddresses);
  }

  TeamSnapshot withoutPool() {
    return new TeamSnapshot(false, pickerPort, podAddresses);
  }

  TeamSnapshot withPods(String... addresses) {
    return new TeamSnapshot(hasPool, pickerPort, List.of(addresses));
  }

  ClusterSnapshot snapshot() {
    ClusterObjects objects = new ClusterObjects();
    if (hasPool) {
      objects.add(new InferencePool(
          POOL, Map.of("app", "qwen"), List.of(8000), AppProtocol.HTTP, Optional.empty()));
    }
    for (String address : podAddresses) {
      objects.add(pod(address, Map.of("app", "qwen", "track", "canary")));
    }
    if (pickerPort > 0) {
      objects.add(service());
      objects.add(pod("10.0.1.1", Map.of("app", "epp")));
    }
    return objects.snapshot();
  }

  /** The snapshot while the pods are not read, because no pool is there or for want of rights. */
  ClusterSnapshot withUnreadPods() {
    ClusterSnapshot read = snapshot();
    return new ClusterSnapshot(
        true,
        read.pools(),
        PodIndex.UNREAD,
        read.services(),
        read.slices(),
        read.routes(),
        read.models(),
        read.adapters(),
        read.grants(),
        read.certificates());
  }

  private Service service() {
    return new Service(
        PICKER.namespace(),
        PICKER.name(),
        false,
        Map.of("app", "epp"),
        List.of(new Service.Port("", pickerPort, 9002)));
  }

  private static Pod pod(String address, Map<String, String> labels) {
    return new Pod("team-a", "pod-" + address, labels, address, List.of(), Pod.Phase.READY);
  }
}
