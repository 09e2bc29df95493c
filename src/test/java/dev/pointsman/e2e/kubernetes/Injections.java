package dev.pointsman.e2e.kubernetes;

import dev.pointsman.e2e.kubernetes.Fault.Injection;
import dev.pointsman.e2e.kubernetes.Fault.Undo;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** Faults of processes and of the network between them. */
final class Injections {
  private Injections() {}

  /** One process. */
  static Function<FaultScene, List<ClusterProcess>> one(
      Function<FaultScene, ClusterProcess> process) {
    return process.andThen(List::of);
  }

  /** A program of the control plane. */
  static Function<FaultScene, List<ClusterProcess>> controlPlane(String program) {
    return scene -> List.of(ClusterProcess.ofControlPlane(scene.cluster(), program));
  }

  /** Stopped, with their connections open. */
  static Injection frozen(Function<FaultScene, List<ClusterProcess>> processes) {
    return scene -> {
      List<ClusterProcess> all = processes.apply(scene);
      all.forEach(ClusterProcess::freeze);
      return () -> all.forEach(ClusterProcess::thaw);
    };
  }

  /** Frozen nine tenths of the time, for a second at a time. */
  static Injection slow(Function<FaultScene, List<ClusterProcess>> processes) {
    return scene -> {
      List<ClusterProcess> all = processes.apply(scene);
      return Repeatedly.begin(
          () -> {
            all.forEach(ClusterProcess::freeze);
            Thread.sleep(900);
            all.forEach(ClusterProcess::thaw);
            Thread.sleep(100);
          },
          () -> all.forEach(ClusterProcess::thaw));
    };
  }

  /** Ended at once. */
  static Injection killed(Function<FaultScene, List<ClusterProcess>> processes) {
    return scene -> {
      processes.apply(scene).forEach(ClusterProcess::kill);
      return Undo.NOTHING;
    };
  }

  /** Without a way to these addresses: packets are dropped. */
  static Injection cut(
      Function<FaultScene, List<ClusterProcess>> processes,
      Function<FaultScene, List<String>> addresses) {
    return scene -> {
      List<ClusterProcess> all = processes.apply(scene);
      List<String> other = addresses.apply(scene);
      all.forEach(process -> process.cutOff(other));
      return () -> all.forEach(process -> process.connect(other));
    };
  }

  /** The answers of a server to these processes come late. */
  static Injection late(
      Function<FaultScene, List<ClusterProcess>> clients,
      Function<FaultScene, List<String>> addresses,
      int port,
      Duration late) {
    return scene -> {
      List<LateLink> links = links(scene, clients, addresses, port, late);
      return () -> links.forEach(LateLink::close);
    };
  }

  /** The connections of these processes to a server are reset each second. */
  static Injection reset(
      Function<FaultScene, List<ClusterProcess>> clients,
      Function<FaultScene, List<String>> addresses,
      int port) {
    return scene -> {
      List<LateLink> links = links(scene, clients, addresses, port, Duration.ZERO);
      return Repeatedly.begin(
          () -> {
            Thread.sleep(1000);
            links.forEach(LateLink::cut);
          },
          () -> links.forEach(LateLink::close));
    };
  }

  private static List<LateLink> links(
      FaultScene scene,
      Function<FaultScene, List<ClusterProcess>> clients,
      Function<FaultScene, List<String>> addresses,
      int port,
      Duration late) {
    List<String> servers = addresses.apply(scene);
    NetworkNamespace outside = new NetworkNamespace(
        ClusterProcess.ofControlPlane(scene.cluster(), "kube-apiserver").pid());
    return clients.apply(scene).stream()
        .flatMap(client -> LateLink.between(client, servers, port, outside, late).stream())
        .toList();
  }

  /** The API server answers Pointsman with this status only. */
  static Injection refused(int status) {
    return scene -> {
      List<RefusingApiServer> servers = scene.pointsman().processes().stream()
          .flatMap(process -> scene.addresses().ofApiServer().stream()
              .map(address -> RefusingApiServer.begin(scene.cluster(), process, address, status)))
          .toList();
      return () -> {
        servers.forEach(RefusingApiServer::close);
        if (servers.stream().anyMatch(server -> server.refused() == 0)) {
          throw new AssertionError("nobody asked the API server: the fault was none");
        }
      };
    };
  }
}
