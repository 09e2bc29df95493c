package dev.pointsman.eds;

import dev.pointsman.model.Endpoint;
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
 * The assignments by name and the streams that wait for them. A name that a stream waits for is never dropped; an unknown
 * one is not answered, so that Envoy keeps the hosts that it has.
 *
 * <p>Everything happens on one thread: answers then leave in the order of the changes, and the last one sent to a
 * stream is the newest. A change costs as many answers as there are streams that asked for its name.
 */
final class Assignments implements ConfigWatcher, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Assignments.class);

  private final VersionPrefix versionPrefix;
  private final Duration afterRefusal;
  private final Duration afterRemoval;
  private final ScheduledThreadPoolExecutor thread;
  // The maps and the set belong to the thread.
  private final Map<String, Assignment> byName = new HashMap<>();
  private final Set<String> removed = new HashSet<>();
  private final Map<String, Set<PendingWatch>> waiting = new HashMap<>();
  private long changes;

  /**
   * No assignments yet.
   *
   * @param afterRefusal when an Envoy that refused an answer gets it again, unless there is a new one before
   * @param afterRemoval how long a name without an object is kept: Envoys may still ask for it
   */
  Assignments(VersionPrefix versionPrefix, Duration afterRefusal, Duration afterRemoval) {
    this.versionPrefix = versionPrefix;
    this.afterRefusal = afterRefusal;
    this.afterRemoval = afterRemoval;
    thread = new ScheduledThreadPoolExecutor(
        1, Thread.ofPlatform().daemon().name("endpoint-discovery").factory());
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Tells everyone who waits for these names where they are now. */
  void put(Map<String, List<Endpoint>> changed) {
    Map<String, List<Endpoint>> endpointsByName = Map.copyOf(changed);
    run(() -> endpointsByName.forEach(this::put));
  }

  /**
   * Drops names whose objects are gone, some time later and only those that no stream waits for: else each Service that
   * ever was would stay in memory.
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
      if (removed.contains(name)) { // else its object is there again
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
    for (PendingWatch question : List.copyOf(waiting.getOrDefault(name, Set.of()))) {
      answerOrWait(question);
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
    PendingWatch.Whole question = PendingWatch.Whole.of(ads, request, acknowledged, consumer);
    ask(question, request.hasErrorDetail());
    return question.watch();
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
    PendingWatch.Delta question = PendingWatch.Delta.of(request, acknowledged, pending, consumer);
    ask(question, request.hasErrorDetail());
    return question.watch();
  }

  private void ask(PendingWatch question, boolean refused) {
    question.watch().setStop(() -> run(() -> forget(question)));
    if (refused) {
      LOG.warn("Envoy refused the endpoints of {}: {}", question.names(), question.refusal());
      run(() -> {
        await(question); // an answer at once would be refused at once, for ever
        var _ = thread.schedule(
            () -> run(() -> answerOrWait(question)),
            afterRefusal.toMillis(),
            TimeUnit.MILLISECONDS);
      });
    } else {
      run(() -> answerOrWait(question));
    }
  }

  private void answerOrWait(PendingWatch question) {
    forget(question);
    if (question.watch().isCancelled()) {
      return;
    }
    List<Assignment> known =
        question.names().stream().map(byName::get).filter(Objects::nonNull).toList();
    List<Assignment> due = known.isEmpty() ? known : question.due(known, versionPrefix);
    if (due.isEmpty()) {
      await(question);
    } else {
      question.answer(due, versionPrefix);
    }
  }

  private void await(PendingWatch question) {
    question
        .names()
        .forEach(
            name -> waiting.computeIfAbsent(name, _ -> new LinkedHashSet<>()).add(question));
  }

  private void forget(PendingWatch question) {
    for (String name : question.names()) {
      waiting.computeIfPresent(name, (_, questions) -> {
        questions.remove(question);
        return questions.isEmpty() ? null : questions;
      });
    }
  }

  private void run(Runnable task) {
    try {
      thread.execute(() -> {
        try {
          task.run();
        } catch (RuntimeException e) {
          LOG.error("endpoint discovery", e); // one bad stream must not stop the others
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
