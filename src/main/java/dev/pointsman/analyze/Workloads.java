package dev.pointsman.analyze;

import dev.pointsman.kube.Manifest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The pods of a cluster, or the pods and templates of pods of a folder. */
final class Workloads {
  private static final List<String> TEMPLATED = List.of(
      "Deployment.apps", "StatefulSet.apps", "DaemonSet.apps", "ReplicaSet.apps", "Job.batch");

  /** The kinds that are read. */
  private static final String[] KINDS =
      Stream.concat(TEMPLATED.stream(), Stream.of("Pod")).toArray(String[]::new);

  private final List<Workload> all = new ArrayList<>();
  private final Map<String, List<Workload>> byNamespace = new HashMap<>();
  private final Manifests manifests;

  Workloads(Manifests manifests) {
    this.manifests = manifests;
    for (String kind : TEMPLATED) {
      manifests.of(kind).filter(Workloads::isOwn).forEach(this::addTemplate);
    }
    manifests
        .of("LeaderWorkerSet.leaderworkerset.x-k8s.io")
        .forEach(set -> Stream.of("leaderTemplate", "workerTemplate")
            .map(template -> "spec.leaderWorkerTemplate." + template)
            .forEach(path -> add(set, set.node(path), path)));
    manifests
        .of("Pod")
        .filter(Workloads::isOwn)
        .forEach(pod -> add(Workload.of(pod, pod.node(), "", 1)));
  }

  /** Whether no other object makes it: of a Deployment's ReplicaSets and Pods, the Deployment has the author's text. */
  private static boolean isOwn(Manifest manifest) {
    return manifest.node().path("metadata").path("ownerReferences").isEmpty();
  }

  private void addTemplate(Manifest manifest) {
    add(manifest, manifest.node().path("spec").path("template"), "spec.template");
  }

  private void add(Manifest manifest, JsonNode template, String path) {
    if (template.isObject()) {
      JsonNode replicas = manifest.node().path("spec").path("replicas");
      add(Workload.of(manifest, template, path, replicas.isInt() ? replicas.asInt() : 1));
    }
  }

  private void add(Workload workload) {
    all.add(workload);
    byNamespace.computeIfAbsent(workload.namespace(), _ -> new ArrayList<>()).add(workload);
  }

  /** Whether no pod and no template of the namespace was left unread. */
  boolean areRead(String namespace) {
    return Stream.of(KINDS).allMatch(kind -> manifests.isRead(kind, namespace));
  }

  /** Whether none was left unread, in any namespace. */
  boolean areRead() {
    return manifests.areRead(KINDS);
  }

  /** All of them. */
  List<Workload> all() {
    return all;
  }

  /** The selected ones of a namespace. */
  List<Workload> selected(String namespace, Map<String, String> selector) {
    return byNamespace.getOrDefault(namespace, List.of()).stream()
        .filter(one -> one.isSelectedBy(selector))
        .toList();
  }

  /**
   * The namespaces whose pods are known.
   *
   * @param pickers the workloads that run endpoint pickers: a folder with nothing else has no model servers
   */
  Set<String> namespaces(List<Workload> pickers) {
    Set<Workload> left = Collections.newSetFromMap(new IdentityHashMap<>());
    left.addAll(pickers);
    Set<String> namespaces = new TreeSet<>();
    all.stream()
        .filter(one -> !left.contains(one))
        .map(Workload::namespace)
        .forEach(namespaces::add);
    manifests.of("Pod").map(pod -> pod.object().namespace()).forEach(namespaces::add);
    return namespaces;
  }
}
