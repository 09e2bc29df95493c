package dev.pointsman.kube.api;

import dev.pointsman.model.CertificateRef;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * The objects that one reflector lists and watches.
 *
 * @param namespace empty for all
 * @param selection a selection of the objects
 */
record Query(Kind kind, String namespace, Selection selection) {
  /** A selection of the objects of a kind. */
  sealed interface Selection {
    /** All objects. */
    record All() implements Selection {}

    /** The objects with a label. */
    record WithLabel(String label, String value) implements Selection {}

    /**
     * The object with a name. A Role with {@code resourceNames: [name]} permits this query.
     *
     * @param withKey whether the key of a Secret is kept
     */
    record WithName(String name, boolean withKey) implements Selection {}
  }

  static Query all(Kind kind, String namespace) {
    return new Query(kind, namespace, new Selection.All());
  }

  static Query labelled(Kind kind, String namespace, String label, String value) {
    return new Query(kind, namespace, new Selection.WithLabel(label, value));
  }

  /** @param withKey whether the key of a Secret is kept */
  static Query certificate(String namespace, CertificateRef ref, boolean withKey) {
    Kind kind = ref.kind().equals("Secret") ? Kind.SECRET : Kind.CONFIG_MAP;
    return new Query(kind, namespace, new Selection.WithName(ref.name(), withKey));
  }

  boolean isOfOneObject() {
    return selection instanceof Selection.WithName;
  }

  /** The path of the list or the watch, with the first parameters. */
  String path(String version) {
    String root = kind.group().isEmpty() ? "/api/" : "/apis/" + kind.group() + "/";
    String where = namespace.isEmpty() ? "" : "/namespaces/" + encoded(namespace);
    String parameters = switch (selection) {
      case Selection.All() -> "";
      case Selection.WithLabel(String label, String value) ->
        "labelSelector=" + encoded(label + "=" + value) + "&";
      case Selection.WithName(String name, boolean _) ->
        "fieldSelector=" + encoded("metadata.name=" + name) + "&";
    };
    return root + version + where + "/" + kind.resource() + "?" + parameters;
  }

  /** The RBAC rule that permits it, as YAML in one line, with the Role or ClusterRole. */
  String rule() {
    String names = selection instanceof Selection.WithName(String name, boolean _)
        ? ", resourceNames: [\"" + name + "\"]"
        : "";
    return "{apiGroups: [\"" + kind.group() + "\"], resources: [\"" + kind.resource() + "\"]"
        + names
        + ", verbs: [list, watch]}"
        + (namespace.isEmpty() ? " in a ClusterRole" : " in a Role of namespace " + namespace);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** The form in messages. */
  @Override
  public String toString() {
    String name = selection instanceof Selection.WithName(String only, boolean _) ? " " + only : "";
    return kind + name + (namespace.isEmpty() ? "" : " in namespace " + namespace);
  }
}
