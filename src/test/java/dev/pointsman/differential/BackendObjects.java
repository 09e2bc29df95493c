package dev.pointsman.differential;

import dev.pointsman.config.HostPort;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The objects of backends as YAML, for one side. */
record BackendObjects(String namespace, Addresses addresses, Side side) {
  /** The API group of pools. */
  static final String POOL_GROUP = "inference.networking.k8s.io";

  /** Whether the backend is an InferencePool on this side. */
  boolean isPool(Backend backend) {
    return side == Side.POINTSMAN && backend.isPool();
  }

  /** The object that a rule refers to. */
  String backend(Backend backend) {
    if (isPool(backend)) {
      return pool(backend);
    }
    String endpoints = pods(backend)
        .map(pod -> "{ip: {address: " + pod.host() + ", port: " + pod.port() + "}}")
        .collect(Collectors.joining(", "));
    return """
        apiVersion: gateway.envoyproxy.io/v1alpha1
        kind: Backend
        metadata: {name: %s, namespace: %s}
        spec: {endpoints: [%s]}
        """.formatted(backend.name(), namespace, endpoints);
  }

  private String pool(Backend backend) {
    String picker = backend.hasPicker()
        ? ", endpointPickerRef: {name: %s-picker, port: {number: 9002}, failureMode: %s}"
            .formatted(
                backend.name(),
                backend.kind() == Backend.Kind.SILENT_OPEN ? "FailOpen" : "FailClose")
        : "";
    return """
        apiVersion: %s/v1
        kind: InferencePool
        metadata: {name: %s, namespace: %s}
        spec: {selector: {matchLabels: {app: %s}}, targetPorts: [{number: 8000}]%s}
        """.formatted(POOL_GROUP, backend.name(), namespace, backend.name(), picker);
  }

  private Stream<HostPort> pods(Backend backend) {
    return IntStream.range(0, Addresses.PODS).mapToObj(pod -> addresses.pod(backend.number(), pod));
  }

  /** A pool with its pods, its picker's Service and EndpointSlice. */
  List<String> ofPool(Backend backend) {
    List<String> documents = new ArrayList<>();
    documents.add(pool(backend));
    for (int pod = 0; pod < Addresses.PODS; pod++) {
      documents.add(pod(backend, pod));
    }
    if (backend.hasPicker()) {
      documents.add(picker(backend));
    }
    return documents;
  }

  private String pod(Backend backend, int pod) {
    return """
        apiVersion: v1
        kind: Pod
        metadata: {name: %1$s-%2$d, namespace: %3$s, labels: {app: %1$s}}
        spec: {containers: [{name: main, image: none, ports: [{containerPort: 8000}]}]}
        status: {phase: Running, podIP: %4$s, conditions: [{type: Ready, status: "True"}]}
        """.formatted(
            backend.name(), pod, namespace, addresses.pod(backend.number(), pod).host());
  }

  private String picker(Backend backend) {
    return """
        apiVersion: v1
        kind: Service
        metadata: {name: %1$s-picker, namespace: %2$s}
        spec: {ports: [{name: grpc, port: 9002, targetPort: 9002, appProtocol: http2}]}
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: %1$s-picker-1, namespace: %2$s, labels: {kubernetes.io/service-name: %1$s-picker}}
        addressType: IPv4
        endpoints: [{addresses: [%3$s], conditions: {ready: true}}]
        ports: [{name: grpc, port: 9002, protocol: TCP}]
        """.formatted(
            backend.name(), namespace, addresses.picker(backend.number()).host());
  }
}
