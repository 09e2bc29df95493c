package dev.pointsman.kube.status;

import dev.pointsman.kube.status.WriteApi.WriteFailure;
import dev.pointsman.kube.status.WriteApi.WriteResult;
import dev.pointsman.status.ObjectStatus;
import dev.pointsman.status.StatusPlan;
import dev.pointsman.status.StatusUpdate;
import dev.pointsman.status.WarningEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Writes the statuses and Events of a plan into the objects that differ from it, with backoff per object. It is not
 * thread-safe.
 */
final class StatusWriter {
  private static final Logger LOG = LoggerFactory.getLogger(StatusWriter.class);

  /** The pause between two writes, which leaves capacity for other clients of the API server. */
  private static final int PAUSE_MILLIS = 20;

  private final OptimisticWrites writes;
  private final Leadership leadership;
  private final String instance;
  private final LongSupplier nanos;
  private final WriteBackoff backoff = new WriteBackoff();
  private final Map<ObjectStatus.Key, LastWrite> sent = new HashMap<>();
  private final Set<String> writtenEvents = new HashSet<>();
  private final Map<String, String> failures = new HashMap<>();
  private final Set<ObjectStatus.Key> contested = new HashSet<>();
  private final PassFailures pass = new PassFailures();

  /** One write of a pass, and the name by which its failures are known. */
  private record Task(String name, String namespace, Write write) {
    private interface Write {
      Rest run() throws InterruptedException;
    }
  }

  /** The last write of an object: it is complete until the watch delivers a newer version. */
  private record LastWrite(String fromVersion, ObjectStatus status) {}

  /**
   * The remaining work after a pass.
   *
   * @param failed whether a write failed and has to be retried
   * @param waitNanos the time until the first object in backoff may be written again; 0: none is in backoff
   */
  record Rest(boolean failed, long waitNanos) {
    static final Rest NOTHING = new Rest(false, 0);
    static final Rest FAILED = new Rest(true, 0);

    private Rest and(Rest other) {
      return new Rest(
          failed || other.failed,
          waitNanos == 0 || other.waitNanos == 0
              ? Math.max(waitNanos, other.waitNanos)
              : Math.min(waitNanos, other.waitNanos));
    }
  }

  StatusWriter(
      OptimisticWrites writes, Leadership leadership, String instance, LongSupplier nanos) {
    this.writes = writes;
    this.leadership = leadership;
    this.instance = instance;
    this.nanos = nanos;
  }

  /**
   * Writes the differing statuses and the new Events while this replica leads.
   *
   * @param objects the observed objects of the plan
   */
  Rest write(StatusPlan plan, Map<ObjectStatus.Key, JsonNode> objects) throws InterruptedException {
    writes.metrics().diagnostics(plan.diagnostics());
    Set<ObjectStatus.Key> keys =
        plan.statuses().stream().map(ObjectStatus::object).collect(Collectors.toSet());
    backoff.keep(keys);
    sent.keySet().retainAll(keys);
    contested.retainAll(keys);
    writtenEvents.retainAll(
        plan.events().stream().map(StatusWriter::name).collect(Collectors.toSet()));
    failures
        .keySet()
        .retainAll(Stream.concat(
                keys.stream().map(ObjectStatus.Key::toString),
                plan.events().stream().map(StatusWriter::events))
            .collect(Collectors.toSet()));
    List<Task> tasks = new ArrayList<>();
    for (ObjectStatus status : plan.statuses()) {
      JsonNode object = objects.get(status.object());
      if (object != null && !isSent(status, object)) {
        tasks.add(new Task(
            status.object().toString(), status.object().namespace(), () -> write(status, object)));
      }
    }
    for (WarningEvent event : plan.events()) {
      tasks.add(new Task(events(event), event.namespace(), () -> create(event)));
    }
    // The failed ones of the last pass come last: they may fail again, and so delay the others.
    tasks.sort(Comparator.comparingInt((Task task) -> pass.place(task.namespace()))
        .thenComparing(task -> failures.containsKey(task.name())));
    return run(tasks);
  }

  private Rest run(List<Task> tasks) throws InterruptedException {
    Rest rest = Rest.NOTHING;
    pass.begin();
    for (Task task : tasks) {
      rest = rest.and(pass.delays(task.namespace()) ? Rest.FAILED : run(task));
    }
    return rest;
  }

  private Rest run(Task task) throws InterruptedException {
    try {
      return task.write().run();
    } catch (WriteFailure e) {
      writes.metrics().failed();
      logOnce(task.name(), e);
      pass.failed(task.namespace(), e);
      return Rest.FAILED;
    }
  }

  private boolean isSent(ObjectStatus status, JsonNode object) {
    return new LastWrite(version(object), status).equals(sent.get(status.object()));
  }

  private static String version(JsonNode object) {
    return object.path("metadata").path("resourceVersion").asString("");
  }

  private Rest write(ObjectStatus status, JsonNode object) throws InterruptedException {
    if (StatusUpdate.of(status, object).apply(object, writes.clock().instant()).isEmpty()) {
      failures.remove(status.object().toString());
      return Rest.NOTHING;
    }
    long wait = backoff.waitFor(status, nanos.getAsLong());
    if (wait > 0) {
      if (backoff.isContested(status) && contested.add(status.object())) {
        LOG.warn(
            "{}: another controller repeatedly overwrites our entry of its status; the intervals between our writes grow"
                + " to some minutes",
            status.object());
      }
      return new Rest(false, wait);
    }
    boolean done = writes.write(status, object, leadership::holds);
    succeeded(status.object().toString(), status.object().namespace());
    if (!done) {
      return Rest.FAILED;
    }
    LOG.debug("{}: the status is as it should be", status.object());
    backoff.wrote(status, nanos.getAsLong());
    sent.put(status.object(), new LastWrite(version(object), status));
    Thread.sleep(PAUSE_MILLIS);
    return Rest.NOTHING;
  }

  /** Creates an Event; an existing one was written by the previous leader. */
  private Rest create(WarningEvent event) throws InterruptedException {
    if (writtenEvents.contains(name(event)) || !leadership.holds()) {
      return Rest.NOTHING;
    }
    try {
      if (writes.api().create(events(event), event.event(writes.clock().instant(), instance))
          instanceof WriteResult.Done) {
        writes.metrics().eventWritten();
        Thread.sleep(PAUSE_MILLIS);
      }
      succeeded(events(event), event.namespace());
      writtenEvents.add(name(event));
    } catch (WriteFailure e) {
      if (e.isRefusal()) {
        writtenEvents.add(name(event)); // refused Events are not retried
      }
      throw e;
    }
    return Rest.NOTHING;
  }

  private void succeeded(String name, String namespace) {
    pass.responded(namespace);
    failures.remove(name);
  }

  private static String name(WarningEvent event) {
    return event.namespace() + "/" + event.eventName();
  }

  private static String events(WarningEvent event) {
    return "/apis/events.k8s.io/v1/namespaces/" + event.namespace() + "/events";
  }

  /** Logs the failure of a subject once while it stays the same. */
  private void logOnce(String about, WriteFailure why) {
    String message = String.valueOf(why.getMessage());
    if (!message.equals(failures.put(about, message))) {
      LOG.warn("not written, retrying: {}", message);
    }
  }
}
