package dev.pointsman.differential;

import dev.pointsman.rig.Standalone.Objects;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The objects of a batch as YAML: those of its situations, and the Gateways. */
final class BatchObjects {
  private static final String CLASS = "differential";

  /** The host on which each listener that serves a batch responds 200 to {@code /batch-NUMBER}. */
  static final String READY = "ready.differential.test";

  private BatchObjects() {}

  /**
   * The objects of a batch.
   *
   * @param gateways the number of Gateways, the same for all batches
   */
  static Objects of(List<Rendering> batch, int number, int gateways) {
    String ready = """
        apiVersion: gateway.networking.k8s.io/v1
        kind: GatewayClass
        metadata: {name: %1$s}
        spec: {controllerName: gateway.envoyproxy.io/gatewayclass-controller}
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: ready, namespace: default}
        spec:
          parentRefs: [%4$s]
          hostnames: [%3$s]
          rules:
          - matches: [{path: {value: /batch-%2$d}}]
            filters: [{type: ExtensionRef, extensionRef: {group: gateway.envoyproxy.io, kind: HTTPRouteFilter, name: ready}}]
        ---
        apiVersion: gateway.envoyproxy.io/v1alpha1
        kind: HTTPRouteFilter
        metadata: {name: ready, namespace: default}
        spec: {directResponse: {statusCode: 200}}
        """.formatted(
            CLASS,
            number,
            READY,
            IntStream.range(0, gateways)
                .mapToObj(gateway -> "{name: " + name(gateway) + "}")
                .collect(Collectors.joining(", ")));
    Stream<String> all = Stream.concat(
        IntStream.range(0, gateways).mapToObj(gateway -> gateway(batch, gateway)),
        batch.stream().flatMap(one -> one.forGateway().stream()));
    return new Objects(
        Rendering.documents(Stream.concat(Stream.of(ready), all)),
        Rendering.documents(batch.stream().flatMap(one -> one.forPointsman().stream())));
  }

  /** The name of a Gateway, in the namespace {@code default}. */
  static String name(int gateway) {
    return CLASS + "-" + gateway;
  }

  /** The situations that have a listener on a Gateway: those that use it, at least one. */
  static List<Rendering> on(List<Rendering> batch, int gateway) {
    List<Rendering> users =
        batch.stream().filter(one -> one.situation().uses(gateway)).toList();
    return users.isEmpty() ? batch.subList(0, 1) : users;
  }

  private static String gateway(List<Rendering> batch, int gateway) {
    String listeners = on(batch, gateway).stream()
        .map(one ->
            "  - {name: %s, protocol: HTTP, port: %d, allowedRoutes: {namespaces: {from: All}}}\n"
                .formatted(one.listener(), one.addresses().listener(gateway)))
        .collect(Collectors.joining());
    return """
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: {name: %s, namespace: default}
        spec:
          gatewayClassName: %s
          listeners:
        """.formatted(name(gateway), CLASS) + listeners;
  }
}
