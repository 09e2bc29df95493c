package dev.pointsman.xds;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.plan.ModelMatch;
import dev.pointsman.plan.PolicyPlan;
import dev.pointsman.plan.RulePlan;
import dev.pointsman.twins.VirtualHostTwin;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What becomes of a route. Together with the route's bytes it says everything that the result depends on.
 *
 * @param plan the plan of the route's rule; empty when it names no pool
 * @param policy what policies ask of the rule
 * @param setsHostsAside whether the rule's clusters eject hosts or check their health
 * @param arrival the body limit, where requests for a model may arrive first and the extraction has to be switched on
 * @param extracts whether models are read from bodies on the host, so that they arrive buffered
 * @param filters configurations for filters that have to be present, by filter's name
 * @param refused whether it must not be served
 * @param table the route configuration, whose loops take large bodies and mirrored requests
 */
public record RouteChange(
    Optional<RulePlan> plan,
    PolicyPlan policy,
    boolean setsHostsAside,
    OptionalLong arrival,
    boolean extracts,
    Map<String, Any> filters,
    boolean refused,
    String table) {
  /**
   * A changed route. Both are virtual hosts with routes and nothing else, so that they can stand among a host's fields.
   *
   * @param routes what stands in its place, in order
   * @param loop the copies behind the loop for large bodies, in the same order
   * @param broken what its owner is told where the change breaks a rule of Envoy's API, so that it answers 500 instead
   */
  public record Changed(ByteString routes, ByteString loop, Optional<Diagnostic> broken) {}

  /** The routes of a change, as they are made. */
  private record Made(List<Route> routes, List<Route> loop) {
    Changed changed(Optional<Diagnostic> broken) {
      return new Changed(bytes(routes), bytes(loop), broken);
    }

    private static ByteString bytes(List<Route> routes) {
      VirtualHostTwin.Builder host = VirtualHostTwin.newBuilder();
      routes.forEach(route -> host.addRoutes(route.toByteString()));
      return host.build().toByteString();
    }
  }

  /**
   * The route changed.
   *
   * @throws InvalidProtocolBufferException when the bytes are not a route
   */
  public Changed apply(ByteString bytes) throws InvalidProtocolBufferException {
    Route route = InBand.strip(Route.parseFrom(bytes));
    Made made = new Made(new ArrayList<>(), new ArrayList<>());
    make(route, made);
    Optional<String> broken = Stream.concat(made.routes().stream(), made.loop().stream())
        .flatMap(one -> EnvoyRules.brokenBy(one).stream())
        .findFirst()
        .filter(_ -> EnvoyRules.brokenBy(route).isEmpty()); // else Envoy Gateway has broken it
    return broken.isEmpty()
        ? made.changed(Optional.empty())
        : new Made(List.of(DirectResponses.invalidBackend(route)), List.of())
            .changed(broken.map(rule -> broken(route, rule)));
  }

  private static Diagnostic broken(Route route, String rule) {
    return new Diagnostic(
        Reason.BrokenRule,
        RouteOwner.of(route),
        "",
        "answers 500, because with its pools and models it would break a rule of Envoy's: " + rule);
  }

  private void make(Route route, Made made) {
    if (Preflights.isFor(route)) {
      made.routes().add(rewrite(Preflights.whateverModel(route), plan));
      return;
    }
    Route rewritten = rewrite(route, plan);
    Preflights.of(rewritten).ifPresent(made.routes()::add);
    if (route.hasRoute()) {
      for (ModelMatch match : ModelMatch.of(policy.models())) {
        Route narrow = HeaderMatchRoutes.narrow(route, match.names());
        add(
            rewrite(
                match.plan().isPresent() ? HeaderMatchRoutes.toNowhere(narrow) : narrow,
                match.plan().or(() -> plan)),
            match.plan().or(() -> plan),
            made);
      }
    }
    if (arrival.isPresent()) {
      rewritten = ModelExtraction.on(rewritten, arrival.getAsLong());
    }
    add(rewritten, plan, made);
  }

  private Route rewrite(Route route, Optional<RulePlan> goesTo) {
    Route rewritten = goesTo.isEmpty()
        ? route
        : PoolRoutes.rewrite(route, goesTo.get(), policy.picker(), setsHostsAside);
    rewritten = RequestMirrors.add(rewritten, policy.mirrors(), table);
    rewritten = DisabledFilters.withPresent(rewritten, filters);
    return refused ? DirectResponses.invalidBackend(rewritten) : rewritten;
  }

  /** Adds the route, behind its copy for large bodies where the extraction may have buffered them. */
  private void add(Route route, Optional<RulePlan> goesTo, Made made) {
    boolean buffered = extracts && (arrival.isPresent() || ModelHeaders.byName(route.getMatch()));
    if (buffered && route.hasRoute() && goesTo.map(PoolRoutes::asksPicker).orElse(false)) {
      made.routes().add(LargeBodies.front(route, table));
      made.loop().add(LargeBodies.inner(route));
    }
    made.routes().add(route);
  }
}
