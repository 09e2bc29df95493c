package dev.pointsman.xds;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.plan.PolicyPlan;
import dev.pointsman.plan.RulePlan;
import dev.pointsman.twins.VirtualHostTwin;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What becomes of a route. Together with the route's bytes it says everything that the result depends on.
 *
 * @param plan the plan of the route's rule; empty when it names no pool
 * @param policy what policies ask of the rule
 * @param setsHostsAside whether the rule's clusters eject hosts or check their health
 * @param arrivals the copies in front of it at which requests for a model arrive
 * @param bodyLimit the largest body, in bytes, from which a model is read; empty where none is read and bodies stream
 * @param filters configurations for filters that have to be present where a model is served, by filter's name
 * @param refused whether its models must not be served
 * @param loops the tokens of the loops that take large bodies and mirrored requests
 */
public record RouteChange(
    Optional<RulePlan> plan,
    PolicyPlan policy,
    boolean setsHostsAside,
    List<ArrivalCopy> arrivals,
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
    Route given = Route.parseFrom(bytes);
    Route route = InBand.strip(given);
    VirtualHostTwin.Builder routes = VirtualHostTwin.newBuilder();
    VirtualHostTwin.Builder loop = VirtualHostTwin.newBuilder();
    if (Preflights.isFor(route)) {
      routes.addRoutes(going(Preflights.whateverModel(route), plan).toByteString());
      return Changed.of(routes, loop);
    }
    Route going = going(route, plan);
    Route rewritten = ModelHeaders.in(route.getMatch()) ? forModel(going) : going;
    Preflights.of(rewritten).ifPresent(preflight -> routes.addRoutes(preflight.toByteString()));
    if (route.hasRoute()) {
      addModels(route, routes, loop);
    }
    for (int i = 0; i < arrivals.size(); i++) {
      Route copy = arrivals.get(i).of(rewritten, bodyLimit.orElseThrow(), i);
      add(copy, plan, true, routes, loop);
    }
    if (rewritten.equals(given)) {
      routes.addRoutes(bytes); // nothing but what stands in front of it is ours
    } else {
      add(rewritten, plan, ModelHeaders.byName(route.getMatch()), routes, loop);
    }
    return Changed.of(routes, loop);
  }

  private void addModels(
      Route route, VirtualHostTwin.Builder routes, VirtualHostTwin.Builder loop) {
    for (PolicyPlan.Model model : policy.models()) {
      Optional<RulePlan> goesTo = model.plan().or(() -> plan);
      for (String name : model.names()) {
        Route narrow = HeaderMatchRoutes.narrow(route, name);
        Route somewhere = model.plan().isPresent() ? HeaderMatchRoutes.toNowhere(narrow) : narrow;
        add(forModel(going(somewhere, goesTo)), goesTo, true, routes, loop);
      }
    }
  }

  private Route going(Route route, Optional<RulePlan> goesTo) {
    Route going = goesTo.isEmpty()
        ? route
        : PoolRoutes.rewrite(route, goesTo.get(), policy.picker(), setsHostsAside);
    return RequestMirrors.add(going, policy.mirrors(), loops);
  }

  private Route forModel(Route route) {
    Route present = DisabledFilters.withPresent(route, filters);
    return refused ? DirectResponses.invalidBackend(present) : present;
  }

  /** Adds the route, behind its copy for large bodies where the extraction may have buffered them. */
  private void add(
      Route route,
      Optional<RulePlan> goesTo,
      boolean buffered,
      VirtualHostTwin.Builder routes,
      VirtualHostTwin.Builder loop) {
    if (bodyLimit.isPresent()
        && buffered
        && route.hasRoute()
        && goesTo.map(PoolRoutes::asksPicker).orElse(false)) {
      routes.addRoutes(LargeBodies.front(route, loops).toByteString());
      loop.addRoutes(LargeBodies.inner(route, loops, bodyLimit.getAsLong()).toByteString());
    }
    routes.addRoutes(route.toByteString());
  }
}
