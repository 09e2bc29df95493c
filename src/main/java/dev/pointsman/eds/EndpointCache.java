package dev.pointsman.eds;

import dev.pointsman.model.ClusterSnapshot;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
  private final WatchesByName waiting;
  private final AskedEndpoints asked;
  private ClusterSnapshot last = ClusterSnapshot.EMPTY;
  private long changes;

  /**
   * No assignments yet.
   *
   * @param asked the resources that nobody announces; from now on used by this cache alone
   * @param afterRefusal the delay before a response is sent again after a NACK, unless there is a newer one, or before
   *     a name without room is tried again
   * @param afterRemoval the retention of a name without an object: Envoys may still request it
   */
  EndpointCache(
      VersionPrefix versionPrefix,
      AskedEndpoints asked,
      Duration afterRefusal,
      Duration afterRemoval) {
    this.versionPrefix = versionPrefix;
    this.asked = asked;
    waiting = new WatchesByName(asked);
    this.afterRefusal = afterRefusal;
    this.afterRemoval = afterRemoval;
    thread = new ScheduledThreadPoolExecutor(
        1, Thread.ofPlatform().daemon().name("endpoint-discovery").factory());
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Serves the snapshot's endpoints. */
  void serve(ClusterSnapshot snapshot) {
    run(() -> {
      ClusterSnapshot before = last;
      last = snapshot; // first: a response may ask for more names
      EndpointsByName.changed(before, snapshot).forEach(this::put);
      asked.changed(before, snapshot).forEach((name, endpoints) -> {
        if (asked.has(name)) { // else one of these has dropped it
          put(name, endpoints);
        }
      });
      remove(EndpointsByName.gone(before, snapshot));
    });
  }

  /**
   * Drops the names of deleted objects after the retention, except watched ones. Otherwise the memory would grow with
   * each deleted Service.
   */
  void remove(Set<String> names) {
    if (!names.isEmpty()) {
      removed.addAll(names);
      later(afterRemoval, () -> drop(names));
    }
  }

  private void later(Duration delay, Runnable task) {
    var _ = thread.schedule(() -> run(task), delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void drop(Set<String> names) {
    Set<String> awaited = new HashSet<>();
    for (String name : names) {
      if (removed.contains(name)) { // else its object was created again
        if (waiting.has(name)) {
          awaited.add(name);
        } else {
          removed.remove(name);
          byName.remove(name);
        }
      }
    }
    if (!awaited.isEmpty()) {
      later(afterRemoval, () -> drop(awaited));
    }
  }

  /** Stores the endpoints and responds to the watches of their name. */
  void put(String name, List<Endpoint> endpoints) {
    removed.remove(name);
    Assignment before = byName.get(name);
    if (before != null && before.endpoints().equals(endpoints)) {
      return;
    }
    store(name, endpoints);
    for (PendingWatch watch : waiting.of(name)) {
      answerOrWait(watch);
    }
  }

  private void store(String name, List<Endpoint> endpoints) {
    byName.put(name, new Assignment(name, ++changes, endpoints));
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
    watch.watch().setStop(() -> run(() -> waiting.remove(watch)));
    if (refused) {
      LOG.warn(
          "Envoy rejected the endpoints of {}: {}",
          line(watch.names().toString()),
          line(watch.refusal()));
      run(() -> {
        waiting.add(watch); // an immediate response would be rejected in a loop
        later(afterRefusal, () -> answerOrWait(watch));
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
    waiting.remove(watch);
    if (watch.watch().isCancelled()) {
      return;
    }
    waiting.add(watch); // its names are not dropped for each other
    List<Assignment> known = new ArrayList<>();
    boolean anyRefused = false;
    for (String name : watch.names()) {
      if (isRefused(name)) {
        anyRefused = true;
        if (last.synced()) {
          known.add(new Assignment(name, 0, List.of()));
        }
      } else if (byName.get(name) instanceof Assignment assignment) {
        known.add(assignment);
      }
    }
    List<Assignment> due = known.isEmpty() ? known : watch.due(known, versionPrefix);
    if (!due.isEmpty()) {
      waiting.remove(watch);
      watch.send(due, versionPrefix);
    } else if (anyRefused) {
      later(afterRefusal, () -> answerOrWait(watch));
    }
  }

  /** Whether there is no room for the name, which is stored if there is and if it says all. */
  private boolean isRefused(String name) {
    if (byName.containsKey(name)) {
      return false;
    }
    if (asked.refuses(name, byName::remove)) {
      return true;
    }
    EndpointsByName.asked(last, name).ifPresent(endpoints -> store(name, endpoints));
    return false;
  }

  /** Runs the task on the thread of the maps. */
  void run(Runnable task) {
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
