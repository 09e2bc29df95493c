package dev.pointsman.xds;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.plan.ModelMatch;
import dev.pointsman.plan.PolicyPlan;
import dev.pointsman.plan.RulePlan;
import dev.pointsman.shallow.ShallowVirtualHost;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What becomes of a route. Together with the route's bytes it says everything that the result depends on.
 *
 * @param plan the plan of the route's rule; empty when it names no pool
 * @param policy what policies ask of the rule
 * @param canEjectHosts whether the rule's clusters eject hosts or check their health
 * @param takesLargeBodies whether it may have copies for bodies above 4 MB; without them a picker gets such a body as one
 *     message, and a route with processors of bodies answers 413
 * @param initialRoutes the copies in front of it at which requests for a model arrive
 * @param reading how models are read; empty where none is read and bodies stream
 * @param refused whether its models must not be served
 * @param loops the tokens of the loops that take large bodies and mirrored requests
 * @param held where bodies are held that are not read
 */
public record RouteChange(
    Optional<RulePlan> plan,
    PolicyPlan policy,
    boolean canEjectHosts,
    boolean takesLargeBodies,
    List<InitialRouteCopy> initialRoutes,
    Optional<BodyReading> reading,
    boolean refused,
    LoopTokens loops,
    HeldBodies held) {
  /** The largest body, in bytes, that is kept for another try where none is read for its model. */
  private static final long KEPT_BYTES = 20L << 20;

  /**
   * A changed route. Both are virtual hosts with routes and nothing else, so that they can stand among a host's fields.
   *
   * @param routes what stands in its place, in order
   * @param loop the copies behind the loop for large bodies, in the same order
   * @param broken what its owner is told where the change breaks a rule of Envoy's API, so that it is not made
   */
  public record Changed(ByteString routes, ByteString loop, Optional<Diagnostic> broken) {}

  /**
   * The routes of a change, as they are made.
   *
   * @param kept the route as it came, where nothing but what stands in front of it is ours
   */
  private record Made(List<Route> routes, List<Route> loop, Optional<ByteString> kept) {
    Changed changed(Optional<Diagnostic> broken) {
      ShallowVirtualHost.Builder host = ShallowVirtualHost.newBuilder();
      routes.forEach(route -> host.addRoutes(route.toByteString()));
      kept.ifPresent(host::addRoutes);
      ShallowVirtualHost.Builder behind = ShallowVirtualHost.newBuilder();
      loop.forEach(route -> behind.addRoutes(route.toByteString()));
      return new Changed(host.build().toByteString(), behind.build().toByteString(), broken);
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
    List<Route> routes = new ArrayList<>();
    List<Route> loop = new ArrayList<>();
    Route rewritten = make(route, routes, loop);
    Optional<ByteString> kept = rewritten.equals(given) ? Optional.of(bytes) : Optional.empty();
    if (kept.isEmpty()) {
      add(rewritten, plan, isBuffered(route), routes, loop);
    }
    Optional<String> broken = Stream.concat(routes.stream(), loop.stream())
        .flatMap(one -> EnvoyRules.brokenBy(one).stream())
        .findFirst()
        .filter(_ -> EnvoyRules.brokenBy(route).isEmpty()); // else Envoy Gateway has broken it
    if (broken.isEmpty()) {
      return new Made(routes, loop, kept).changed(Optional.empty());
    }
    List<Route> refusal =
        kept.isPresent() ? List.of() : List.of(DirectResponses.invalidBackend(route));
    return new Made(refusal, List.of(), kept)
        .changed(broken.map(rule -> broken(route, kept.isPresent(), rule)));
  }

  private static Diagnostic broken(Route route, boolean kept, String rule) {
    return new Diagnostic(
        Reason.BrokenRule,
        RouteOwner.of(route),
        "",
        (kept
                ? "is passed by where models are read: its copies for requests with a model"
                : "answers 500: with its pools and models it")
            + " would break a rule of Envoy's: " + rule);
  }

  /** Makes what stands in front of the route, and returns what becomes of the route itself. */
  private Route make(Route route, List<Route> routes, List<Route> loop) {
    if (Preflights.isFor(route)) {
      return going(Preflights.whateverModel(route), plan);
    }
    Route going = going(route, plan);
    boolean asksForModel = ModelHeaders.in(route.getMatch());
    Route rewritten = asksForModel ? forModel(going) : going;
    Preflights.of(rewritten).ifPresent(routes::add);
    if (route.hasRoute()) {
      addModels(route, routes, loop);
    }
    for (int i = 0; i < initialRoutes.size(); i++) {
      BodyReading own = reading.orElseThrow();
      Route arrival = initialRoutes.get(i).of(rewritten, own.bodyLimit(), i);
      add(ResponseOverrides.moved(arrival, own.overrides()), plan, true, routes, loop);
    }
    return asksForModel ? afterReading(rewritten, plan, routes, loop) : rewritten;
  }

  /** Adds what stands before a model route, and returns the route that the models of bodies meet. */
  private Route afterReading(
      Route route, Optional<RulePlan> goesTo, List<Route> routes, List<Route> loop) {
    List<Route> all = reading.map(own -> own.ofModel(route)).orElse(List.of(route));
    all.subList(0, all.size() - 1).forEach(unread -> add(unread, goesTo, false, routes, loop));
    return all.getLast();
  }

  private void addModels(Route route, List<Route> routes, List<Route> loop) {
    for (ModelMatch match : ModelMatch.of(policy.models())) {
      Optional<RulePlan> goesTo = match.plan().or(() -> plan);
      Route narrow = HeaderMatchRoutes.narrow(route, match.names());
      Route somewhere = match.plan().isPresent() ? HeaderMatchRoutes.toNowhere(narrow) : narrow;
      Route model = afterReading(forModel(going(somewhere, goesTo)), goesTo, routes, loop);
      add(model, goesTo, true, routes, loop);
    }
  }

  /** Whether bodies of its requests may have been buffered by the extraction: those of preflights have none. */
  private static boolean isBuffered(Route route) {
    return ModelHeaders.byName(route.getMatch()) && !Preflights.isFor(route);
  }

  private Route going(Route route, Optional<RulePlan> goesTo) {
    Route going = goesTo.isEmpty()
        ? route
        : PoolRoutes.rewrite(route, goesTo.get(), policy.picker(), canEjectHosts);
    return RequestMirrors.add(going, policy.mirrors(), loops);
  }

  private Route forModel(Route route) {
    Route present = reading
        .map(own -> ResponseOverrides.moved(
            DisabledFilters.withPresent(route, own.present()), own.overrides()))
        .orElse(route);
    return refused ? DirectResponses.invalidBackend(present) : present;
  }

  /**
   * Adds the route, behind its copies for bodies that are too large, or large where something may have buffered them.
   *
   * @param read whether the extraction may have read its bodies
   */
  private void add(
      Route route, Optional<RulePlan> goesTo, boolean read, List<Route> routes, List<Route> loop) {
    if (route.hasRoute()) {
      boolean asksPicker = goesTo.map(PoolRoutes::asksPicker).orElse(false);
      if (reading.isPresent() && read) {
        RequestLimits.of(route, reading.get().bodyLimit()).ifPresent(routes::add);
        addLarge(route, asksPicker, reading.get(), routes, loop);
      } else if (asksPicker && takesLargeBodies && held.on(route)) {
        Route looped = Sessions.beforeRouter(route);
        routes.add(LargeBodies.maybeInFront(looped, loops));
        loop.add(LargeBodies.inner(looped, loops, BodyProcessors.NONE, KEPT_BYTES));
      }
    }
    routes.add(route);
  }

  private void addLarge(
      Route route, boolean asksPicker, BodyReading reading, List<Route> routes, List<Route> loop) {
    BodyProcessors processors = reading.processors();
    if (!takesLargeBodies && processors.needLoop(route)) {
      routes.add(LargeBodies.refused(route)); // a processor that fails open must not be passed by
    } else if (takesLargeBodies && (asksPicker || processors.needLoop(route))) {
      Route looped = Sessions.beforeRouter(route);
      routes.add(LargeBodies.front(looped, loops, processors));
      if (processors.needLoop(looped)) {
        loop.add(LargeBodies.processed(looped, loops, processors));
      }
      loop.add(LargeBodies.inner(looped, loops, processors, reading.bodyLimit()));
    } else if (processors.inFront(route) != route) {
      routes.add(LargeBodies.only(processors.inFront(route)));
    }
  }
}
