package dev.pointsman.xds;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.plan.PolicyPlan;
import dev.pointsman.plan.RulePlan;
import dev.pointsman.twins.VirtualHostTwin;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What becomes of a route. Together with the route's bytes it says everything that the result depends on.
 *
 * @param plan the plan of the route's rule; empty when it names no pool
 * @param policy what policies ask of the rule
 * @param setsHostsAside whether the rule's clusters eject hosts or check their health
 * @param arrival whether requests for a model may arrive here first and the extraction has to be switched on
 * @param bodyLimit the largest body, in bytes, from which a model is read; empty where none is read and bodies stream
 * @param filters configurations for filters that have to be present, by filter's name
 * @param refused whether it must not be served
 * @param loops the tokens of the loops that take large bodies and mirrored requests
 */
public record RouteChange(
    Optional<RulePlan> plan,
    PolicyPlan policy,
    boolean setsHostsAside,
    boolean arrival,
    OptionalLong bodyLimit,
    Map<String, Any> filters,
    boolean refused,
    LoopTokens loops) {
  /**
   * A changed route. Both are virtual hosts with routes and nothing else, so that they can stand among a host's fields.
   *
   * @param routes what stands in its place, in order
   * @param loop the copies behind the loop for large bodies, in the same order
   */
  public record Changed(ByteString routes, ByteString loop) {
    private static Changed of(VirtualHostTwin.Builder routes, VirtualHostTwin.Builder loop) {
      return new Changed(routes.build().toByteString(), loop.build().toByteString());
    }
  }

  /**
   * The route changed.
   *
   * @throws InvalidProtocolBufferException when the bytes are not a route
   */
  public Changed apply(ByteString bytes) throws InvalidProtocolBufferException {
    Route route = InBand.strip(Route.parseFrom(bytes));
    VirtualHostTwin.Builder routes = VirtualHostTwin.newBuilder();
    VirtualHostTwin.Builder loop = VirtualHostTwin.newBuilder();
    if (Preflights.isFor(route)) {
      routes.addRoutes(rewrite(Preflights.whateverModel(route), plan).toByteString());
      return Changed.of(routes, loop);
    }
    Route rewritten = rewrite(route, plan);
    Preflights.of(rewritten).ifPresent(preflight -> routes.addRoutes(preflight.toByteString()));
    if (route.hasRoute()) {
      for (PolicyPlan.Model model : policy.models()) {
        for (String name : model.names()) {
          Route narrow = HeaderMatchRoutes.narrow(route, name);
          add(
              rewrite(
                  model.plan().isPresent() ? HeaderMatchRoutes.toNowhere(narrow) : narrow,
                  model.plan().or(() -> plan)),
              model.plan().or(() -> plan),
              routes,
              loop);
        }
      }
    }
    if (arrival) {
      rewritten = ModelExtraction.on(rewritten, bodyLimit.orElseThrow());
    }
    add(rewritten, plan, routes, loop);
    return Changed.of(routes, loop);
  }

  private Route rewrite(Route route, Optional<RulePlan> goesTo) {
    Route rewritten = goesTo.isEmpty()
        ? route
        : PoolRoutes.rewrite(route, goesTo.get(), policy.picker(), setsHostsAside);
    rewritten = RequestMirrors.add(rewritten, policy.mirrors(), loops);
    rewritten = DisabledFilters.withPresent(rewritten, filters);
    return refused ? DirectResponses.invalidBackend(rewritten) : rewritten;
  }

  /** Adds the route, behind its copy for large bodies where the extraction may have buffered them. */
  private void add(
      Route route,
      Optional<RulePlan> goesTo,
      VirtualHostTwin.Builder routes,
      VirtualHostTwin.Builder loop) {
    boolean buffered = bodyLimit.isPresent() && (arrival || ModelHeaders.byName(route.getMatch()));
    if (buffered && route.hasRoute() && goesTo.map(PoolRoutes::asksPicker).orElse(false)) {
      routes.addRoutes(LargeBodies.front(route, loops).toByteString());
      loop.addRoutes(LargeBodies.inner(route, loops, bodyLimit.getAsLong()).toByteString());
    }
    routes.addRoutes(route.toByteString());
  }
}
