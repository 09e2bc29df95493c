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
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
  private final CacheThread thread = new CacheThread();
  // The fields below are used by the thread only.
  private final Assignments assignments = new Assignments();
  private final WatchesByName waiting;
  private final Set<PendingWatch> tried = Collections.newSetFromMap(new IdentityHashMap<>());
  private final AskedEndpoints asked;
  private ClusterSnapshot last = ClusterSnapshot.EMPTY;

  /**
   * No assignments yet.
   *
   * @param asked the resources that nobody announces; from now on used by this cache alone
   * @param afterRefusal the delay before a response is sent again after a NACK or a failure, unless there is a newer
   *     one, or before a name without room is tried again
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
  }

  /** Serves the snapshot's endpoints. */
  void serve(ClusterSnapshot snapshot) {
    run(() -> {
      Map<String, List<Endpoint>> endpoints = EndpointsByName.changed(last, snapshot);
      endpoints.putAll(asked.changed(last, snapshot));
      Set<String> gone = EndpointsByName.gone(last, snapshot);
      last = snapshot;
      // Everything is stored before anything is sent: no stream loses a change by another's fault.
      assignments.putAll(endpoints).forEach(this::answer);
      remove(gone);
    });
  }

  /**
   * Drops the names of deleted objects after the retention, except watched ones. Otherwise the memory would grow with
   * each deleted Service.
   */
  void remove(Set<String> names) {
    if (!names.isEmpty()) {
      assignments.removed(names);
      dropLater(names);
    }
  }

  private void dropLater(Set<String> names) {
    thread.later(afterRemoval, () -> {
      Set<String> awaited = assignments.dropRemoved(names, waiting::has);
      if (!awaited.isEmpty()) {
        dropLater(awaited);
      }
    });
  }

  /** Stores the endpoints and responds to the watches of their name. */
  void put(String name, List<Endpoint> endpoints) {
    if (assignments.put(name, endpoints)) {
      answer(name);
    }
  }

  private void answer(String name) {
    waiting.of(name).forEach(this::answerOrWait);
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
        again(watch);
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
    try {
      answerIfDue(watch);
    } catch (RuntimeException e) {
      LOG.error("endpoint discovery: a stream is not answered; retrying", e);
      waiting.add(watch);
      again(watch);
    }
  }

  /** Tries the watch again later, in one task however often that is asked for. */
  private void again(PendingWatch watch) {
    if (tried.add(watch)) {
      thread.later(afterRefusal, () -> {
        tried.remove(watch);
        if (waiting.has(watch)) { // else it has been answered or has ended
          answerOrWait(watch);
        }
      });
    }
  }

  private void answerIfDue(PendingWatch watch) {
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
      } else if (assignments.of(name) instanceof Assignment assignment) {
        known.add(assignment);
      }
    }
    List<Assignment> due = known.isEmpty() ? known : watch.due(known, versionPrefix);
    if (!due.isEmpty()) {
      waiting.remove(watch);
      watch.send(due, versionPrefix);
    } else if (anyRefused) {
      again(watch);
    }
  }

  /** Whether there is no room for the name, which is stored if there is and if it says all. */
  private boolean isRefused(String name) {
    if (assignments.has(name)) {
      return false;
    }
    if (asked.refuses(name, assignments::drop)) {
      return true;
    }
    EndpointsByName.asked(last, name).ifPresent(endpoints -> {
      boolean _ = assignments.put(name, endpoints);
    });
    return false;
  }

  /** Runs the task on the thread. */
  void run(Runnable task) {
    thread.run(task);
  }

  @Override
  public void close() {
    thread.close();
  }
}
