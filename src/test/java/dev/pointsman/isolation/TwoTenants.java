package dev.pointsman.isolation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.pointsman.cli.Commands;
import dev.pointsman.model.FailureMode;
import dev.pointsman.rig.HostPort;
import dev.pointsman.rig.RealEnvoy;
import dev.pointsman.rig.SelfSigned;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A real Envoy with what we make of a recorded translation: two pools on one listener, each with a picker. The pool
 * "qwen" belongs to a hostile tenant, "deepseek-r1" to another one.
 */
final class TwoTenants implements AutoCloseable {
  static final String EVIL = "qwen";
  static final String GOOD = "deepseek-r1";

  private static final Path RECORDED =
      Path.of("testdata", "translate", "model-routes-two-pools-standalone");

  /** Addresses of our own, so that several of these run beside each other. */
  private final String network = "127.%d.%d."
      .formatted(
          ThreadLocalRandom.current().nextInt(64, 128),
          ThreadLocalRandom.current().nextInt(256));

  private final Path folder;
  final ScriptedPicker evilPicker;
  final RawPod evilPod;
  private final ScriptedPicker goodPicker;
  private final RawPod goodPod;
  final RealEnvoy envoy;
  final int port;

  TwoTenants(String envoyVersion) throws IOException, InterruptedException {
    this(envoyVersion, FailureMode.FAIL_CLOSE);
  }

  /** With a hostile picker that fails as its pool says. */
  TwoTenants(String envoyVersion, FailureMode failureMode)
      throws IOException, InterruptedException {
    folder = Files.createTempDirectory("two-tenants-");
    Path keyStore = folder.resolve("rig.p12");
    SelfSigned.make(keyStore);
    evilPod = new RawPod(at(11, 8000), request -> ok("evil", request));
    goodPod = new RawPod(at(13, 8000), request -> ok("good", request));
    evilPicker = new ScriptedPicker(at(21, 9002), keyStore, this::evilEndpoint);
    goodPicker = new ScriptedPicker(at(22, 9002), keyStore, () -> at(13, 8000).toString());
    envoy = RealEnvoy.start(envoyVersion, bootstrap(failureMode));
    port = envoy.listenerPort("default/inference-gateway/llm-gw");
  }

  String evilEndpoint() {
    return at(11, 8000).toString();
  }

  private HostPort at(int host, int port) {
    return new HostPort(network + host, port);
  }

  /** An honest answer that sends the nonce of the request back. */
  static byte[] ok(String pod, RawPod.Request request) {
    String body = request.header("x-nonce");
    return ("HTTP/1.1 200 OK\r\nx-served-by: " + pod + "\r\ncontent-length: " + body.length()
            + "\r\n\r\n" + body)
        .getBytes(ISO_8859_1);
  }

  private String bootstrap(FailureMode failureMode) throws IOException {
    Path resources = Files.createDirectory(folder.resolve("resources"));
    StringBuilder yaml = new StringBuilder(
        Files.readString(Path.of("testdata", "demo", "gateway", "inference-pool.yaml")));
    if (failureMode == FailureMode.FAIL_OPEN) {
      String picker = "name: qwen-ext-proc\n";
      yaml.insert(yaml.indexOf(picker) + picker.length(), "    failureMode: FailOpen\n");
    }
    yaml.append("\n---\n").append(pod("qwen", 11)).append("---\n").append(pod("deepseek-r1", 13));
    yaml.append("---\n").append(picker("qwen", 21)).append("---\n").append(picker("deepseek", 22));
    Files.writeString(resources.resolve("all.yaml"), yaml);
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit = Commands.run(
        new PrintWriter(out),
        new PrintWriter(err),
        "translate",
        "--recorded",
        RECORDED.toString(),
        "--resources",
        resources.toString(),
        "--bootstrap");
    if (exit != 0) {
      throw new IllegalStateException(err.toString());
    }
    return out.toString()
        .replaceAll("portValue: (8080|19003)\n", "portValue: 0\n")
        .replace("0.0.0.0", "127.0.0.1")
        .replace("/dev/shm/pointsman-", "/dev/shm/pointsman-test-" + network)
        .replace("'@pointsman/", "'@" + network + "/pointsman/");
  }

  private String pod(String app, int host) {
    return """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s-0, namespace: default, labels: {app: %s}}
        spec: {containers: [{name: server, image: none, ports: [{containerPort: 8000}]}]}
        status: {phase: Running, podIP: %s, conditions: [{type: Ready, status: "True"}]}
        """.formatted(app, app, network + host);
  }

  private String picker(String name, int host) {
    return """
        apiVersion: v1
        kind: Service
        metadata: {name: %1$s-ext-proc, namespace: default}
        spec: {ports: [{name: grpc, port: 9002, targetPort: 9002, appProtocol: http2}]}
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: %1$s-1, namespace: default, labels: {kubernetes.io/service-name: %1$s-ext-proc}}
        addressType: IPv4
        endpoints: [{addresses: ["%2$s"], conditions: {ready: true}}]
        ports: [{name: grpc, port: 9002, protocol: TCP}]
        """.formatted(name, network + host);
  }

  @Override
  public void close() throws IOException {
    envoy.close();
    evilPicker.close();
    goodPicker.close();
    evilPod.close();
    goodPod.close();
    Files.deleteIfExists(folder.resolve("resources/all.yaml"));
    Files.deleteIfExists(folder.resolve("resources"));
    Files.deleteIfExists(folder.resolve("rig.p12"));
    Files.deleteIfExists(folder);
  }
}
