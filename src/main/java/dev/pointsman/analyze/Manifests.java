package dev.pointsman.analyze;

import dev.pointsman.kube.KubeObject;
import dev.pointsman.kube.Manifest;
import dev.pointsman.model.ClusterSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * All manifests, by kind. Of two objects with one name the first counts.
 *
 * <p>An object that is not there may exist all the same. A folder seldom has all objects of a cluster, so that a reference to
 * a missing object is a mistake only if the manifests have another object of its kind in its namespace ({@link #knows}). Of a
 * cluster, kinds and namespaces may be unread ({@link #isRead}). A check that finds a mistake in an absence asks one of both.
 */
final class Manifests {
  private record Name(String kind, String namespace, String name) {}

  private final Map<Name, Manifest> byName = new LinkedHashMap<>();
  private final Map<String, List<Manifest>> byKind = new HashMap<>();
  private final List<Manifest> duplicates = new ArrayList<>();
  private final Known known;
  private final Workloads workloads;
  private final ManifestObjects objects;
  private final List<RouteRule> rules;

  /** Sorts the manifests. */
  Manifests(List<Manifest> manifests, Known known) {
    this.known = known;
    for (Manifest manifest : manifests) {
      String kind = kind(manifest);
      if (manifest.object().name().isEmpty()) {
        byKind
            .computeIfAbsent(kind, _ -> new ArrayList<>())
            .add(manifest); // its parser will say so
      } else if (byName.putIfAbsent(
              new Name(kind, manifest.object().namespace(), manifest.object().name()), manifest)
          == null) {
        byKind.computeIfAbsent(kind, _ -> new ArrayList<>()).add(manifest);
      } else {
        duplicates.add(manifest);
      }
    }
    workloads = new Workloads(this);
    objects = ManifestObjects.of(this);
    rules = of(GatewayApi.HTTP_ROUTE).flatMap(RouteRule::of).toList();
  }

  /** The group and the kind, as {@link #of} takes them: {@code HTTPRoute.gateway.networking.k8s.io}. */
  private static String kind(Manifest manifest) {
    String group = manifest.object().group();
    return group.isEmpty() ? manifest.object().kind() : manifest.object().kind() + "." + group;
  }

  /** The manifests of a kind. */
  Stream<Manifest> of(String kind) {
    return byKind.getOrDefault(kind, List.of()).stream();
  }

  /** All manifests. */
  Stream<Manifest> all() {
    return byName.values().stream();
  }

  /** The manifests that another one of the same name precedes. */
  List<Manifest> duplicates() {
    return duplicates;
  }

  /** The manifest that counts, of those with the name of this one. */
  Optional<Manifest> first(Manifest manifest) {
    return find(kind(manifest), manifest.object().namespace(), manifest.object().name());
  }

  /** The first manifest of a name. */
  Optional<Manifest> find(String kind, String namespace, String name) {
    return Optional.ofNullable(byName.get(new Name(kind, namespace, name)));
  }

  /** The object of a kind without namespaces. */
  Optional<Manifest> find(String kind, String name) {
    return of(kind).filter(one -> one.object().name().equals(name)).findFirst();
  }

  /** The GatewayClass of a Gateway. */
  Optional<Manifest> gatewayClass(String namespace, String gateway) {
    return find(GatewayApi.GATEWAY, namespace, gateway)
        .flatMap(one -> find(
            GatewayApi.GATEWAY_CLASS, one.node().at("/spec/gatewayClassName").asString("")));
  }

  /** Whether an object of that name surely does not exist. */
  boolean isMissing(String kind, String namespace, String name) {
    return find(kind, namespace, name).isEmpty() && knows(kind, namespace);
  }

  /** The namespaces with an object of that name, in their order. */
  List<String> namespacesWith(String kind, String name) {
    return of(kind)
        .map(Manifest::object)
        .filter(object -> object.name().equals(name))
        .map(KubeObject::namespace)
        .sorted()
        .toList();
  }

  /**
   * Whether all objects of the kind in the namespace are there, in files probably. Files seldom have all Secrets: controllers
   * write them, such as cert-manager's.
   */
  boolean knows(String kind, String namespace) {
    return known.cluster()
        ? known.has(kind, namespace)
        : !kind.equals("Secret")
            && of(kind).anyMatch(one -> one.object().namespace().equals(namespace));
  }

  /** Whether all objects of a kind without namespaces are there, in files probably. */
  boolean knows(String kind) {
    return known.cluster() ? known.has(kind) : of(kind).findAny().isPresent();
  }

  /** Whether all pools of the namespace are there, in files probably. */
  boolean knowsPools(String namespace) {
    return known.cluster()
        ? isRead(GatewayApi.POOL, namespace) && isRead(GatewayApi.ALPHA_POOL, namespace)
        : knows(GatewayApi.POOL, namespace) || knows(GatewayApi.ALPHA_POOL, namespace);
  }

  /** Whether no object of the kind in the namespace was left unread. Files are all read. */
  boolean isRead(String kind, String namespace) {
    return !known.cluster() || known.has(kind, namespace);
  }

  /** Whether no object of the kinds was left unread, in any namespace. Files are all read. */
  boolean areRead(String... kinds) {
    return !known.cluster() || Stream.of(kinds).allMatch(known::hasAll);
  }

  /** Whether they are the objects of a cluster, not of files. */
  boolean isOfCluster() {
    return known.cluster();
  }

  /** The pods and the templates of pods. */
  Workloads workloads() {
    return workloads;
  }

  /** The objects that the server reads. */
  ManifestObjects objects() {
    return objects;
  }

  /** The same as a snapshot of the server. */
  ClusterSnapshot snapshot() {
    return objects.snapshot();
  }

  /** The rules of all HTTPRoutes. */
  List<RouteRule> rules() {
    return rules;
  }

  /** The items of a list with their paths. */
  static Map<String, JsonNode> items(JsonNode parent, String path, String list) {
    Map<String, JsonNode> items = new LinkedHashMap<>();
    JsonNode nodes = parent.path(list);
    for (int i = 0; i < nodes.size() && nodes.isArray(); i++) {
      items.put((path.isEmpty() ? list : path + "." + list) + "[" + i + "]", nodes.path(i));
    }
    return items;
  }
}
