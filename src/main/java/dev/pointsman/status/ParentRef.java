package dev.pointsman.status;

import java.util.Comparator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The object that an entry of a status is about: a Gateway, a ListenerSet, or a policy's target that does not exist.
 */
public record ParentRef(String group, String kind, String namespace, String name)
    implements Comparable<ParentRef> {
  /** The group of Gateway, HTTPRoute and ReferenceGrant. */
  public static final String GATEWAY_API = "gateway.networking.k8s.io";

  private static final Comparator<ParentRef> ORDER = Comparator.comparing(ParentRef::namespace)
      .thenComparing(ParentRef::name)
      .thenComparing(ParentRef::kind)
      .thenComparing(ParentRef::group);

  /** A Gateway. */
  public static ParentRef gateway(String namespace, String name) {
    return new ParentRef(GATEWAY_API, "Gateway", namespace, name);
  }

  /** A GatewayClass, which has no namespace. */
  static ParentRef gatewayClass(String name) {
    return new ParentRef(GATEWAY_API, "GatewayClass", "", name);
  }

  /**
   * Reads a reference and applies the defaults.
   *
   * @param namespace the namespace of the object with the reference
   */
  static ParentRef of(JsonNode ref, String namespace) {
    String kind = ref.path("kind").asString("Gateway");
    return new ParentRef(
        ref.path("group").asString(GATEWAY_API),
        kind,
        ref.path("namespace").asString(kind.equals("GatewayClass") ? "" : namespace),
        ref.path("name").asString(""));
  }

  boolean isGateway() {
    return group.equals(GATEWAY_API) && kind.equals("Gateway");
  }

  boolean isListenerSet() {
    return group.equals(GATEWAY_API) && kind.equals("ListenerSet");
  }

  void writeTo(ObjectNode ref) {
    ref.put("group", group).put("kind", kind);
    if (!namespace.isEmpty()) {
      ref.put("namespace", namespace);
    }
    ref.put("name", name);
  }

  @Override
  public int compareTo(ParentRef other) {
    return ORDER.compare(this, other);
  }

  /** The form in messages. */
  @Override
  public String toString() {
    return kind + " " + (namespace.isEmpty() ? "" : namespace + "/") + name;
  }
}
