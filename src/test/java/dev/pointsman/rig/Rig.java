package dev.pointsman.rig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.config.HostPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Everything of a real run as processes on this machine: Envoy Gateway and its Envoy, Pointsman, and stubs for the model
 * servers and endpoint pickers of a {@link Scenario}. Starts all of it, hands out addresses, stops all of it.
 */
public final class Rig implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(120);

  /** The folder of the certificate within the run's. */
  static final String CERTIFICATE = "certificate";

  private final Path folder;
  private final ResourceFolders resources;
  private final Consumer<String> progress;
  private final Map<String, PickerHandle> pickers = new HashMap<>();
  private final Map<String, HostPort> pods = new HashMap<>();
  private final List<AutoCloseable> running = new ArrayList<>();
  private CompletableFuture<String> ended = new CompletableFuture<>();
  private boolean closed;
  private EnvoyAdmin envoy = new EnvoyAdmin("not-started");

  private Rig(Path folder, Consumer<String> progress) {
    this.folder = folder;
    this.progress = progress;
    this.resources = new ResourceFolders(folder);
    Runtime.getRuntime()
        .addShutdownHook(new Thread(this::close)); // also when whoever started us forgets
  }

  /**
   * Starts everything and waits until Envoy has all of the scenario's hosts.
   *
   * @param folder for files and logs, not shared
   * @param progress is told each step
   */
  public static Rig start(Parts parts, Scenario scenario, Path folder, Consumer<String> progress) {
    Rig rig = new Rig(folder.toAbsolutePath(), progress);
    try {
      rig.checkPorts(scenario);
      rig.startAll(parts, scenario);
      return rig;
    } catch (RuntimeException | Error e) {
      rig.close();
      throw e;
    }
  }

  private void checkPorts(Scenario scenario) {
    Ports ports = new Ports();
    scenario.listenerPorts().forEach(port -> ports.need(port, "the Gateway's listener"));
    EnvoyGateway.FIXED_PORTS.forEach(port -> ports.need(port, "Envoy Gateway"));
    PointsmanServer.ADDRESSES.forEach(address -> ports.need(address, "Pointsman"));
    scenario.pods().forEach(pod -> ports.need(pod.address(), "the model server " + pod.name()));
    scenario
        .pickers()
        .forEach(picker -> ports.need(picker.address(), "the picker " + picker.service()));
    List<String> taken = ports.taken();
    if (!taken.isEmpty()) {
      throw new PortTakenException(taken);
    }
  }

  private void startAll(Parts parts, Scenario scenario) {
    resources.install(scenario);
    makeCertificate(scenario);
    progress.accept("starting Pointsman");
    PointsmanServer pointsman =
        running(() -> PointsmanServer.start(parts, folder, resources.cluster()));
    startStubs(scenario);
    pointsman.awaitReady();
    progress.accept("starting Envoy Gateway");
    String config = PointsmanServer.gatewayConfig(parts, folder) + scenario.settings();
    EnvoyGateway gateway =
        running(() -> EnvoyGateway.start(parts, folder, config, resources.gateway()));
    ended = pointsman.onEnd().applyToEither(gateway.onEnd(), name -> name);
    envoy = gateway.awaitEnvoy();
    progress.accept("waiting until Envoy has every host");
    await("Envoy to have every host")
        .atMost(START)
        .untilAsserted(() -> assertThat(hasAll(scenario)).as(gateway::tail).isTrue());
  }

  /** Plays one more scenario: its stubs first, then its files. */
  public void add(Scenario scenario) {
    startStubs(scenario);
    install(scenario);
  }

  /** As {@link #add}, and waits until Envoy has all of the scenario's hosts. */
  public void addAndAwait(Scenario scenario) {
    add(scenario);
    await("Envoy to have every host of " + scenario.folder())
        .atMost(START)
        .untilAsserted(() ->
            assertThat(hasAll(scenario)).as(() -> envoy.hosts().toString()).isTrue());
  }

  /** Gives a scenario's files to Envoy Gateway and Pointsman, without stubs. */
  public void install(Scenario scenario) {
    resources.install(scenario);
  }

  /** Takes a scenario's files away again; its stubs stay. */
  public void remove(Scenario scenario) {
    resources.remove(scenario);
  }

  /** Starts a scenario's model servers and pickers, without anybody knowing of them. */
  public void startStubs(Scenario scenario) {
    scenario.pods().forEach(pod -> pods.put(pod.name(), pod.address()));
    ModelServers models = running(() -> ModelServers.launch(scenario.pods(), folder, progress));
    List<PickerHandle> launched = new ArrayList<>();
    for (Scenario.Picker picker : scenario.pickers()) {
      progress.accept("starting endpoint picker: " + picker.service() + "=" + picker.address());
      launched.add(running(() -> PickerHandle.launch(picker, folder)));
      pickers.put(picker.service(), launched.getLast());
    }
    models.awaitReady();
    launched.forEach(PickerHandle::awaitReady);
  }

  private boolean hasAll(Scenario scenario) {
    if (!envoy.isSettled()) {
      return false;
    }
    List<EnvoyAdmin.Host> hosts = envoy.hosts();
    List<HostPort> wanted = new ArrayList<>();
    scenario.pickers().forEach(picker -> {
      wanted.add(picker.address());
      picker.endpoints().forEach(endpoint -> wanted.add(HostPort.parse(endpoint)));
    });
    return wanted.stream()
        .allMatch(address -> hosts.stream()
            .anyMatch(host ->
                host.address().equals(address.toString()) && host.flags().isEmpty()));
  }

  /** Made before the pickers start, which share it. */
  private void makeCertificate(Scenario scenario) {
    try {
      Authority.Issued made = Authority.selfSigned();
      made.writeTo(folder.resolve(CERTIFICATE));
      if (scenario.hasHttps()) {
        resources.install("rig-certificate.yaml", made.secret());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts something while nobody stops us, so that nothing is started that is not stopped. */
  private synchronized <T extends AutoCloseable> T running(Supplier<T> start) {
    if (closed) {
      throw new IllegalStateException("stopped while starting");
    }
    T part = start.get();
    running.add(part);
    return part;
  }

  /** Completes with a name when Pointsman or Envoy Gateway ends. */
  public CompletableFuture<String> ended() {
    return ended;
  }

  /** Envoy's admin port. */
  public EnvoyAdmin envoy() {
    return envoy;
  }

  /** The picker that plays a Service. */
  public PickerHandle picker(String service) {
    return Objects.requireNonNull(pickers.get(service), service);
  }

  /** The address of a pod. */
  public HostPort pod(String name) {
    return Objects.requireNonNull(pods.get(name), name);
  }

  /** Tells a pod something: {@code fault?status=503}, {@code release}, {@code count}. */
  public String tell(String podName, String what) {
    return Http.get("http://" + pod(podName) + "/stub/" + what).body();
  }

  /** A URL on one of the gateway's listeners. */
  public URI url(int listenerPort, String path) {
    return URI.create("http://127.0.0.1:" + listenerPort + path);
  }

  /** The certificate of pickers and HTTPS listeners. */
  public Authority.Issued certificate() throws IOException {
    return Authority.Issued.readFrom(folder.resolve(CERTIFICATE));
  }

  /** Files and logs of this run. */
  public Path folder() {
    return folder;
  }

  @Override
  public synchronized void close() {
    closed = true;
    stopAll();
  }

  private void stopAll() {
    for (AutoCloseable part : running.reversed()) {
      try {
        part.close();
      } catch (Exception e) {
        progress.accept("while stopping: " + e);
      }
    }
    running.clear();
  }
}
