package dev.pointsman.kube.status;

import dev.pointsman.kube.status.WriteApi.WriteFailure;
import dev.pointsman.kube.status.WriteApi.WriteResult;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Leadership by a Lease ({@code coordination.k8s.io/v1}), as in other controllers. The holder renews it. Another
 * replica takes it when it has seen no renewal for the duration of the lease, measured by its own clock since the last
 * renewal that it saw.
 */
final class LeaderElection implements Leadership {
  private static final Logger LOG = LoggerFactory.getLogger(LeaderElection.class);
  private static final DateTimeFormatter MICRO_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  /**
   * The intervals of the election.
   *
   * @param lease the time without a renewal after which another replica may take the lease
   * @param renew the time that a holder may write after its last renewal: shorter than the lease by more than the
   *     duration of a write
   * @param retry the interval of renewals and of attempts
   */
  record Timing(Duration lease, Duration renew, Duration retry) {
    static final Timing DEFAULT =
        new Timing(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(2));
  }

  private final WriteApi api;
  private final String namespace;
  private final String name;
  private final String identity;
  private final Timing timing;
  private final WriteMetrics metrics;
  private final LongSupplier nanos;
  private final CountDownLatch closed = new CountDownLatch(1);

  /** The start of the last successful renewal; valid only while held. */
  private volatile long renewedAt;

  private volatile boolean held;
  private boolean reported;
  private String seenVersion = "";
  private long seenAt;
  private @Nullable Thread thread;

  /**
   * An election that is not started.
   *
   * @param name the name of the Lease
   * @param identity unique among replicas
   * @param nanos a monotonic clock
   */
  LeaderElection(
      WriteApi api,
      String namespace,
      String name,
      String identity,
      Timing timing,
      WriteMetrics metrics,
      LongSupplier nanos) {
    this.api = api;
    this.namespace = namespace;
    this.name = name;
    this.identity = identity;
    this.timing = timing;
    this.metrics = metrics;
    this.nanos = nanos;
  }

  @Override
  public boolean holds() {
    return held && closed.getCount() > 0 && !hasEnded(renewedAt);
  }

  /** Whether the time for writes after a renewal has ended. */
  private boolean hasEnded(long renewal) {
    return nanos.getAsLong() - renewal >= timing.renew().toNanos();
  }

  @Override
  public synchronized void start(Runnable gained) {
    metrics.leads(false);
    thread = Thread.ofPlatform().daemon().name("leader-election").start(() -> run(gained));
  }

  private void run(Runnable gained) {
    try {
      do {
        attempt(gained);
      } while (!closed.await(pause(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** The delay before the next attempt; jitter separates the replicas that wait. */
  private long pause() {
    long retry = timing.retry().toMillis();
    return held ? retry : retry + ThreadLocalRandom.current().nextLong(retry / 4 + 1);
  }

  /** Reads the Lease and renews it or tries to take it. */
  void attempt(Runnable gained) {
    report(holds(), () -> {}); // the lease may have expired since the last attempt
    long start = nanos.getAsLong();
    try {
      if (acquire()) {
        long before = renewedAt;
        renewedAt = start;
        held = true;
        if (hasEnded(before)) {
          report(false, () -> {}); // during the call: a pass may have found no leadership
        }
      } else {
        held = false;
      }
    } catch (WriteFailure e) {
      metrics.failed();
      LOG.warn("the Lease {}/{} cannot be read or renewed: {}", namespace, name, e.getMessage());
    } catch (RuntimeException e) {
      // The thread must survive: without it the loss of the lease would not be reported.
      metrics.failed();
      LOG.error("internal error: the Lease {}/{} is not renewed; retrying", namespace, name, e);
    }
    report(holds(), gained);
  }

  private void report(boolean leads, Runnable gained) {
    if (leads != reported) {
      reported = leads;
      metrics.leads(leads);
      LOG.info(leads ? "this replica writes statuses" : "this replica no longer writes statuses");
      if (leads) {
        gained.run();
      }
    }
  }

  private boolean acquire() {
    Optional<JsonNode> found = api.get(path() + "/" + name);
    if (found.isEmpty()) {
      ObjectNode lease = JsonMapper.shared().createObjectNode();
      lease.put("apiVersion", "coordination.k8s.io/v1").put("kind", "Lease");
      lease.putObject("metadata").put("name", name).put("namespace", namespace);
      return switch (api.create(path(), held(lease, true, 0))) {
        case WriteResult.Done _ -> true;
        case WriteResult.Conflict _ -> false;
        case WriteResult.Gone _ ->
          throw new WriteFailure(
              404, "there is no namespace " + namespace, new IllegalStateException("404"));
      };
    }
    JsonNode lease = found.get();
    String holder = lease.path("spec").path("holderIdentity").asString("");
    if (!holder.equals(identity) && !holder.isEmpty() && !hasExpired(lease)) {
      return false;
    }
    boolean taken = !holder.equals(identity);
    int transitions = lease.path("spec").path("leaseTransitions").asInt(0) + (taken ? 1 : 0);
    return api.replace(path() + "/" + name, held((ObjectNode) lease.deepCopy(), taken, transitions))
        instanceof WriteResult.Done;
  }

  /** Whether the lease has expired, by the local clock. */
  private boolean hasExpired(JsonNode lease) {
    String version = lease.path("metadata").path("resourceVersion").asString("");
    long now = nanos.getAsLong();
    if (!version.equals(seenVersion)) {
      seenVersion = version;
      seenAt = now;
    }
    long seconds = Math.max(
        timing.lease().toSeconds(),
        lease.path("spec").path("leaseDurationSeconds").asLong(0));
    return now - seenAt >= TimeUnit.SECONDS.toNanos(seconds);
  }

  private ObjectNode held(ObjectNode lease, boolean taken, int transitions) {
    String now = MICRO_TIME.format(Instant.now());
    ObjectNode spec = lease.withObject("spec");
    spec.put("holderIdentity", identity)
        .put("leaseDurationSeconds", (int) Math.max(1, timing.lease().toSeconds()))
        .put("renewTime", now)
        .put("leaseTransitions", transitions);
    if (taken) {
      spec.put("acquireTime", now);
    }
    return lease;
  }

  private String path() {
    return "/apis/coordination.k8s.io/v1/namespaces/" + namespace + "/leases";
  }

  @Override
  public void resign() {
    closed.countDown();
  }

  @Override
  public synchronized void close() {
    resign();
    if (thread != null) {
      try {
        thread.join(RawWriteApi.TIMEOUT.multipliedBy(2)); // a running attempt could take it again
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
    }
    if (held) {
      held = false;
      release();
      metrics.leads(false);
    }
  }

  private void release() {
    try {
      Optional<JsonNode> lease = api.get(path() + "/" + name)
          .filter(one -> one.path("spec").path("holderIdentity").asString("").equals(identity));
      if (lease.isPresent()) {
        ObjectNode free = (ObjectNode) lease.get().deepCopy();
        free.withObject("spec").remove("holderIdentity");
        WriteResult _ = api.replace(path() + "/" + name, free);
      }
    } catch (RuntimeException e) {
      LOG.warn(
          "the Lease {}/{} is not released; it will expire: {}",
          namespace,
          name,
          String.valueOf(e.getMessage()));
    }
  }
}
