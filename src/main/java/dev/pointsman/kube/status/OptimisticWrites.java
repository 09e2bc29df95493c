package dev.pointsman.kube.status;

import dev.pointsman.kube.status.WriteApi.Written;
import dev.pointsman.status.ObjectStatus;
import dev.pointsman.status.StatusUpdate;
import java.time.Clock;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes statuses into objects that others write, too: one that has changed meanwhile is read again, and theirs stays. */
record OptimisticWrites(WriteApi api, WriteMetrics metrics, Clock clock) {
  /**
   * Each conflict is another's success: more than write an object at one time, which are its own controllers, Envoy
   * Gateway, our leader and the replicas that start. Who conflicts more often has to wait before trying again.
   */
  private static final int MOST_ATTEMPTS = 8;

  /**
   * Writes a status.
   *
   * @param seen the object as it was seen last
   * @param mayWrite asked before each write
   * @return whether nothing is left to do, as where the object is gone
   * @throws WriteApi.WriteFailure when a call fails
   */
  boolean write(ObjectStatus status, JsonNode seen, BooleanSupplier mayWrite) {
    String path = path(status.object());
    Optional<JsonNode> object = Optional.of(seen);
    for (int i = 0; i < MOST_ATTEMPTS && object.isPresent(); i++) {
      if (object.get().path("metadata").path("generation").asLong(0) != status.generation()) {
        return false; // what we want to say is about another spec
      }
      StatusUpdate update = StatusUpdate.of(status, object.get());
      Optional<ObjectNode> updated = update.apply(object.get(), clock.instant());
      if (updated.isEmpty()) {
        return true;
      }
      if (!mayWrite.getAsBoolean()) {
        return false;
      }
      Written written = api.replace(path + "/status", updated.get());
      if (written instanceof Written.Done(JsonNode done)) {
        metrics.statusWritten();
        if (update.lostControllerName(done) && mayWrite.getAsBoolean()) {
          mark(status, object.get(), done);
        }
      }
      if (!(written instanceof Written.Conflict)) {
        return true;
      }
      object = api.get(path);
    }
    return object.isEmpty();
  }

  /** The pools' definition is older than v1.1.0 and has no controllerName: the same once more, with marks. */
  private void mark(ObjectStatus status, JsonNode before, JsonNode written) {
    new StatusUpdate(status, true).apply(before, clock.instant()).ifPresent(update -> {
      update.withObject("metadata").set("resourceVersion", written.at("/metadata/resourceVersion"));
      Written _ = api.replace(path(status.object()) + "/status", update);
    });
  }

  static String path(ObjectStatus.Key object) {
    return "/apis/" + object.kind().apiVersion() + "/namespaces/" + object.namespace() + "/"
        + object.kind().plural() + "/" + object.name();
  }
}
