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
   * @param broken what its owner is told where the change breaks a rule of Envoy's API, so that it answers 500 instead
   */
  public record Changed(ByteString routes, ByteString loop, Optional<Diagnostic> broken) {}

  /** The routes of a change, as they are made, and the first rule of Envoy's that one of them breaks. */
  private static final class Made {
    private final VirtualHostTwin.Builder routes = VirtualHostTwin.newBuilder();
    private final VirtualHostTwin.Builder loop = VirtualHostTwin.newBuilder();
    private Optional<String> broken = Optional.empty();

    void add(Route route) {
      routes.addRoutes(checked(route));
    }

    void addInLoop(Route route) {
      loop.addRoutes(checked(route));
    }

    /** A route that stays the bytes that came. */
    void addGiven(ByteString route) {
      routes.addRoutes(route);
    }

    private ByteString checked(Route route) {
      broken = broken.or(() -> EnvoyRules.brokenBy(route));
      return route.toByteString();
    }

    Changed changed(Optional<Diagnostic> said) {
      return new Changed(routes.build().toByteString(), loop.build().toByteString(), said);
    }
  }

  /**
   * The route changed.
   *
   * @throws InvalidProtocolBufferException when the bytes are not a route
   */
  public Changed apply(ByteString bytes) throws InvalidProtocolBufferException {
    Route given = Route.parseFrom(bytes);
    Made made = new Made();
    make(given, bytes, made);
    // A rule that the route has broken as it came is Envoy Gateway's own business.
    if (made.broken.isEmpty() || EnvoyRules.brokenBy(given).isPresent()) {
      return made.changed(Optional.empty());
    }
    Made refused = new Made();
    refused.add(DirectResponses.invalidBackend(InBand.strip(given)));
    return refused.changed(made.broken.map(rule -> broken(given, rule)));
  }

  private static Diagnostic broken(Route route, String rule) {
    return new Diagnostic(
        Reason.BrokenRule,
        RouteOwner.of(route),
        "",
        "answers 500, because with its pools and models it would break a rule of Envoy's: " + rule);
  }

  private void make(Route given, ByteString bytes, Made made) {
    Route route = InBand.strip(given);
    if (Preflights.isFor(route)) {
      made.add(going(Preflights.whateverModel(route), plan));
      return;
    }
    Route going = going(route, plan);
    Route rewritten = ModelHeaders.in(route.getMatch()) ? forModel(going) : going;
    Preflights.of(rewritten).ifPresent(made::add);
    if (route.hasRoute()) {
      addModels(route, made);
    }
    for (int i = 0; i < arrivals.size(); i++) {
      add(arrivals.get(i).of(rewritten, bodyLimit.orElseThrow(), i), plan, true, made);
    }
    if (rewritten.equals(given)) {
      made.addGiven(bytes); // nothing but what stands in front of it is ours
    } else {
      add(rewritten, plan, ModelHeaders.byName(route.getMatch()), made);
    }
  }

  private void addModels(Route route, Made made) {
    for (ModelMatch match : ModelMatch.of(policy.models())) {
      Optional<RulePlan> goesTo = match.plan().or(() -> plan);
      Route narrow = HeaderMatchRoutes.narrow(route, match.names());
      Route somewhere = match.plan().isPresent() ? HeaderMatchRoutes.toNowhere(narrow) : narrow;
      add(forModel(going(somewhere, goesTo)), goesTo, true, made);
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
  private void add(Route route, Optional<RulePlan> goesTo, boolean buffered, Made made) {
    if (bodyLimit.isPresent()
        && buffered
        && route.hasRoute()
        && goesTo.map(PoolRoutes::asksPicker).orElse(false)) {
      made.add(LargeBodies.front(route, loops));
      made.addInLoop(LargeBodies.inner(route, loops, bodyLimit.getAsLong()));
    }
    made.add(route);
  }
}
