package dev.pointsman.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.config.HostPort;
import dev.pointsman.config.LogFormat;
import dev.pointsman.config.ServeSettings;
import dev.pointsman.config.TlsSettings;
import dev.pointsman.kube.files.ResourceFiles;
import dev.pointsman.model.ByteSize;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.observe.Metrics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** A server on loopback over a folder of manifests: each port free, and with what a test wants to be otherwise. */
final class TestServer {
  /** A manifest of a pool with one Pod, whose address is to be put in. */
  static final String POOL = """
      apiVersion: inference.networking.k8s.io/v1
      kind: InferencePool
      metadata: {name: qwen, namespace: default}
      spec:
        selector: {matchLabels: {app: qwen}}
        targetPorts: [{number: 8000}]
        endpointPickerRef: {name: qwen-epp, port: {number: 9002}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: qwen-1, namespace: default, labels: {app: qwen}}
      status: {podIP: %s, conditions: [{type: Ready, status: "True"}]}
      """;

  private static final HostPort ANY_PORT = new HostPort("127.0.0.1", 0);

  private final Path resources;
  private HostPort grpc = ANY_PORT;
  private HostPort eds = ANY_PORT;
  private HostPort admin = ANY_PORT;
  private Set<String> pageHosts = Set.of();
  private ByteSize maxMessage = ByteSize.mebibytes(64);
  private Optional<ServeSettings.Record> record = Optional.empty();
  private Optional<TlsSettings> tls = Optional.empty();
  private Optional<HostPort> shadow = Optional.empty();
  private Predicate<ObjectRef> gone = _ -> false;
  private Duration drainDelay = Duration.ZERO;
  private Duration selfCheck = Duration.ZERO;

  private TestServer(Path resources) {
    this.resources = resources;
  }

  static TestServer over(Path resources) {
    return new TestServer(resources);
  }

  TestServer grpc(HostPort address) {
    grpc = address;
    return this;
  }

  TestServer eds(HostPort address) {
    eds = address;
    return this;
  }

  TestServer admin(HostPort address) {
    admin = address;
    return this;
  }

  TestServer pageHosts(String... names) {
    pageHosts = Set.of(names);
    return this;
  }

  TestServer maxMessage(ByteSize size) {
    maxMessage = size;
    return this;
  }

  TestServer recording(Path folder, int limit) {
    return recording(new ServeSettings.Record(folder, limit, false));
  }

  TestServer recording(ServeSettings.Record settings) {
    record = Optional.of(settings);
    return this;
  }

  TestServer secured(TlsSettings settings) {
    tls = Optional.of(settings);
    return this;
  }

  TestServer shadow() {
    shadow = Optional.of(ANY_PORT);
    return this;
  }

  /** Sets the Gateways that are deleted. */
  TestServer gone(Predicate<ObjectRef> deleted) {
    gone = deleted;
    return this;
  }

  TestServer selfCheck(Duration interval) {
    selfCheck = interval;
    return this;
  }

  TestServer drainDelay(Duration delay) {
    drainDelay = delay;
    return this;
  }

  ServeSettings settings() {
    return new ServeSettings(
        Optional.of(resources),
        Optional.empty(),
        grpc,
        eds,
        Optional.empty(),
        admin,
        pageHosts,
        maxMessage,
        ByteSize.mebibytes(20),
        LogFormat.TEXT,
        record,
        tls,
        shadow,
        selfCheck,
        drainDelay);
  }

  /** The server, not started. */
  PointsmanServer create(Metrics metrics) {
    return new PointsmanServer(settings(), new ResourceFiles(resources), metrics, gone, _ -> {});
  }

  /** The server, ready. */
  PointsmanServer start(Metrics metrics) throws InterruptedException {
    PointsmanServer server = create(metrics);
    server.start();
    assertThat(server.awaitReady(60)).isTrue();
    return server;
  }

  /** The server, ready. */
  PointsmanServer start() throws InterruptedException {
    return start(new Metrics());
  }
}
