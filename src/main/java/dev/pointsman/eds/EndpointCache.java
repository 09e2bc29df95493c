package dev.pointsman.eds;

import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Endpoint;
import dev.pointsman.model.LineLimit;
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
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The assignments by name and the pending watches. A watched name is never dropped. An unknown name gets no response,
 * so Envoy keeps its hosts. All work is done on one thread, so responses are sent in the order of changes and the last
 * response of a stream is the newest. A change costs one response per stream that watches its name.
 */
final class EndpointCache implements ConfigWatcher, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EndpointCache.class);

  private final VersionPrefix versionPrefix;
  private final Duration afterRefusal;
  private final Duration afterRemoval;
  private final LineLimit lines = new LineLimit(System::nanoTime);
  private final OneThread thread = new OneThread();
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
      var _ = thread.later(afterRemoval, () -> drop(names));
    }
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
      var _ = thread.later(afterRemoval, () -> drop(awaited));
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
    watch.watch().setStop(() -> run(() -> {
      waiting.remove(watch);
      watch.stream().drop(watch);
    }));
    if (refused) {
      String names = UserStrings.legible(watch.names().toString(), PendingWatch.LONGEST);
      lines
          .line("Envoy rejected the endpoints of " + names + ": " + watch.refusal())
          .ifPresent(LOG::warn);
      run(() -> {
        waiting.add(watch); // an immediate response would be rejected in a loop
        answerLater(watch);
      });
    } else {
      run(() -> answerOrWait(watch));
    }
  }

  /** The client has read the responses of the stream: others may follow. Called on the thread of the maps. */
  void read(ClientStream stream) {
    stream.read();
    for (PendingWatch held = stream.nextHeld(); held != null; held = stream.nextHeld()) {
      answerOrWait(held);
    }
  }

  private void answerOrWait(PendingWatch watch) {
    waiting.remove(watch);
    if (watch.watch().isCancelled()) {
      return;
    }
    waiting.add(watch); // its names are not dropped for each other
    if (!watch.stream().mayAnswer(watch)) {
      return;
    }
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
      answerLater(watch);
    }
  }

  private void answerLater(PendingWatch watch) {
    watch.stream().later(thread.later(afterRefusal, () -> answerOrWait(watch)));
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
    thread.run(task);
  }

  @Override
  public void close() {
    thread.close();
  }
}
