package dev.pointsman.kube.status;

import dev.pointsman.kube.status.WriteApi.WriteFailure;
import dev.pointsman.kube.status.WriteApi.Written;
import dev.pointsman.status.Notice;
import dev.pointsman.status.ObjectStatus;
import dev.pointsman.status.StatusPlan;
import dev.pointsman.status.StatusUpdate;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes what a plan says where the objects do not say it yet. An object that has changed since we saw it is read again,
 * so that what others wrote meanwhile stays. Not for several threads.
 */
final class StatusWriter {
  private static final Logger LOG = LoggerFactory.getLogger(StatusWriter.class);
  private static final int MOST_CONFLICTS = 4;

  /** Between two writes, so that the API server's other users have their turn. */
  private static final int PAUSE_MILLIS = 20;

  private final WriteApi api;
  private final Leadership leadership;
  private final WriteMetrics metrics;
  private final String instance;
  private final Clock clock;
  private final LongSupplier nanos;
  private final Pace pace = new Pace();
  private final Map<ObjectStatus.Key, Sent> sent = new HashMap<>();
  private final Set<String> noted = new HashSet<>();
  private final Map<String, String> complaints = new HashMap<>();

  /** What was made of an object: until the watch has brought it back there is nothing more to do. */
  private record Sent(String fromVersion, ObjectStatus status) {}

  /**
   * What is left to do.
   *
   * @param failed whether something was not written and has to be tried again
   * @param waitNanos after which an object that was written too often may be written again; 0: there is none
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
      WriteApi api,
      Leadership leadership,
      WriteMetrics metrics,
      String instance,
      Clock clock,
      LongSupplier nanos) {
    this.api = api;
    this.leadership = leadership;
    this.metrics = metrics;
    this.instance = instance;
    this.clock = clock;
    this.nanos = nanos;
  }

  /**
   * Writes what differs, as long as this replica leads.
   *
   * @param objects all that the plan speaks of, as they were seen
   */
  Rest write(StatusPlan plan, Map<ObjectStatus.Key, JsonNode> objects) throws InterruptedException {
    Set<ObjectStatus.Key> keys =
        plan.statuses().stream().map(ObjectStatus::object).collect(Collectors.toSet());
    pace.keep(keys);
    sent.keySet().retainAll(keys);
    Rest rest = Rest.NOTHING;
    try {
      for (ObjectStatus status : plan.statuses()) {
        JsonNode object = objects.get(status.object());
        if (object != null && !isSent(status, object)) {
          rest = rest.and(write(status, object));
        }
      }
      Set<String> current = new HashSet<>();
      for (Notice notice : plan.notices()) {
        current.add(notice.namespace() + "/" + notice.eventName());
        note(notice);
      }
      noted.retainAll(current);
      return rest;
    } catch (WriteFailure outage) {
      metrics.failed();
      complain("API server", outage);
      return rest.and(Rest.FAILED);
    }
  }

  private boolean isSent(ObjectStatus status, JsonNode object) {
    return new Sent(version(object), status).equals(sent.get(status.object()));
  }

  private static String version(JsonNode object) {
    return object.path("metadata").path("resourceVersion").asString("");
  }

  private Rest write(ObjectStatus status, JsonNode object) throws InterruptedException {
    Optional<ObjectNode> update = update(status, object);
    if (update.isEmpty()) {
      return Rest.NOTHING;
    }
    long wait = pace.waitFor(status.object(), nanos.getAsLong());
    if (wait > 0) {
      LOG.debug("{}: written too often, waiting", status.object());
      return new Rest(false, wait);
    }
    try {
      boolean done = writeUntilDone(status, object);
      complaints.remove(status.object().toString());
      return done ? Rest.NOTHING : Rest.FAILED;
    } catch (WriteFailure e) {
      if (!e.isRefusal()) {
        throw e; // nobody answers: no use to go on
      }
      metrics.failed();
      complain(status.object().toString(), e);
      return Rest.FAILED;
    }
  }

  private boolean writeUntilDone(ObjectStatus status, JsonNode seen) throws InterruptedException {
    String path = path(status.object());
    JsonNode object = seen;
    for (int i = 0; i < MOST_CONFLICTS; i++) {
      Optional<ObjectNode> update = update(status, object);
      if (update.isEmpty()) {
        return true; // the object as we saw it was old
      }
      if (!leadership.holds()) {
        return true; // its writer will see to it
      }
      switch (api.replace(path + "/status", update.get())) {
        case Written.Done(JsonNode written) -> {
          count(status, seen);
          return !StatusUpdate.of(status, object).lostControllerName(written)
              || writeMarked(status, path, object, written);
        }
        case Written.Gone _ -> {
          return true; // the watch will tell
        }
        case Written.Conflict _ -> {
          Optional<JsonNode> fresh = api.get(path);
          if (fresh.isEmpty()) {
            return true;
          }
          object = fresh.get();
          if (object.path("metadata").path("generation").asLong(0) != status.generation()) {
            return false; // what we want to say is about an older spec: wait for the watch
          }
        }
      }
    }
    return false;
  }

  /** The pools' definition is older than v1.1.0 and has no controllerName: the same once more, with marks. */
  private boolean writeMarked(ObjectStatus status, String path, JsonNode before, JsonNode written) {
    Optional<ObjectNode> update = new StatusUpdate(status, true).apply(before, clock.instant());
    if (update.isEmpty() || !leadership.holds()) {
      return true;
    }
    update.get().withObject("metadata").put("resourceVersion", version(written));
    return api.replace(path + "/status", update.get()) instanceof Written.Done;
  }

  private Optional<ObjectNode> update(ObjectStatus status, JsonNode object) {
    return StatusUpdate.of(status, object).apply(object, clock.instant());
  }

  private void count(ObjectStatus status, JsonNode seen) throws InterruptedException {
    pace.wrote(status.object(), nanos.getAsLong());
    sent.put(status.object(), new Sent(version(seen), status));
    metrics.statusWritten(status.object().kind().plural());
    LOG.debug("{}: status written", status.object());
    Thread.sleep(PAUSE_MILLIS);
  }

  static String path(ObjectStatus.Key object) {
    return "/apis/" + object.kind().apiVersion() + "/namespaces/" + object.namespace() + "/"
        + object.kind().plural() + "/" + object.name();
  }

  /** An Event that is there already has been written by the replica that led before. */
  private void note(Notice notice) throws InterruptedException {
    String name = notice.namespace() + "/" + notice.eventName();
    if (noted.contains(name) || !leadership.holds()) {
      return;
    }
    String path = "/apis/events.k8s.io/v1/namespaces/" + notice.namespace() + "/events";
    try {
      if (api.create(path, notice.event(clock.instant(), instance)) instanceof Written.Done) {
        metrics.eventWritten();
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (WriteFailure e) {
      if (!e.isRefusal()) {
        throw e;
      }
      metrics.failed();
      complain("Events", e); // an Event is not worth a second attempt
    }
    noted.add(name);
  }

  /** Says a thing once for as long as it stays the same. */
  private void complain(String about, WriteFailure why) {
    String message = String.valueOf(why.getMessage());
    if (!message.equals(complaints.put(about, message))) {
      LOG.warn("not written, trying again: {}", message);
    }
  }
}
