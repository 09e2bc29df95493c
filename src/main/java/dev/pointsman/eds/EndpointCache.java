package dev.pointsman.eds;

import com.google.common.collect.Sets;
import dev.pointsman.model.Endpoint;
import dev.pointsman.model.UserStrings;
import io.envoyproxy.controlplane.cache.ConfigWatcher;
import io.envoyproxy.controlplane.cache.DeltaResponse;
import io.envoyproxy.controlplane.cache.DeltaWatch;
import io.envoyproxy.controlplane.cache.DeltaXdsRequest;
import io.envoyproxy.controlplane.cache.Response;
import io.envoyproxy.controlplane.cache.Watch;
import io.envoyproxy.controlplane.cache.XdsRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The assignments by name and the pending watches. A watched name is never dropped. An unknown name gets no response,
 * so Envoy keeps its hosts.
 *
 * <p>All work is done on one thread, so responses are sent in the order of changes and the last response of a stream is
 * the newest. A change costs one response per stream that watches its name.
 */
final class EndpointCache implements ConfigWatcher, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EndpointCache.class);

  /** The longest text of a proxy in a log line. */
  private static final int LONGEST = 2_000;

  private final VersionPrefix versionPrefix;
  private final Duration afterRefusal;
  private final Duration afterRemoval;
  private final ScheduledThreadPoolExecutor thread;
  // The maps and the set are used by the thread only.
  private final Map<String, Assignment> byName = new HashMap<>();
  private final Set<String> removed = new HashSet<>();
  private final Map<String, Set<PendingWatch>> waiting = new HashMap<>();
  private long changes;
  private Consumer<Set<String>> unknown = _ -> {};

  /**
   * No assignments yet.
   *
   * @param afterRefusal the delay before a response is sent again after a NACK, unless there is a newer one
   * @param afterRemoval the retention of a name without an object: Envoys may still request it
   */
  EndpointCache(VersionPrefix versionPrefix, Duration afterRefusal, Duration afterRemoval) {
    this.versionPrefix = versionPrefix;
    this.afterRefusal = afterRefusal;
    this.afterRemoval = afterRemoval;
    thread = new ScheduledThreadPoolExecutor(
        1, Thread.ofPlatform().daemon().name("endpoint-discovery").factory());
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Sets the receiver of names that are asked for and have no endpoints yet. It may {@link #put} them. */
  void onUnknown(Consumer<Set<String>> receiver) {
    run(() -> unknown = receiver);
  }

  /** Stores the endpoints and responds to the watches of their names. */
  void put(Map<String, List<Endpoint>> changed) {
    Map<String, List<Endpoint>> endpointsByName = Map.copyOf(changed);
    run(() -> endpointsByName.forEach(this::put));
  }

  /**
   * Drops the names of deleted objects after the retention, except watched ones. Otherwise the memory would grow with
   * each deleted Service.
   */
  void remove(Set<String> names) {
    if (!names.isEmpty()) {
      Set<String> gone = Set.copyOf(names);
      run(() -> {
        removed.addAll(gone);
        dropLater(gone);
      });
    }
  }

  private void dropLater(Set<String> names) {
    var _ = thread.schedule(
        () -> run(() -> drop(names)), afterRemoval.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void drop(Set<String> names) {
    Set<String> awaited = new HashSet<>();
    for (String name : names) {
      if (removed.contains(name)) { // else its object was created again
        if (waiting.containsKey(name)) {
          awaited.add(name);
        } else {
          removed.remove(name);
          byName.remove(name);
        }
      }
    }
    if (!awaited.isEmpty()) {
      dropLater(awaited);
    }
  }

  private void put(String name, List<Endpoint> endpoints) {
    removed.remove(name);
    byName.put(name, new Assignment(name, ++changes, endpoints));
    for (PendingWatch watch : List.copyOf(waiting.getOrDefault(name, Set.of()))) {
      answerOrWait(watch);
    }
  }

  @Override
  public Watch createWatch(
      boolean ads,
      XdsRequest request,
      Set<String> acknowledged,
      Consumer<Response> consumer,
      boolean hasClusterChanged,
      boolean allowDefaultEmptyEdsUpdate) {
    PendingWatch.Sotw watch = PendingWatch.Sotw.of(ads, request, acknowledged, consumer);
    ask(watch, request.hasErrorDetail());
    return watch.watch();
  }

  @Override
  public DeltaWatch createDeltaWatch(
      DeltaXdsRequest request,
      String requesterVersion,
      Map<String, String> acknowledged,
      Set<String> pending,
      boolean isWildcard,
      Consumer<DeltaResponse> consumer,
      boolean hasClusterChanged) {
    PendingWatch.Delta watch = PendingWatch.Delta.of(request, acknowledged, pending, consumer);
    ask(watch, request.hasErrorDetail());
    return watch.watch();
  }

  private void ask(PendingWatch watch, boolean refused) {
    watch.watch().setStop(() -> run(() -> forget(watch)));
    if (refused) {
      LOG.warn(
          "Envoy rejected the endpoints of {}: {}",
          line(watch.names().toString()),
          line(watch.refusal()));
      run(() -> {
        await(watch); // an immediate response would be rejected in a loop
        var _ = thread.schedule(
            () -> run(() -> answerOrWait(watch)), afterRefusal.toMillis(), TimeUnit.MILLISECONDS);
      });
    } else {
      run(() -> answerOrWait(watch));
    }
  }

  /** The text as a part of one line: proxies choose names and reasons. */
  private static String line(String text) {
    return UserStrings.legible(text, LONGEST);
  }

  private void answerOrWait(PendingWatch watch) {
    forget(watch);
    if (watch.watch().isCancelled()) {
      return;
    }
    Set<String> asked = Sets.difference(watch.names(), byName.keySet()).immutableCopy();
    if (!asked.isEmpty()) {
      unknown.accept(asked);
    }
    List<Assignment> known =
        watch.names().stream().map(byName::get).filter(Objects::nonNull).toList();
    List<Assignment> due = known.isEmpty() ? known : watch.due(known, versionPrefix);
    if (due.isEmpty()) {
      await(watch);
    } else {
      watch.send(due, versionPrefix);
    }
  }

  private void await(PendingWatch watch) {
    watch
        .names()
        .forEach(
            name -> waiting.computeIfAbsent(name, _ -> new LinkedHashSet<>()).add(watch));
  }

  private void forget(PendingWatch watch) {
    for (String name : watch.names()) {
      waiting.computeIfPresent(name, (_, watches) -> {
        watches.remove(watch);
        return watches.isEmpty() ? null : watches;
      });
    }
  }

  private void run(Runnable task) {
    try {
      thread.execute(() -> {
        try {
          task.run();
        } catch (RuntimeException e) {
          LOG.error("endpoint discovery", e); // a failing stream must not stop the others
        }
      });
    } catch (RejectedExecutionException e) {
      LOG.debug("endpoint discovery is closed");
    }
  }

  @Override
  public void close() {
    thread.shutdown();
  }
}
