package dev.pointsman.xds;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.plan.RulePlan;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What becomes of a route. Together with the route's bytes it says everything that the result depends on.
 *
 * @param plan the plan of the route's rule; empty when it names no pool
 * @param setsHostsAside whether the rule's clusters eject hosts or check their health
 * @param arrival the body limit, where requests for a model may arrive first and the extraction has to be switched on
 * @param filters configurations for filters that have to be present, by filter's name
 * @param refused whether it must not be served
 * @param largeBodies the route configuration whose loop takes its large bodies; empty when they need none
 */
public record RouteChange(
    Optional<RulePlan> plan,
    boolean setsHostsAside,
    OptionalLong arrival,
    Map<String, Any> filters,
    boolean refused,
    Optional<String> largeBodies) {
  /**
   * A changed route.
   *
   * @param routes what stands in its place, in order
   * @param loop its copy behind the loop for large bodies
   */
  public record Changed(List<ByteString> routes, Optional<ByteString> loop) {}

  /**
   * The route changed.
   *
   * @throws InvalidProtocolBufferException when the bytes are not a route
   */
  public Changed apply(ByteString bytes) throws InvalidProtocolBufferException {
    Route route = InBand.strip(Route.parseFrom(bytes));
    if (plan.isPresent()) {
      route = PoolRoutes.rewrite(route, plan.get(), setsHostsAside);
    }
    if (arrival.isPresent()) {
      route = ModelExtraction.on(route, arrival.getAsLong());
    }
    if (!filters.isEmpty()) {
      route = DisabledFilters.withPresent(route, filters);
    }
    if (refused) {
      route = DirectResponses.invalidBackend(route);
    }
    if (largeBodies.isEmpty() || !route.hasRoute()) {
      return new Changed(List.of(route.toByteString()), Optional.empty());
    }
    ByteString front = LargeBodies.front(route, largeBodies.get()).toByteString();
    return new Changed(
        List.of(front, route.toByteString()),
        Optional.of(LargeBodies.inner(route).toByteString()));
  }
}
