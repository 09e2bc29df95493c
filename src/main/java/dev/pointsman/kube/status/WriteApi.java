package dev.pointsman.kube.status;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The calls of the API server for writers. Each returns within seconds or fails. */
interface WriteApi {
  /** The outcome of a write. */
  sealed interface WriteResult {
    /**
     * The write succeeded.
     *
     * @param object the stored object
     */
    record Done(JsonNode object) implements WriteResult {}

    /** Another client has changed the object since it was read, or it exists already. */
    record Conflict() implements WriteResult {}

    /** The object or its namespace does not exist. */
    record Gone() implements WriteResult {}
  }

  /** A call failed. */
  final class WriteFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int code;

    /**
     * A failed call.
     *
     * @param code the HTTP status; 0 when there was no response
     */
    WriteFailure(int code, String message, Throwable cause) {
      super(message, cause);
      this.code = code;
    }

    /** Whether the API server rejects the call as such: an immediate retry does not help. */
    boolean isRefusal() {
      return code >= 400 && code < 500 && code != 408 && code != 429;
    }
  }

  /**
   * Reads an object.
   *
   * @param path the path {@code /apis/group/version/namespaces/namespace/plural/name}
   * @return empty when there is none
   * @throws WriteFailure when the call fails
   */
  Optional<JsonNode> get(String path);

  /**
   * Creates an object.
   *
   * @param path the path of the collection
   * @throws WriteFailure when it is rejected or there is no response
   */
  WriteResult create(String path, JsonNode object);

  /**
   * Replaces an object that has not changed since it was read: it has to name its {@code resourceVersion}.
   *
   * @throws WriteFailure when it is rejected or there is no response
   */
  WriteResult replace(String path, JsonNode object);

  /**
   * Deletes an object.
   *
   * @throws WriteFailure when it is rejected or there is no response
   */
  WriteResult delete(String path);
}
