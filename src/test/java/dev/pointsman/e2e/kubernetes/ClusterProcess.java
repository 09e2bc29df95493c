package dev.pointsman.e2e.kubernetes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** A process of a pod or of the control plane; those of the process cluster are processes of this machine. */
record ClusterProcess(String name, long pid) {
  /**
   * The process of a pod's container.
   *
   * @param program the end of the path of its program
   */
  static ClusterProcess ofPod(Cluster cluster, String pod, String program) {
    return find(
        cluster,
        pod + "/" + program,
        process -> process.info().command().orElse("").endsWith(program)
            && read(process.pid(), "environ").contains("\0HOSTNAME=" + pod + "\0"));
  }

  /** The processes of a Deployment's pods. */
  static List<ClusterProcess> ofDeployment(
      Cluster cluster, String namespace, String selector, String program) {
    return cluster.pods(namespace, selector).stream()
        .map(pod -> ofPod(cluster, pod, program))
        .toList();
  }

  /** The process of a part of the control plane, such as {@code kube-apiserver}. */
  static ClusterProcess ofControlPlane(Cluster cluster, String program) {
    return find(
        cluster, program, process -> process.info().command().orElse("").endsWith("/" + program));
  }

  private static ClusterProcess find(
      Cluster cluster, String name, Predicate<ProcessHandle> condition) {
    return cluster
        .processes()
        .filter(condition)
        .map(process -> new ClusterProcess(name, process.pid()))
        .findFirst()
        .orElseThrow(() -> new AssertionError("the cluster has no process " + name));
  }

  /** A file of {@code /proc}, between two NUL characters. */
  private static String read(long pid, String file) {
    try {
      return "\0" + Files.readString(Path.of("/proc", String.valueOf(pid), file)) + "\0";
    } catch (IOException gone) {
      return "";
    }
  }

  /** The content of a file as it sees it; empty if there is none. */
  String file(String path) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/root" + path));
    } catch (IOException none) {
      return "";
    }
  }

  /** Ends it at once. */
  void kill() {
    signal("KILL");
  }

  /** Freezes it: its connections stay open, and it answers nothing. */
  void freeze() {
    signal("STOP");
  }

  /** Lets it go on. */
  void thaw() {
    signal("CONT");
  }

  private void signal(String signal) {
    var _ = Commands.run(Map.of(), "", "/bin/kill", List.of("-" + signal, String.valueOf(pid)));
  }

  /** Drops packets from its network namespace to the addresses. */
  void cutOff(List<String> addresses) {
    addresses.forEach(address -> routes("replace", address));
  }

  /** Undoes {@link #cutOff}. */
  void connect(List<String> addresses) {
    addresses.forEach(address -> routes("delete", address));
  }

  private void routes(String change, String address) {
    List<String> command = new ArrayList<>(List.of("-t", String.valueOf(pid), "-n", "ip", "route"));
    command.addAll(List.of(change, "blackhole", address + "/32"));
    var _ = Commands.run(Map.of(), "", "nsenter", command);
  }
}
