package dev.pointsman.differential;

import java.util.Map;

/**
 * A request as a pod received it.
 *
 * @param id the id of the request's copy
 * @param backend the pod's group, e.g. {@code b0}
 * @param path with the query
 * @param headers names in lower case, values joined
 * @param body its length and hash
 * @param whole whether the request was complete
 */
record ReceivedRequest(
    String id,
    String backend,
    String pod,
    String method,
    String path,
    Map<String, String> headers,
    String body,
    Map<String, String> trailers,
    boolean whole) {
  ReceivedRequest {
    headers = Map.copyOf(headers);
    trailers = Map.copyOf(trailers);
  }
}
