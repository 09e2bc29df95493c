package dev.pointsman.hook;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.extension.PostEndpointsModifyRequest;
import dev.pointsman.extension.PostRouteModifyRequest;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.LatestByGateway;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.xds.XdsSettings;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Plays recorded hook requests through the hooks. Envoy Gateway inserts each answer of the Route hook into the
 * translation that it sends at the end. A recording contains the answers of another build, so the replay inserts the
 * new answers.
 */
public final class Replay {
  private final Hooks.Connection connection;
  private final RouteRecords records = new RouteRecords();
  private final Map<String, ClusterLoadAssignment> assignments = new LinkedHashMap<>();
  private final LatestByGateway<ObjectRef, TranslationResult> latest =
      new LatestByGateway<>(Integer.MAX_VALUE);
  private Optional<TranslationResult> last = Optional.empty();

  /** A replay on a connection of its own. */
  public Replay(XdsSettings settings, ClusterSnapshot snapshot) {
    connection = new Hooks(settings, () -> snapshot).connect();
  }

  /**
   * Plays one request.
   *
   * @param hook the method, {@code PostRouteModify} and so on; unsubscribed methods have no effect
   * @throws InvalidProtocolBufferException when the request is not one of the method
   */
  public void play(String hook, ByteString request) throws InvalidProtocolBufferException {
    switch (hook) {
      case "PostRouteModify" -> route(PostRouteModifyRequest.parseFrom(request));
      case "PostEndpointsModify" -> endpoints(PostEndpointsModifyRequest.parseFrom(request));
      case "PostTranslateModify" -> translation(PostTranslateModifyRequest.parseFrom(request));
      default -> {}
    }
  }

  /** The answer to the last Translation; empty when there was none. */
  public Optional<TranslationResult> last() {
    return last;
  }

  /** The answers to the last Translation of each Gateway, the oldest first. */
  public List<TranslationResult> latest() {
    return List.copyOf(latest.byGateways().values());
  }

  /** The endpoints of Envoy Gateway's own clusters, as reported by the Endpoints hook, by cluster name. */
  public Map<String, ClusterLoadAssignment> assignments() {
    return Map.copyOf(assignments);
  }

  private void route(PostRouteModifyRequest request) throws InvalidProtocolBufferException {
    records.add(connection.route(request));
  }

  private void endpoints(PostEndpointsModifyRequest request) throws InvalidProtocolBufferException {
    var _ = connection.endpoints(request);
    ClusterLoadAssignment assignment = ClusterLoadAssignment.parseFrom(request.getLoadAssignment());
    assignments.put(assignment.getClusterName(), assignment);
  }

  private void translation(PostTranslateModifyRequest request)
      throws InvalidProtocolBufferException {
    TranslationResult result = connection.translation(RouteRecords.into(request, records.take()));
    last = Optional.of(result);
    var _ = latest.put(result.gateways(), result);
  }
}
