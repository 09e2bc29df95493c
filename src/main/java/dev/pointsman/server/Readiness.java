package dev.pointsman.server;

import dev.pointsman.model.SourceState;
import io.grpc.BindableService;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The readiness of the server: it serves when the objects are synced and the code is warm, until it drains. */
public final class Readiness {
  /** The requirements of readiness. */
  public enum Requirement {
    /** Every port listens. */
    LISTENING,
    /** The source has synced. */
    SYNCED,
    /** The hooks have run a translation: the first one on cold code takes a second. */
    WARMED_UP
  }

  /**
   * The state of readiness.
   *
   * @param missing requirements that are not met yet
   * @param lastCall the time of Envoy Gateway's last call; before the first one a server is ready, for only ready ones
   *     are called
   */
  record Report(
      Set<Requirement> missing, boolean draining, SourceState source, Optional<Instant> lastCall) {
    boolean ready() {
      return missing.isEmpty() && !draining;
    }

    /** The report as text: the first line is the state, the others have the details. */
    String text() {
      List<String> lines = new ArrayList<>();
      lines.add(ready() ? "ok" : draining ? "draining" : "not yet ready");
      requirements().forEach(requirement -> lines.add("waiting for: " + requirement));
      if (!source.unread().isEmpty()) {
        lines.add("not read yet: " + String.join(", ", unread()));
      }
      source
          .disconnectedSince()
          .ifPresent(since ->
              lines.add("source disconnected since " + since.truncatedTo(ChronoUnit.SECONDS)
                  + (missing.contains(Requirement.SYNCED) ? "" : ": serving the last snapshot")));
      lines.addAll(source.problems());
      if (ready() && lastCall.isEmpty()) {
        lines.add(
            "Envoy Gateway has not called this replica: it calls one of several, while there are HTTPRoutes with"
                + " pools and its configuration has extensionManager (pointsman gateway-config)");
      }
      return String.join("\n", lines);
    }

    /** The report as JSON. */
    String json() {
      ObjectNode json = JsonMapper.shared().createObjectNode();
      json.put("ready", ready());
      json.put("draining", draining);
      json.putPOJO("waitingFor", requirements());
      json.putPOJO("unread", unread());
      json.putPOJO("problems", source.problems());
      source
          .disconnectedSince()
          .ifPresent(since -> json.put("sourceDisconnectedSince", since.toString()));
      lastCall.ifPresent(
          at -> json.put("lastCall", at.truncatedTo(ChronoUnit.SECONDS).toString()));
      return json.toString();
    }

    private List<String> requirements() {
      return missing.stream()
          .sorted()
          .map(one -> one.name().toLowerCase(Locale.ROOT))
          .toList();
    }

    private List<String> unread() {
      return source.unread().stream().sorted().toList();
    }
  }

  private final List<String> services;
  private final HealthStatusManager health = new HealthStatusManager();
  private final Set<Requirement> missing = EnumSet.allOf(Requirement.class);
  private final CountDownLatch decided = new CountDownLatch(1);
  private boolean draining;

  /** Creates it in the state not ready. gRPC health reports these services and the server as a whole. */
  Readiness(List<String> services) {
    this.services = List.copyOf(services);
    setHealth(ServingStatus.NOT_SERVING);
  }

  /** The gRPC health service, which reports readiness. */
  BindableService health() {
    return health.getHealthService();
  }

  /** Records that a requirement is met. */
  synchronized void met(Requirement requirement) {
    if (missing.remove(requirement) && missing.isEmpty() && !draining) {
      setHealth(ServingStatus.SERVING);
      decided.countDown();
    }
  }

  /** Sets the state draining for good. */
  synchronized void drain() {
    if (draining) {
      return;
    }
    draining = true;
    health.enterTerminalState();
    decided.countDown();
  }

  /** Waits until the server is ready or drains; returns whether it is ready. */
  boolean awaitReady() throws InterruptedException {
    decided.await();
    return isReady();
  }

  /** Waits as {@link #awaitReady()}, at most for the seconds. */
  boolean awaitReady(long seconds) throws InterruptedException {
    return decided.await(seconds, TimeUnit.SECONDS) && isReady();
  }

  /**
   * Waits until calls are served or rejected; returns whether they are served. A draining server still serves calls if
   * it was ready before.
   */
  boolean awaitServing() throws InterruptedException {
    decided.await();
    synchronized (this) {
      return missing.isEmpty();
    }
  }

  /** Whether {@link #awaitServing} returns at once. */
  boolean isDecided() {
    return decided.getCount() == 0;
  }

  synchronized boolean isReady() {
    return missing.isEmpty() && !draining;
  }

  /** The present state. */
  synchronized Report report(SourceState source, Optional<Instant> lastCall) {
    return new Report(Set.copyOf(missing), draining, source, lastCall);
  }

  private void setHealth(ServingStatus status) {
    health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
    services.forEach(service -> health.setStatus(service, status));
  }
}
