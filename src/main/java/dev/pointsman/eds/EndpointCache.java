package dev.pointsman.eds;

import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.InferencePool;
import dev.pointsman.model.LineLimit;
import dev.pointsman.model.PoolRef;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The assignments by name and the pending watches. A watched name is never dropped. An unknown name gets no response,
 * so Envoy keeps its hosts. A name whose object was deleted becomes empty.
 *
 * <p>All work is done on one thread, so responses are sent in the order of changes and the last response of a stream is
 * the newest. A change costs one response per stream that watches its name.
 */
final class EndpointCache implements ConfigWatcher, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EndpointCache.class);

  private final VersionPrefix versionPrefix;
  private final CacheDelays delays;
  private final LineLimit lines = new LineLimit(System::nanoTime);
  private final CacheThread thread = new CacheThread();
  // The fields below are used by the thread only.
  private final Assignments assignments;
  private final WatchesByName waiting;
  private final DeletedPools deleted = new DeletedPools();

  /**
   * No assignments yet.
   *
   * @param asked the resources that nobody announces; from now on used by this cache alone
   * @param missing names whose objects were never there; from now on used by this cache alone
   */
  EndpointCache(
      VersionPrefix versionPrefix,
      AskedEndpoints asked,
      MissingObjects missing,
      CacheDelays delays) {
    this.versionPrefix = versionPrefix;
    this.delays = delays;
    assignments = new Assignments(asked, missing);
    waiting = new WatchesByName(asked);
    findMissingLater();
  }

  /** Serves the snapshot's endpoints. */
  void serve(ClusterSnapshot snapshot) {
    thread.run(() -> {
      Map<PoolRef, InferencePool> now = deleted.next(snapshot);
      if (!now.isEmpty()) {
        var _ = thread.later(delays.afterDeletion(), () -> {
          deleted.forget(now);
          follow();
        });
      }
      follow();
    });
  }

  private void follow() {
    boolean isFirst = !assignments.areSynced();
    apply(assignments.follow(deleted.snapshot()), delays.afterRemoval());
    if (isFirst) { // no room is given before: it depends on the objects
      waiting.names().forEach(this::answer);
    }
  }

  private void findMissing() {
    findMissingLater();
    // Nobody has endpoints of them from this process: they are not kept for Envoys that may ask.
    apply(assignments.findMissing(waiting.names()), delays.afterDeletion());
  }

  private void findMissingLater() {
    var _ = thread.later(delays.afterDeletion(), this::findMissing);
  }

  /** Responds to the watches. All changes are stored by now: no stream loses one by another's fault. */
  private void apply(Assignments.Changes changes, Duration retention) {
    changes.changed().forEach(this::answer);
    dropLater(changes.gone(), retention);
  }

  private void answer(String name) {
    waiting.of(name).forEach(this::answerOrWait);
  }

  /**
   * Drops the names of objects that are not there after the retention, except watched ones. Otherwise the memory would grow
   * with each deleted Service, and with each name that a proxy thinks up.
   */
  private void dropLater(Set<String> names, Duration retention) {
    if (!names.isEmpty()) {
      var _ = thread.later(
          retention, () -> dropLater(assignments.dropRemoved(names, waiting::has), retention));
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
    watch.stream().asksFor(watch.names());
    watch
        .watch()
        .setStop(() -> thread.run(() -> {
          waiting.remove(watch);
          watch.stream().drop(watch);
        }));
    if (refused) {
      String names = UserStrings.legible(watch.names().toString(), PendingWatch.LONGEST);
      lines
          .line("Envoy rejected the endpoints of " + names + ": " + watch.refusal())
          .ifPresent(LOG::warn);
      thread.run(() -> {
        waiting.add(watch); // an immediate response would be rejected in a loop
        again(watch);
      });
    } else {
      thread.run(() -> answerOrWait(watch));
    }
  }

  /** The client has read the responses of the stream: others may follow. Called on the thread of the cache. */
  void read(ClientStream stream) {
    stream.read();
    for (PendingWatch held = stream.nextHeld(); held != null; held = stream.nextHeld()) {
      answerOrWait(held);
    }
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

  /** Tries the watch again later, in one task for its stream. */
  private void again(PendingWatch watch) {
    watch.stream()
        .again(
            watch,
            () -> {
              if (waiting.has(watch)) { // else it has been answered or has ended
                answerOrWait(watch);
              }
            },
            attempt -> thread.later(delays.afterRefusal(), attempt));
  }

  private void answerIfDue(PendingWatch watch) {
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
      if (assignments.refuse(name, other -> waiting.of(other).forEach(this::again))) {
        anyRefused = true;
        // A proxy that has endpoints keeps them. A new cluster would hold others up while it waits.
        if (!watch.has(name)) {
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

  /** Runs the task on the thread of the cache. */
  void run(Runnable task) {
    thread.run(task);
  }

  @Override
  public void close() {
    thread.close();
  }
}
