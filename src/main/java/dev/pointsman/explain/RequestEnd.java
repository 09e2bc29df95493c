package dev.pointsman.explain;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Optional;

/** The end of a request's way. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "is")
public sealed interface RequestEnd {
  /**
   * The gateway itself responds.
   *
   * @param status of HTTP; a gRPC client receives it as gRPC's status
   * @param code in OpenAI's error format; empty if the response is not in it
   * @param cause in words
   */
  record Answered(int status, String code, String cause) implements RequestEnd {}

  /** The gateway redirects the client. */
  record Redirected(int status, String target) implements RequestEnd {}

  /**
   * The request is sent to backends.
   *
   * @param shares the backends, each with its share
   * @param mirrors the receivers of copies
   * @param limits timeouts and retries, in words
   * @param headers the request headers that the route sets and removes
   * @param largeBodies the way of bodies of 4 MB and more, if it is another one
   */
  record Forwarded(
      List<TrafficShare> shares,
      List<MirroredShare> mirrors,
      List<String> limits,
      List<String> headers,
      Optional<String> largeBodies)
      implements RequestEnd {}

  /**
   * The request is sent in stages until one serves it.
   *
   * @param stages in their order, at least two
   * @param when the conditions under which the next stage gets it, as Envoy names them
   */
  record Staged(List<RequestEnd> stages, String when) implements RequestEnd {}

  /**
   * A backend's share of a rule's requests.
   *
   * @param cluster the name of Envoy's cluster
   * @param percent of the rule's requests
   * @param pool the pool's namespace and name; empty for another backend
   * @param subset the labels of the pool's pods that are used, as {@code name=value}; empty: all pods
   * @param picker empty if no picker is asked
   * @param tls the security of the connections, in words; empty for plaintext
   * @param endpoints that requests are sent to now; empty if they are not known
   * @param protection outlier detection, circuit breakers and health checks, in words
   * @param error the response of the gateway, if it is certain that no backend responds
   */
  record TrafficShare(
      String cluster,
      double percent,
      Optional<String> pool,
      Optional<String> subset,
      Optional<PickerUse> picker,
      Optional<String> tls,
      Optional<List<String>> endpoints,
      List<String> protection,
      Optional<Answered> error) {}

  /**
   * The use of an endpoint picker.
   *
   * @param service the name of its endpoints in endpoint discovery
   * @param tls the connection's security, in words
   * @param failsOpen whether requests pass without it if it fails
   * @param endpoints its endpoints now; empty if they are not known
   */
  record PickerUse(
      String service, String tls, boolean failsOpen, Optional<List<String>> endpoints) {}

  /**
   * A receiver of copies.
   *
   * @param pool the pool's namespace and name; empty for another backend
   */
  record MirroredShare(
      String cluster, double percent, Optional<String> pool, Optional<List<String>> endpoints) {}
}
