package dev.pointsman.server;

import io.grpc.BindableService;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

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

  synchronized boolean isReady() {
    return missing.isEmpty() && !draining;
  }

  /** Why we do not serve, or that we do. */
  synchronized String said() {
    if (draining) {
      return "draining";
    }
    return missing.isEmpty() ? "ok" : "not yet " + missing.toString().toLowerCase(Locale.ROOT);
  }

  private void setHealth(ServingStatus status) {
    health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
    services.forEach(service -> health.setStatus(service, status));
  }
}
