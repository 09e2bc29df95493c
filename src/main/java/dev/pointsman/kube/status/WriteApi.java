package dev.pointsman.kube.status;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The few calls of the API server that writing takes. Each is answered within seconds or fails. */
interface WriteApi {
  /** What became of a write. */
  sealed interface Written {
    /**
     * It is done.
     *
     * @param object as the API server has it now
     */
    record Done(JsonNode object) implements Written {}

    /** Somebody else has changed the object since it was read, or it exists already. */
    record Conflict() implements Written {}

    /** The object, or its namespace, is gone. */
    record Gone() implements Written {}
  }

  /** A call failed. */
  final class WriteFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int code;

    /**
     * A failed call.
     *
     * @param code of the HTTP answer; 0 when there was none
     */
    WriteFailure(int code, String message, Throwable cause) {
      super(message, cause);
      this.code = code;
    }

    /** Whether the API server has understood the call and refuses it: trying again soon will not help. */
    boolean isRefusal() {
      return code >= 400 && code < 500 && code != 408 && code != 429;
    }
  }

  /**
   * Reads an object.
   *
   * @param path as {@code /apis/group/version/namespaces/namespace/plural/name}
   * @return empty when there is none
   * @throws WriteFailure when it cannot be known
   */
  Optional<JsonNode> get(String path);

  /**
   * Creates an object.
   *
   * @param path of the collection
   * @throws WriteFailure when it is refused, or nobody answers
   */
  Written create(String path, JsonNode object);

  /**
   * Replaces an object that has not changed since it was read: it has to name its {@code resourceVersion}.
   *
   * @throws WriteFailure when it is refused, or nobody answers
   */
  Written replace(String path, JsonNode object);

  /**
   * Deletes an object.
   *
   * @throws WriteFailure when it is refused, or nobody answers
   */
  Written delete(String path);
}
