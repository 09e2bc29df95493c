package dev.pointsman.isolation;

import dev.pointsman.cli.Commands;
import dev.pointsman.config.HostPort;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Addresses of a test's own, so that several of these run beside each other, and the objects that name them. */
final class Network {
  /** The collector of spans. */
  static final int COLLECTOR = 31;

  private final String prefix = "127.%d.%d."
      .formatted(
          ThreadLocalRandom.current().nextInt(64, 128),
          ThreadLocalRandom.current().nextInt(256));

  HostPort at(int host, int port) {
    return new HostPort(prefix + host, port);
  }

  /** A ready Pod as YAML. */
  String pod(String app, int host) {
    return """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s-0, namespace: default, labels: {app: %s}}
        spec: {containers: [{name: server, image: none, ports: [{containerPort: 8000}]}]}
        status: {phase: Running, podIP: %s, conditions: [{type: Ready, status: "True"}]}
        """.formatted(app, app, prefix + host);
  }

  /** A picker's Service on port 9002, with its EndpointSlice, as YAML. */
  String picker(String service, int host) {
    return """
        apiVersion: v1
        kind: Service
        metadata: {name: %1$s, namespace: default}
        spec: {ports: [{name: grpc, port: 9002, targetPort: 9002, appProtocol: http2}]}
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: %1$s-1, namespace: default, labels: {kubernetes.io/service-name: %1$s}}
        addressType: IPv4
        endpoints: [{addresses: ["%2$s"], conditions: {ready: true}}]
        ports: [{name: grpc, port: 9002, protocol: TCP}]
        """.formatted(service, prefix + host);
  }

  /** A pool with FailOpen and a picker's Service with the suffix "-epp", as YAML. */
  String openPool(String name) {
    return """
        apiVersion: inference.networking.k8s.io/v1
        kind: InferencePool
        metadata: {name: %1$s, namespace: default}
        spec:
          selector: {matchLabels: {app: %1$s}}
          targetPorts: [{number: 8000}]
          endpointPickerRef: {name: %1$s-epp, port: {number: 9002}, failureMode: FailOpen}
        """.formatted(name);
  }

  /**
   * The bootstrap of an Envoy with what we make of a recorded translation, on ports and sockets of its own.
   *
   * @param recorded the hooks' requests
   * @param resources the folder with our objects
   * @param options more options of {@code translate}
   */
  String bootstrap(Path recorded, Path resources, String... options) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> arguments = new ArrayList<>(List.of(
        "translate",
        "--recorded",
        recorded.toString(),
        "--resources",
        resources.toString(),
        "--bootstrap"));
    arguments.addAll(List.of(options));
    int exit =
        Commands.run(new PrintWriter(out), new PrintWriter(err), arguments.toArray(String[]::new));
    if (exit != 0) {
      throw new IllegalStateException(err.toString());
    }
    return out.toString()
        .replaceAll("portValue: (8080|19003)\n", "portValue: 0\n")
        .replace("0.0.0.0", "127.0.0.1")
        .replace("collector.example.com", prefix + COLLECTOR)
        .replace("/dev/shm/pointsman-", "/dev/shm/pointsman-test-" + prefix)
        .replace("'@pointsman/", "'@" + prefix + "/pointsman/");
  }
}
