package dev.pointsman.server;

import dev.pointsman.model.SourceState;
import io.grpc.BindableService;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Whether we serve: not before the objects are read and the code is warm, and not any more once we drain. */
public final class Readiness {
  /** What must have happened before we serve. */
  public enum Condition {
    /** Every port listens. */
    LISTENING,
    /** The source has read everything once. */
    SYNCED,
    /** The hooks have translated something: a first translation on cold code takes a second. */
    WARMED_UP
  }

  /**
   * Whether we serve and, if not, what we wait for.
   *
   * @param missing conditions that are not met yet
   */
  record Report(Set<Condition> missing, boolean draining, SourceState source) {
    boolean ready() {
      return missing.isEmpty() && !draining;
    }

    /** For people: the first line is the answer, the others tell why. */
    String text() {
      List<String> lines = new ArrayList<>();
      lines.add(ready() ? "ok" : draining ? "draining" : "not yet ready");
      conditions().forEach(condition -> lines.add("waiting for: " + condition));
      if (!source.unread().isEmpty()) {
        lines.add("not read yet: " + String.join(", ", unread()));
      }
      source
          .disconnectedSince()
          .ifPresent(since ->
              lines.add("source disconnected since " + since.truncatedTo(ChronoUnit.SECONDS)
                  + (missing.contains(Condition.SYNCED) ? "" : ": serving what was read before")));
      lines.addAll(source.problems());
      return String.join("\n", lines);
    }

    /** For programs. */
    String json() {
      ObjectNode json = JsonMapper.shared().createObjectNode();
      json.put("ready", ready());
      json.put("draining", draining);
      json.putPOJO("waitingFor", conditions());
      json.putPOJO("unread", unread());
      json.putPOJO("problems", source.problems());
      source
          .disconnectedSince()
          .ifPresent(since -> json.put("sourceDisconnectedSince", since.toString()));
      return json.toString();
    }

    private List<String> conditions() {
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
  private final Set<Condition> missing = EnumSet.allOf(Condition.class);
  private final CountDownLatch decided = new CountDownLatch(1);
  private boolean draining;

  /** Not ready; gRPC health will answer for these services and for the server as a whole. */
  Readiness(List<String> services) {
    this.services = List.copyOf(services);
    setHealth(ServingStatus.NOT_SERVING);
  }

  /** The gRPC health service. */
  BindableService health() {
    return health.getHealthService();
  }

  /** A condition is met. */
  synchronized void met(Condition condition) {
    if (missing.remove(condition) && missing.isEmpty() && !draining) {
      setHealth(ServingStatus.SERVING);
      decided.countDown();
    }
  }

  /** We stop serving, for ever. */
  synchronized void drain() {
    if (draining) {
      return;
    }
    draining = true;
    health.enterTerminalState();
    decided.countDown();
  }

  /** Waits until we serve or drain, and tells whether we serve. */
  boolean awaitReady() throws InterruptedException {
    decided.await();
    return isReady();
  }

  /** The same, no longer than so many seconds. */
  boolean awaitReady(long seconds) throws InterruptedException {
    return decided.await(seconds, TimeUnit.SECONDS) && isReady();
  }

  /**
   * Waits until calls can be answered, and tells whether they can: while we drain, those that still come are, unless we
   * were never ready.
   */
  boolean awaitServing() throws InterruptedException {
    decided.await();
    synchronized (this) {
      return missing.isEmpty();
    }
  }

  /** Whether nobody has to wait any more, as {@link #awaitServing} does. */
  boolean isDecided() {
    return decided.getCount() == 0;
  }

  synchronized boolean isReady() {
    return missing.isEmpty() && !draining;
  }

  /** How it stands. */
  synchronized Report report(SourceState source) {
    return new Report(Set.copyOf(missing), draining, source);
  }

  private void setHealth(ServingStatus status) {
    health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
    services.forEach(service -> health.setStatus(service, status));
  }
}
