package dev.pointsman.kube.status;

import dev.pointsman.kube.api.ApiAccess;
import dev.pointsman.kube.api.WatchedObjects;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.TranslationDemand;
import dev.pointsman.status.ObjectStatus;
import dev.pointsman.status.StatusInputs;
import dev.pointsman.status.StatusKind;
import dev.pointsman.status.StatusPlan;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Keeps the statuses of InferencePools and InferencePolicies up to date with the watched objects, and writes Events.
 * One thread makes a pass some time after a change, which covers further changes. Failed writes are retried with
 * backoff.
 */
public final class StatusController implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StatusController.class);

  /** The Lease that replicas share. */
  public static final String LEASE = "pointsman.dev-status";

  /** The delay after a change, to coalesce further changes. */
  static final Duration COALESCE = Duration.ofMillis(200);

  static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration LAST_RETRY = Duration.ofMinutes(1);
  private static final Duration REQUEST_PAUSE = Duration.ofSeconds(1);

  /**
   * The settings from the command line.
   *
   * @param namespaces the watched namespaces; empty: all
   * @param classPolicies the namespace whose InferencePolicies may target a GatewayClass
   * @param leaderElection whether there may be other replicas
   * @param leaseNamespace the namespace of the Lease
   * @param requestNamespace the namespace of the InferencePolicy that is created and deleted at the start to request a
   *     new translation; empty: no request
   * @param instance the replica's unique name, such as the Pod's name
   */
  public record Settings(
      Set<String> namespaces,
      String classPolicies,
      boolean leaderElection,
      String leaseNamespace,
      Optional<String> requestNamespace,
      String instance) {
    public Settings {
      namespaces = Set.copyOf(namespaces);
    }
  }

  private final Observation observation;
  private final Leadership leadership;
  private final StatusWriter writer;
  private final Optional<TranslationRequests> requests;
  private final Runnable disconnect;
  private final Semaphore changes = new Semaphore(0);
  private volatile boolean closed;
  private @Nullable Thread thread;

  StatusController(
      Observation observation,
      Leadership leadership,
      StatusWriter writer,
      Optional<TranslationRequester> requester,
      Runnable disconnect) {
    this.observation = observation;
    this.leadership = leadership;
    this.writer = writer;
    this.requests = requester.map(one -> new TranslationRequests(observation, one));
    this.disconnect = disconnect;
  }

  /**
   * A controller that is not started.
   *
   * @param snapshots snapshots of the same source, for the objects that it does not keep whole
   */
  public static StatusController of(
      Settings settings,
      ApiAccess access,
      WatchedObjects objects,
      Supplier<ClusterSnapshot> snapshots,
      WriteMetrics metrics) {
    RawWriteApi api = new RawWriteApi(access.config());
    OptimisticWrites writes = new OptimisticWrites(api, metrics, Clock.systemUTC());
    Leadership leadership = settings.leaderElection()
        ? new LeaderElection(
            api,
            settings.leaseNamespace(),
            LEASE,
            settings.instance(),
            LeaderElection.Timing.DEFAULT,
            metrics,
            System::nanoTime)
        : new Leadership.Alone(metrics);
    return new StatusController(
        new Observation(settings.namespaces(), settings.classPolicies(), objects, snapshots),
        leadership,
        new StatusWriter(writes, leadership, settings.instance(), System::nanoTime),
        settings
            .requestNamespace()
            .map(namespace ->
                new TranslationRequester(writes, namespace, settings.instance(), REQUEST_PAUSE)),
        api::close);
  }

  /** Starts to write, now and after each change. Call it when this replica serves. */
  public synchronized void start() {
    thread = Thread.ofPlatform().daemon().name("statuses").start(this::run);
    observation.objects().onChange(changes::release);
    leadership.start(changes::release);
    requests.ifPresent(TranslationRequests::start);
  }

  /**
   * Requests a new translation from Envoy Gateway. Requests are coalesced, and repeated ones delayed. Without a request
   * namespace this has no effect.
   */
  public void translateAgain(TranslationDemand demand) {
    requests.ifPresent(one -> one.request(demand));
  }

  /** The next backoff after another failure. */
  static Duration longer(Duration retry) {
    Duration doubled = retry.multipliedBy(2);
    return doubled.compareTo(LAST_RETRY) < 0 ? doubled : LAST_RETRY;
  }

  private void run() {
    Duration retry = FIRST_RETRY;
    long waitNanos = Long.MAX_VALUE;
    try {
      while (!closed) {
        boolean _ = changes.tryAcquire(waitNanos, TimeUnit.NANOSECONDS);
        Thread.sleep(COALESCE);
        changes.drainPermits();
        StatusWriter.Rest rest = pass();
        waitNanos = rest.waitNanos() > 0 ? rest.waitNanos() : Long.MAX_VALUE;
        if (rest.failed()) {
          waitNanos = Math.min(waitNanos, retry.toNanos());
          retry = longer(retry);
        } else {
          retry = FIRST_RETRY;
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private StatusWriter.Rest pass() throws InterruptedException {
    if (closed || !observation.objects().synced() || !leadership.holds()) {
      return StatusWriter.Rest.NOTHING;
    }
    try {
      StatusInputs inputs = observation.now();
      return writer.write(StatusPlan.of(inputs), byKey(inputs));
    } catch (RuntimeException e) {
      LOG.error("statuses cannot be computed or written; retrying", e);
      return StatusWriter.Rest.FAILED;
    }
  }

  private static Map<ObjectStatus.Key, JsonNode> byKey(StatusInputs inputs) {
    Map<ObjectStatus.Key, JsonNode> byKey = new HashMap<>();
    for (List<JsonNode> list : List.of(inputs.pools(), inputs.policies())) {
      for (JsonNode object : list) {
        StatusKind.of(object.path("apiVersion").asString(""))
            .ifPresent(kind -> byKey.put(
                new ObjectStatus.Key(
                    kind,
                    object.path("metadata").path("namespace").asString("default"),
                    object.path("metadata").path("name").asString("")),
                object));
      }
    }
    return byKey;
  }

  /** Finishes the running writes and releases the Lease. Only {@link #requestLast} writes afterwards. */
  public synchronized void resign() {
    if (closed) {
      return;
    }
    closed = true;
    leadership.resign();
    changes.release();
    requests.ifPresent(TranslationRequests::close);
    end(thread);
    leadership.close();
  }

  /**
   * Requests a new translation from Envoy Gateway as the last action, and waits until it is requested. Envoy Gateway would
   * keep this replica's translation until an object changes, also if the replicas that stay have other settings.
   */
  public synchronized void requestLast() {
    resign();
    requests.ifPresent(TranslationRequests::requestLast);
  }

  @Override
  public synchronized void close() {
    resign();
    disconnect.run();
  }

  /** Waits until a thread has ended, at most for the timeout of its calls. */
  static void end(@Nullable Thread thread) {
    if (thread != null) {
      try {
        thread.join(RawWriteApi.TIMEOUT.multipliedBy(2));
        thread.interrupt();
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
