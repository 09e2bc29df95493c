package dev.pointsman.kube.status;

import dev.pointsman.kube.HttpRouteParser;
import dev.pointsman.kube.ReferenceGrantParser;
import dev.pointsman.kube.ServiceParser;
import dev.pointsman.kube.api.ApiAccess;
import dev.pointsman.kube.api.Kind;
import dev.pointsman.kube.api.WatchedObjects;
import dev.pointsman.model.ClusterObjects;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Parsed;
import dev.pointsman.model.PoolParser;
import dev.pointsman.status.ObjectStatus;
import dev.pointsman.status.Observed;
import dev.pointsman.status.StatusKind;
import dev.pointsman.status.StatusPlan;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Keeps the statuses of InferencePools and InferencePolicies as the watched objects ask for, and writes Events. On one
 * thread, some time after a change, so that many changes make one pass; what fails is tried again, later and later.
 */
public final class Statuses implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Statuses.class);

  /** The Lease that replicas share. */
  public static final String LEASE = "pointsman.dev-status";

  private static final Duration COALESCE = Duration.ofMillis(200);
  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration LAST_RETRY = Duration.ofMinutes(1);

  /**
   * What the command line says.
   *
   * @param namespaces the only ones that are watched; empty: all
   * @param leaderElection whether other replicas may be there
   * @param leaseNamespace where the Lease is
   * @param instance the replica's name, such as the Pod's; no two replicas have the same
   */
  public record Settings(
      Set<String> namespaces, boolean leaderElection, String leaseNamespace, String instance) {
    public Settings {
      namespaces = Set.copyOf(namespaces);
    }
  }

  private final Set<String> namespaces;
  private final WatchedObjects objects;
  private final Supplier<ClusterSnapshot> snapshots;
  private final Leadership leadership;
  private final StatusWriter writer;
  private final Runnable disconnect;
  private final Semaphore changes = new Semaphore(0);
  private volatile boolean closed;
  private @Nullable Thread thread;

  Statuses(
      Set<String> namespaces,
      WatchedObjects objects,
      Supplier<ClusterSnapshot> snapshots,
      Leadership leadership,
      StatusWriter writer,
      Runnable disconnect) {
    this.disconnect = disconnect;
    this.namespaces = namespaces;
    this.objects = objects;
    this.snapshots = snapshots;
    this.leadership = leadership;
    this.writer = writer;
  }

  /**
   * What writes nothing until it is started.
   *
   * @param snapshots what the same source has made of the objects, for what it does not keep whole
   */
  public static Statuses of(
      Settings settings,
      ApiAccess access,
      WatchedObjects objects,
      Supplier<ClusterSnapshot> snapshots,
      WriteMetrics metrics) {
    RawWriteApi api = new RawWriteApi(access.config());
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
    return new Statuses(
        settings.namespaces(),
        objects,
        snapshots,
        leadership,
        new StatusWriter(
            api, leadership, metrics, settings.instance(), Clock.systemUTC(), System::nanoTime),
        api::close);
  }

  /** Starts to write, now and after each change. */
  public synchronized void start() {
    thread = Thread.ofPlatform().daemon().name("statuses").start(this::run);
    objects.onChange(changes::release);
    leadership.start(changes::release);
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
          retry =
              retry.multipliedBy(2).compareTo(LAST_RETRY) < 0 ? retry.multipliedBy(2) : LAST_RETRY;
        } else {
          retry = FIRST_RETRY;
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private StatusWriter.Rest pass() throws InterruptedException {
    if (closed || !objects.synced() || !leadership.holds()) {
      return StatusWriter.Rest.NOTHING;
    }
    try {
      Observed observed = observe();
      return writer.write(StatusPlan.of(observed), byKey(observed));
    } catch (RuntimeException e) {
      LOG.error("statuses cannot be computed or written; trying again", e);
      return StatusWriter.Rest.FAILED;
    }
  }

  private Observed observe() {
    List<JsonNode> pools = new ArrayList<>(objects.all(Kind.POOL));
    pools.addAll(objects.all(Kind.ALPHA_POOL));
    List<JsonNode> routes = objects.all(Kind.HTTP_ROUTE);
    List<JsonNode> services = objects.all(Kind.SERVICE);
    ClusterObjects known = new ClusterObjects();
    take(pools, PoolParser::parse, known::add);
    take(routes, HttpRouteParser::parse, known::add);
    take(services, ServiceParser::parse, known::add);
    take(objects.all(Kind.REFERENCE_GRANT), ReferenceGrantParser::parse, known::add);
    return new Observed(
        withCertificates(known.snapshot(), snapshots.get()),
        namespaces,
        pools,
        routes,
        objects.all(Kind.GATEWAY),
        services,
        objects.all(Kind.POLICY));
  }

  private static <T> void take(
      List<JsonNode> objects, Function<JsonNode, Parsed<T>> parser, Consumer<T> sink) {
    for (JsonNode object : objects) {
      if (parser.apply(object) instanceof Parsed.Valid<T>(T value, var _)) {
        sink.accept(value);
      }
    }
  }

  /** The certificates that policies name are not kept whole. */
  private static ClusterSnapshot withCertificates(ClusterSnapshot known, ClusterSnapshot source) {
    return new ClusterSnapshot(
        true,
        known.pools(),
        known.pods(),
        known.services(),
        known.slices(),
        known.routes(),
        known.models(),
        known.adapters(),
        known.grants(),
        source.caCertificates());
  }

  private static Map<ObjectStatus.Key, JsonNode> byKey(Observed observed) {
    Map<ObjectStatus.Key, JsonNode> byKey = new HashMap<>();
    for (List<JsonNode> list : List.of(observed.pools(), observed.policies())) {
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
    if (thread != null) {
      try {
        thread.join(RawWriteApi.TIMEOUT.multipliedBy(2));
        thread.interrupt();
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
    }
    leadership.close();
    disconnect.run();
  }
}
