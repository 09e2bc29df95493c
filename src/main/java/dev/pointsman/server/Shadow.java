package dev.pointsman.server;

import com.google.common.cache.CacheBuilder;
import com.google.common.cache.CacheLoader;
import com.google.common.cache.LoadingCache;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.extension.PostEndpointsModifyRequest;
import dev.pointsman.extension.PostRouteModifyRequest;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.hook.Hooks;
import dev.pointsman.hook.ShadowConnection;
import dev.pointsman.hook.TranslationResult;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.observe.ShadowMetrics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the translations of this build with those of the Pointsman that Envoy Gateway calls in between. Envoy Gateway
 * gets each resource back as it sent it; the comparison is made in the background, of the last translation of each
 * Gateway.
 */
final class Shadow implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Shadow.class);
  private static final int NAMED = 10;

  /** The largest number of Envoy Gateways. */
  private static final int PEERS = 100;

  private final ShadowMetrics metrics;
  private final BooleanSupplier ready;
  private final LoadingCache<String, EnvoyGateway> peers;
  private final ExecutorService thread = Executors.newSingleThreadExecutor(
      Thread.ofPlatform().daemon().name("shadow").priority(Thread.MIN_PRIORITY).factory());
  private final Map<Set<ObjectRef>, Comparison> waiting = new LinkedHashMap<>();
  private final LastDifferences last;

  /** The state of one Envoy Gateway, which makes one translation at a time. */
  private static final class EnvoyGateway {
    final ShadowConnection connection;
    private Optional<Callable<TranslationResult>> before = Optional.empty();

    EnvoyGateway(Hooks hooks) {
      connection = new ShadowConnection(hooks);
    }

    synchronized void before(PostTranslateModifyRequest request) {
      before = Optional.of(connection.translation(request));
    }

    synchronized Optional<Callable<TranslationResult>> takeBefore() {
      Optional<Callable<TranslationResult>> taken = before;
      before = Optional.empty();
      return taken;
    }
  }

  /** @param theirs the resources after the other Pointsman */
  private record Comparison(Callable<TranslationResult> own, PostTranslateModifyRequest theirs) {}

  /**
   * Without a comparison.
   *
   * @param ready whether the objects are read; translations before that are not compared
   * @param gone whether a Gateway is known to be absent
   */
  Shadow(Hooks hooks, ShadowMetrics metrics, BooleanSupplier ready, Predicate<ObjectRef> gone) {
    this.metrics = metrics;
    this.last = new LastDifferences(gone);
    metrics.differences(last::counts);
    this.ready = ready;
    peers = CacheBuilder.newBuilder()
        .maximumSize(PEERS)
        .build(CacheLoader.from(() -> new EnvoyGateway(hooks)));
  }

  /** A call of the Route hook before the other Pointsman. */
  void before(String peer, PostRouteModifyRequest request) {
    try {
      if (request.hasRoute()) {
        peers.getUnchecked(peer).connection.route(request);
      }
    } catch (InvalidProtocolBufferException unreadable) {
      LOG.debug("a route cannot be read", unreadable); // the translation has it, too
    }
  }

  /** A call of the Endpoints hook before the other Pointsman. */
  void before(String peer, PostEndpointsModifyRequest request) {
    peers.getUnchecked(peer).connection.endpoints(request);
  }

  /** A call of the Translation hook before the other Pointsman. */
  void before(String peer, PostTranslateModifyRequest request) {
    if (ready.getAsBoolean()) {
      peers.getUnchecked(peer).before(request);
    }
  }

  /** A call of the Translation hook after the other Pointsman. */
  void after(String peer, Set<ObjectRef> gateways, PostTranslateModifyRequest request) {
    Optional<Callable<TranslationResult>> own = peers.getUnchecked(peer).takeBefore();
    if (own.isEmpty()) {
      if (!ready.getAsBoolean()) {
        return;
      }
      metrics.failed();
      LOG.warn(
          "{} called the hooks after the other Pointsman and not before it: name both ports in extensionManagers, and run"
              + " one replica",
          peer);
      return;
    }
    synchronized (waiting) {
      if (waiting.put(gateways, new Comparison(own.get(), request)) != null) {
        return; // the last translation counts
      }
    }
    thread.execute(() -> compare(gateways));
  }

  private void compare(Set<ObjectRef> gateways) {
    Comparison comparison;
    synchronized (waiting) {
      comparison = waiting.remove(gateways);
    }
    if (comparison == null) {
      return;
    }
    try {
      report(
          gateways,
          ShadowDifferences.between(
              EchoHooks.echo(comparison.theirs()), comparison.own().call().response()));
    } catch (Exception | StackOverflowError e) {
      metrics.failed();
      LOG.error("internal error: the translation of {} cannot be compared", gateways, e);
    }
  }

  private void report(Set<ObjectRef> gateways, List<String> differences) {
    boolean isNew = last.put(gateways, differences);
    metrics.compared(differences.isEmpty());
    if (!isNew) {
      return;
    }
    List<String> names = LastDifferences.names(gateways);
    if (differences.isEmpty()) {
      LOG.info("Gateways {}: this build translates like the other Pointsman", names);
    } else {
      LOG.warn(
          "Gateways {}: this build translates {} resources in another way than the other Pointsman: {}",
          names,
          differences.size(),
          differences.stream().limit(NAMED).toList());
    }
  }

  @Override
  public void close() {
    var _ = thread.shutdownNow();
  }
}
