package dev.pointsman.kube.status;

import dev.pointsman.kube.status.WriteApi.WriteResult;
import dev.pointsman.status.ObjectStatus;
import dev.pointsman.status.StatusKind;
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
final class OptimisticWrites {
  /**
   * Each conflict is another writer's success. The bound exceeds the number of concurrent writers of an object: its
   * controllers, Envoy Gateway, our leader and starting replicas. After more conflicts the write fails and is retried
   * later.
   */
  private static final int MOST_ATTEMPTS = 8;

  private final WriteApi api;
  private final WriteMetrics metrics;
  private final Clock clock;

  /**
   * Whether the API server keeps the names of controllers in statuses of pools, as those of Gateway API Inference Extension
   * v1.1.0 and later. While it is not known, entries are written with a mark, which is removed where the name is kept:
   * at no time is there an entry that nobody knows as ours.
   */
  private volatile boolean keepsNames;

  OptimisticWrites(WriteApi api, WriteMetrics metrics, Clock clock) {
    this.api = api;
    this.metrics = metrics;
    this.clock = clock;
  }

  WriteApi api() {
    return api;
  }

  WriteMetrics metrics() {
    return metrics;
  }

  Clock clock() {
    return clock;
  }

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
    boolean marked = false;
    for (int i = 0; i < MOST_ATTEMPTS && object.isPresent(); i++) {
      if (object.get().path("metadata").path("generation").asLong(0) != status.generation()) {
        return false; // the status was computed from another spec
      }
      StatusUpdate update = marked ? new StatusUpdate(status, true) : update(status, object.get());
      Optional<ObjectNode> updated = update.apply(object.get(), clock.instant());
      if (updated.isEmpty()) {
        return true;
      }
      if (!mayWrite.getAsBoolean()) {
        return false;
      }
      switch (api.replace(path + "/status", updated.get())) {
        case WriteResult.Gone _ -> {
          return true;
        }
        case WriteResult.Conflict _ -> object = api.get(path);
        case WriteResult.Done(JsonNode done) -> {
          if (update.hasRightMark(done)) {
            metrics.statusWritten();
            return true;
          }
          marked = !update.marked();
          keepsNames = !marked;
          object = Optional.of(marked ? withVersion(done, object.get()) : done);
        }
      }
    }
    return object.isEmpty();
  }

  private StatusUpdate update(ObjectStatus status, JsonNode object) {
    StatusUpdate update = StatusUpdate.of(status, object);
    if (status.object().kind() != StatusKind.POOL || keepsNames) {
      return update;
    }
    keepsNames = update.hasNames(object);
    return keepsNames ? update : new StatusUpdate(status, true);
  }

  /** The object before a write that lost the name of its entry, to be written again in place of that. */
  private static JsonNode withVersion(JsonNode written, JsonNode before) {
    ObjectNode again = (ObjectNode) before.deepCopy();
    again.withObject("metadata").set("resourceVersion", written.at("/metadata/resourceVersion"));
    return again;
  }

  static String path(ObjectStatus.Key object) {
    return "/apis/" + object.kind().apiVersion() + "/namespaces/" + object.namespace() + "/"
        + object.kind().plural() + "/" + object.name();
  }
}
