package dev.pointsman.rig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.config.HostPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionTimeoutException;

/**
 * An Envoy Gateway in standalone mode with an Envoy for each Gateway, with Pointsman or without it. Pods and pickers are
 * the caller's. One at a time in a network namespace: the ports are fixed.
 */
public final class Standalone implements AutoCloseable {
  private static final Duration SOON = Duration.ofMinutes(10);
  private static final String STOCK = """
      apiVersion: gateway.envoyproxy.io/v1alpha1
      kind: EnvoyGateway
      """;
  private static final Pattern WITHHELD =
      Pattern.compile("(?m)^((?:xds_nack_total|xds_snapshot_update_total\\{.*status=\"failure\"|"
          + "watchable_subscribe_total\\{.*runner=\"xds.*status=\"failure\").* (\\d+))$");

  private final ResourceFolders resources;
  private final List<AutoCloseable> running;
  private final EnvoyGateway gateway;
  private final Map<String, EnvoyAdmin> envoys;

  private Standalone(
      ResourceFolders resources, List<AutoCloseable> running, EnvoyGateway gateway, int gateways) {
    this.resources = resources;
    this.running = running;
    this.gateway = gateway;
    this.envoys = gateway.awaitEnvoys(gateways).stream()
        .collect(Collectors.toMap(EnvoyAdmin::gateway, envoy -> envoy));
  }

  /**
   * Starts it and waits for the Envoys' admin ports.
   *
   * @param folder for files and logs
   * @param gateways how many Gateways the objects have
   * @param settings more of Envoy Gateway's configuration, as YAML
   * @param objects the first ones for Envoy Gateway, a Gateway among them, and those for Pointsman
   */
  public static Standalone start(
      Parts parts,
      Path folder,
      boolean withPointsman,
      String settings,
      int gateways,
      Objects objects) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    awaitPorts();
    ResourceFolders resources = new ResourceFolders(folder);
    objects.installIn(resources);
    List<AutoCloseable> running = new ArrayList<>();
    try {
      String base = STOCK;
      if (withPointsman) {
        PointsmanServer pointsman = PointsmanServer.start(parts, folder, resources.cluster());
        running.add(pointsman);
        base = STOCK + PointsmanServer.gatewayConfig(parts, folder) + "\n";
        pointsman.awaitReady();
      }
      EnvoyGateway gateway =
          EnvoyGateway.start(parts, folder, base + settings, resources.gateway());
      running.add(gateway);
      return new Standalone(resources, running, gateway, gateways);
    } catch (RuntimeException | Error e) {
      stop(running);
      throw e;
    }
  }

  /** Ports of a process that ended just now may be held for a moment. */
  private static void awaitPorts() {
    Ports ports = new Ports();
    EnvoyGateway.FIXED_PORTS.forEach(port -> ports.need(port, "Envoy Gateway"));
    PointsmanServer.ADDRESSES.forEach(address -> ports.need(address, "Pointsman"));
    try {
      await().atMost(Duration.ofSeconds(20)).until(() -> ports.taken().isEmpty());
    } catch (ConditionTimeoutException e) {
      throw new PortTakenException(ports.taken());
    }
  }

  /**
   * Objects as YAML.
   *
   * @param gateway for Envoy Gateway
   * @param cluster for Pointsman
   */
  public record Objects(String gateway, String cluster) {
    private void installIn(ResourceFolders resources) {
      resources.installForPointsman("objects.yaml", cluster);
      resources.install("objects.yaml", gateway);
    }
  }

  /** Replaces all objects. */
  public void replace(Objects objects) {
    objects.installIn(resources);
  }

  /**
   * Waits until the Envoy of a Gateway serves with what it was sent, and these hosts are healthy somewhere in it.
   *
   * @param name namespace and name of the Gateway
   */
  public void awaitHosts(String name, Set<HostPort> wanted) {
    EnvoyAdmin envoy = java.util.Objects.requireNonNull(envoys.get(name), name);
    await("Envoy to have its hosts").atMost(SOON).untilAsserted(() -> {
      assertThat(envoy.isSettled()).as(gateway::tail).isTrue();
      assertThat(healthy(envoy)).as(gateway::tail).containsAll(strings(wanted));
    });
  }

  private static Set<String> strings(Set<HostPort> addresses) {
    return addresses.stream().map(HostPort::toString).collect(Collectors.toSet());
  }

  private static Set<String> healthy(EnvoyAdmin envoy) {
    return envoy.hosts().stream()
        .filter(host -> host.flags().isEmpty())
        .map(EnvoyAdmin.Host::address)
        .collect(Collectors.toSet());
  }

  /** Counters of all Envoys for updates that they refused, by name, where there is one. */
  public Map<String, Long> rejectedUpdates() {
    Map<String, Long> rejected = new TreeMap<>();
    envoys.forEach((name, envoy) -> envoy.stats("update_rejected").forEach((counter, count) -> {
      if (count > 0) {
        rejected.put(name + " " + counter, count);
      }
    }));
    return rejected;
  }

  /** Lines of Envoy Gateway's metrics that count snapshots which it withheld or which Envoy refused. */
  public List<String> withheldSnapshots() {
    return WITHHELD
        .matcher(Http.get("http://127.0.0.1:19001/metrics").body())
        .results()
        .filter(line -> !line.group(2).equals("0"))
        .map(line -> line.group(1))
        .toList();
  }

  @Override
  public void close() {
    stop(running);
  }

  private static void stop(List<AutoCloseable> running) {
    for (AutoCloseable part : running.reversed()) {
      try {
        part.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
    running.clear();
  }
}
