package dev.pointsman.kube.status;

import dev.pointsman.kube.status.WriteApi.WriteResult;
import dev.pointsman.status.ObjectStatus;
import dev.pointsman.status.StatusUpdate;
import java.time.Clock;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes statuses with optimistic concurrency: on a conflict the object is read again, so the changes of other writers
 * are kept.
 */
record OptimisticWrites(WriteApi api, WriteMetrics metrics, Clock clock) {
  /**
   * Each conflict is another writer's success. The bound exceeds the number of concurrent writers of an object: its
   * controllers, Envoy Gateway, our leader and starting replicas. After more conflicts the write fails and is retried
   * later.
   */
  private static final int MOST_ATTEMPTS = 8;

  /**
   * Writes a status.
   *
   * @param seen the last observed object
   * @param mayWrite called before each write
   * @return whether no retry is needed; also true if the object was deleted
   * @throws WriteApi.WriteFailure when a call fails
   */
  boolean write(ObjectStatus status, JsonNode seen, BooleanSupplier mayWrite) {
    String path = path(status.object());
    Optional<JsonNode> object = Optional.of(seen);
    for (int i = 0; i < MOST_ATTEMPTS && object.isPresent(); i++) {
      if (object.get().path("metadata").path("generation").asLong(0) != status.generation()) {
        return false; // the status was computed from another spec
      }
      StatusUpdate update = StatusUpdate.of(status, object.get());
      Optional<ObjectNode> updated = update.apply(object.get(), clock.instant());
      if (updated.isEmpty()) {
        return true;
      }
      if (!mayWrite.getAsBoolean()) {
        return false;
      }
      WriteResult written = api.replace(path + "/status", updated.get());
      if (written instanceof WriteResult.Done(JsonNode done)) {
        metrics.statusWritten();
        if (update.lostControllerName(done) && mayWrite.getAsBoolean()) {
          mark(status, object.get(), done);
        }
      }
      if (!(written instanceof WriteResult.Conflict)) {
        return true;
      }
      object = api.get(path);
    }
    return object.isEmpty();
  }

  /** Writes the status again with marks: the pools' definition is older than v1.1.0 and has no controllerName. */
  private void mark(ObjectStatus status, JsonNode before, JsonNode written) {
    new StatusUpdate(status, true).apply(before, clock.instant()).ifPresent(update -> {
      update.withObject("metadata").set("resourceVersion", written.at("/metadata/resourceVersion"));
      WriteResult _ = api.replace(path(status.object()) + "/status", update);
    });
  }

  static String path(ObjectStatus.Key object) {
    return "/apis/" + object.kind().apiVersion() + "/namespaces/" + object.namespace() + "/"
        + object.kind().plural() + "/" + object.name();
  }
}
