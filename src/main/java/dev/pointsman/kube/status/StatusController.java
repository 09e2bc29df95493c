package dev.pointsman.kube.status;

import dev.pointsman.kube.api.ApiAccess;
import dev.pointsman.kube.api.WatchedObjects;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.status.ObjectStatus;
import dev.pointsman.status.StatusInputs;
import dev.pointsman.status.StatusKind;
import dev.pointsman.status.StatusPlan;
import dev.pointsman.status.TranslationRequest;
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
 * Keeps the statuses of InferencePools and InferencePolicies as the watched objects ask for, and writes Events. On one
 * thread, some time after a change, so that many changes make one pass; what fails is tried again, later and later.
 */
public final class StatusController implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StatusController.class);

  /** The Lease that replicas share. */
  public static final String LEASE = "pointsman.dev-status";

  private static final Duration COALESCE = Duration.ofMillis(200);
  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration LAST_RETRY = Duration.ofMinutes(1);
  private static final Duration REQUEST_PAUSE = Duration.ofSeconds(1);

  /**
   * What the command line says.
   *
   * @param namespaces the only ones that are watched; empty: all
   * @param leaderElection whether other replicas may be there
   * @param leaseNamespace where the Lease is
   * @param requestNamespace where an InferencePolicy comes and goes at the start, so that Envoy Gateway translates again;
   *     empty: it is not asked to
   * @param instance the replica's name, such as the Pod's; no two replicas have the same
   */
  public record Settings(
      Set<String> namespaces,
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
  private final Optional<TranslationRequester> requester;
  private final Runnable disconnect;
  private final Semaphore changes = new Semaphore(0);
  private final Semaphore incomplete = new Semaphore(0);
  private volatile boolean closed;
  private @Nullable Thread thread;
  private @Nullable Thread requests;

  StatusController(
      Observation observation,
      Leadership leadership,
      StatusWriter writer,
      Optional<TranslationRequester> requester,
      Runnable disconnect) {
    this.observation = observation;
    this.leadership = leadership;
    this.writer = writer;
    this.requester = requester;
    this.disconnect = disconnect;
  }

  /**
   * What writes nothing until it is started.
   *
   * @param snapshots what the same source has made of the objects, for what it does not keep whole
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
        new Observation(settings.namespaces(), objects, snapshots),
        leadership,
        new StatusWriter(writes, leadership, settings.instance(), System::nanoTime),
        settings
            .requestNamespace()
            .map(namespace ->
                new TranslationRequester(writes, namespace, settings.instance(), REQUEST_PAUSE)),
        api::close);
  }

  /** Starts to write, now and after each change; to be called once this replica serves. */
  public synchronized void start() {
    thread = Thread.ofPlatform().daemon().name("statuses").start(this::run);
    observation.objects().onChange(changes::release);
    leadership.start(changes::release);
    requester.ifPresent(one -> requests =
        Thread.ofPlatform().daemon().name("translation-request").start(() -> request(one)));
  }

  /**
   * Asks Envoy Gateway for a new translation, because one was not told all; soon, and once for all that ask until then.
   * It does nothing where Envoy Gateway is not asked at the start either.
   */
  public void translateAgain() {
    incomplete.release();
  }

  /** Runs on each replica, also without leadership: no other one knows that this one has started or was not told. */
  private void request(TranslationRequester requester) {
    try {
      askUntilAsked(requester, TranslationRequest.Cause.STARTED);
      while (!closed) {
        incomplete.acquire();
        Thread.sleep(COALESCE);
        incomplete.drainPermits();
        askUntilAsked(requester, TranslationRequest.Cause.UNTOLD);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void askUntilAsked(TranslationRequester requester, TranslationRequest.Cause cause)
      throws InterruptedException {
    Duration retry = FIRST_RETRY;
    while (!closed && !asked(requester, cause)) {
      Thread.sleep(retry);
      retry = longer(retry);
    }
  }

  private boolean asked(TranslationRequester requester, TranslationRequest.Cause cause)
      throws InterruptedException {
    try {
      return observation.objects().synced() && requester.ask(observation.now(), cause);
    } catch (RuntimeException e) {
      LOG.error("a bug of ours: Envoy Gateway is not asked to translate again; trying again", e);
      return false;
    }
  }

  private static Duration longer(Duration retry) {
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
      LOG.error("statuses cannot be computed or written; trying again", e);
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

  /** Ends what is being written and gives the Lease to another replica. */
  @Override
  public synchronized void close() {
    closed = true;
    leadership.resign();
    changes.release();
    if (requests != null) {
      requests.interrupt(); // it may pause
    }
    end(requests);
    end(thread);
    leadership.close();
    disconnect.run();
  }

  private static void end(@Nullable Thread thread) {
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
