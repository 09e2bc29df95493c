package dev.pointsman.kube.status;

import dev.pointsman.kube.status.WriteApi.WriteFailure;
import dev.pointsman.kube.status.WriteApi.Written;
import dev.pointsman.status.ObjectStatus;
import dev.pointsman.status.StatusPlan;
import dev.pointsman.status.StatusUpdate;
import dev.pointsman.status.WarningEvent;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Writes what a plan says where the objects do not say it yet, each as often as is good. Not for several threads.
 */
final class StatusWriter {
  private static final Logger LOG = LoggerFactory.getLogger(StatusWriter.class);

  /** Between two writes, so that the API server's other users have their turn. */
  private static final int PAUSE_MILLIS = 20;

  private final OptimisticWrites writes;
  private final Leadership leadership;
  private final String instance;
  private final LongSupplier nanos;
  private final WriteBackoff backoff = new WriteBackoff();
  private final Map<ObjectStatus.Key, Sent> sent = new HashMap<>();
  private final Set<String> noted = new HashSet<>();
  private final Map<String, String> complaints = new HashMap<>();
  private final Set<ObjectStatus.Key> contested = new HashSet<>();

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
      OptimisticWrites writes, Leadership leadership, String instance, LongSupplier nanos) {
    this.writes = writes;
    this.leadership = leadership;
    this.instance = instance;
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
    backoff.keep(keys);
    sent.keySet().retainAll(keys);
    contested.retainAll(keys);
    Rest rest = Rest.NOTHING;
    try {
      for (ObjectStatus status : plan.statuses()) {
        JsonNode object = objects.get(status.object());
        if (object != null && !isSent(status, object)) {
          rest = rest.and(write(status, object));
        }
      }
      Set<String> current = new HashSet<>();
      for (WarningEvent event : plan.events()) {
        current.add(event.namespace() + "/" + event.eventName());
        note(event);
      }
      noted.retainAll(current);
      return rest;
    } catch (WriteFailure outage) {
      writes.metrics().failed();
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
    if (StatusUpdate.of(status, object).apply(object, writes.clock().instant()).isEmpty()) {
      return Rest.NOTHING;
    }
    long wait = backoff.waitFor(status.object(), nanos.getAsLong());
    if (wait > 0) {
      if (contested.add(status.object())) {
        LOG.warn(
            "{}: another controller writes over our entry of its status again and again; ours is written less and less"
                + " often, down to once in some minutes",
            status.object());
      }
      return new Rest(false, wait);
    }
    try {
      boolean done = writes.write(status, object, leadership::holds);
      complaints.remove(status.object().toString());
      if (!done) {
        return Rest.FAILED;
      }
      LOG.debug("{}: the status is as it should be", status.object());
      backoff.wrote(status.object(), nanos.getAsLong());
      sent.put(status.object(), new Sent(version(object), status));
      Thread.sleep(PAUSE_MILLIS);
      return Rest.NOTHING;
    } catch (WriteFailure e) {
      if (!e.isRefusal()) {
        throw e; // nobody answers: no use to go on
      }
      writes.metrics().failed();
      complain(status.object().toString(), e);
      return Rest.FAILED;
    }
  }

  /** An Event that is there already has been written by the replica that led before. */
  private void note(WarningEvent event) throws InterruptedException {
    String name = event.namespace() + "/" + event.eventName();
    if (noted.contains(name) || !leadership.holds()) {
      return;
    }
    String path = "/apis/events.k8s.io/v1/namespaces/" + event.namespace() + "/events";
    try {
      if (writes.api().create(path, event.event(writes.clock().instant(), instance))
          instanceof Written.Done) {
        writes.metrics().eventWritten();
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (WriteFailure e) {
      if (!e.isRefusal()) {
        throw e;
      }
      writes.metrics().failed();
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
