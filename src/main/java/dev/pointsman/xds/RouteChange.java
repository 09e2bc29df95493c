package dev.pointsman.xds;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.model.BodySizes;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.plan.Fallback;
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
 * The change of a route. This record and the route's bytes are all inputs of the result.
 *
 * @param plan the plan of the route's rule; empty if it names no pool
 * @param policy the settings of policies for the rule
 * @param canEjectHosts whether the rule's clusters eject hosts or check their health
 * @param takesLargeBodies whether it may have copies for bodies above 4 MB; without them a picker receives such a body
 *     as one message, and a route with processors of bodies answers 413
 * @param initialRouteCopies its copies as an initial route
 * @param reading the extraction; empty if no model is read and bodies stream
 * @param refused whether its models must not be served
 * @param loops the tokens of the loops for large bodies and mirrored requests
 * @param buffered the sources of large bodies that are not read
 * @param pausing users' filters that must not share a filter chain with a picker
 */
public record RouteChange(
    Optional<RulePlan> plan,
    PolicyPlan policy,
    boolean canEjectHosts,
    boolean takesLargeBodies,
    List<InitialRouteCopy> initialRouteCopies,
    Optional<BodyReading> reading,
    boolean refused,
    LoopTokens loops,
    BufferedBodies buffered,
    PausingFilters pausing) {
  /** The largest body, in bytes, that is buffered for a retry if it is not read for its model. */
  static final long RETRY_BUFFER_BYTES = BodySizes.DEFAULT_LIMIT;

  /**
   * The target of a route.
   *
   * @param plan empty if it names no pool
   * @param stages after it
   */
  private record RouteTarget(Optional<RulePlan> plan, Optional<Stages> stages) {
    boolean usesPicker() {
      return plan.map(PoolRoutes::usesPicker).orElse(false);
    }
  }

  /**
   * A changed route. Both fields are virtual hosts with routes only, so that they can be spliced into a host.
   *
   * @param routes its replacement, in order
   * @param loop the copies in the loop for large bodies, in the same order
   * @param broken the diagnostic of a change that is not made, because it would break a rule of Envoy's API
   */
  public record Changed(ByteString routes, ByteString loop, Optional<Diagnostic> broken) {}

  /**
   * The routes of a change.
   *
   * @param unchanged the original bytes of the route, if only copies are added before it
   */
  private record Result(List<Route> routes, List<Route> loop, Optional<ByteString> unchanged) {
    Changed changed(Optional<Diagnostic> broken) {
      ShallowVirtualHost.Builder host = ShallowVirtualHost.newBuilder();
      routes.forEach(route -> host.addRoutes(route.toByteString()));
      unchanged.ifPresent(host::addRoutes);
      ShallowVirtualHost.Builder loopHost = ShallowVirtualHost.newBuilder();
      loop.forEach(route -> loopHost.addRoutes(route.toByteString()));
      return new Changed(host.build().toByteString(), loopHost.build().toByteString(), broken);
    }
  }

  /**
   * Applies the change.
   *
   * @throws InvalidProtocolBufferException if the bytes are no route
   */
  public Changed apply(ByteString bytes) throws InvalidProtocolBufferException {
    Route original = Route.parseFrom(bytes);
    Route route = InBand.strip(original);
    List<Route> routes = new ArrayList<>();
    List<Route> loop = new ArrayList<>();
    RouteTarget own = Preflights.isFor(route)
        ? new RouteTarget(plan, Optional.empty())
        : target(plan, policy.ofRule());
    Route rewritten = addCopies(route, own, routes, loop);
    boolean isSame = rewritten.equals(original) && (own.stages().isEmpty() || !original.hasRoute());
    Optional<ByteString> unchanged = isSame ? Optional.of(bytes) : Optional.empty();
    if (unchanged.isEmpty()) {
      add(rewritten, own, isBuffered(route), routes, loop);
    }
    Optional<String> broken = Stream.concat(routes.stream(), loop.stream())
        .flatMap(one -> EnvoyRules.brokenBy(one).stream())
        .findFirst()
        .filter(_ -> EnvoyRules.brokenBy(route).isEmpty()); // else Envoy Gateway's route breaks it
    if (broken.isEmpty()) {
      return new Result(routes, loop, unchanged).changed(Optional.empty());
    }
    List<Route> refusal =
        unchanged.isPresent() ? List.of() : List.of(DirectResponses.invalidBackend(route));
    return new Result(refusal, List.of(), unchanged)
        .changed(broken.map(rule -> broken(route, unchanged.isPresent(), rule)));
  }

  private static Diagnostic broken(Route route, boolean unchanged, String rule) {
    return new Diagnostic(
        Reason.BrokenRule,
        RouteOwner.of(route),
        "",
        (unchanged
                ? "is passed by where models are read: its copies for requests with a model"
                : "answers 500: with its pools and models it")
            + " would break a rule of Envoy's: " + rule);
  }

  private RouteTarget target(Optional<RulePlan> chosen, Optional<Fallback> fallback) {
    return new RouteTarget(
        chosen,
        fallback
            .filter(_ -> takesLargeBodies)
            .flatMap(stages -> StagesCluster.of(chosen, stages)
                .map(cluster ->
                    new Stages(stages, cluster, policy.picker(), canEjectHosts, loops))));
  }

  /** Adds the copies before the route, and returns the changed route itself. */
  private Route addCopies(Route route, RouteTarget own, List<Route> routes, List<Route> loop) {
    if (Preflights.isFor(route)) {
      return toBackends(Preflights.withoutModel(route), own);
    }
    Route routed = toBackends(route, own);
    boolean hasModelCondition = ModelHeaders.in(route.getMatch());
    Route rewritten = hasModelCondition ? forModel(routed) : routed;
    Preflights.of(rewritten).ifPresent(routes::add);
    if (route.hasRoute()) {
      addModels(route, routes, loop);
    }
    for (int i = 0; i < initialRouteCopies.size(); i++) {
      BodyReading read = reading.orElseThrow();
      Route copy = initialRouteCopies.get(i).of(rewritten, read.bodyLimit(), read.sources(), i);
      add(ResponseOverrides.moved(copy, read.overrides()), own, true, routes, loop);
    }
    return hasModelCondition ? afterReading(rewritten, own, routes, loop) : rewritten;
  }

  /**
   * Adds the copies of a model route that match before the body is read, and returns the route for models of bodies.
   */
  private Route afterReading(
      Route route, RouteTarget target, List<Route> routes, List<Route> loop) {
    List<Route> all = reading.map(own -> own.modelRoutes(route)).orElse(List.of(route));
    all.subList(0, all.size() - 1).forEach(unread -> add(unread, target, false, routes, loop));
    return all.getLast();
  }

  private void addModels(Route route, List<Route> routes, List<Route> loop) {
    for (ModelMatch match : policy.models()) {
      RouteTarget target = target(match.plan().or(() -> plan), policy.of(match));
      Route narrow = HeaderMatchRoutes.narrow(route, match.names());
      Route nowhere = match.plan().isPresent() ? HeaderMatchRoutes.withoutCluster(narrow) : narrow;
      Route model = afterReading(forModel(toBackends(nowhere, target)), target, routes, loop);
      add(model, target, true, routes, loop);
    }
  }

  /** Whether the extraction may have buffered bodies of its requests. Preflights have no bodies. */
  private static boolean isBuffered(Route route) {
    return ModelHeaders.byName(route.getMatch()) && !Preflights.isFor(route);
  }

  private Route toBackends(Route route, RouteTarget target) {
    return RequestMirrors.add(
        PoolRoutes.rewrite(route, target.plan(), target.stages(), policy, canEjectHosts),
        policy.mirrors(),
        policy.identity(),
        loops);
  }

  private Route forModel(Route route) {
    Route prepared = reading
        .map(own -> ResponseOverrides.moved(
            DisabledFilters.withFilters(route, own.inertFilters()), own.overrides()))
        .orElse(route);
    return refused ? DirectResponses.invalidBackend(prepared) : prepared;
  }

  /**
   * Adds the route, after its copies for bodies that exceed a limit or are large and may have been buffered.
   *
   * @param read whether the extraction may have read its bodies
   */
  private void add(
      Route given, RouteTarget target, boolean read, List<Route> routes, List<Route> loop) {
    Route route = reading
        .filter(_ -> read && given.hasRoute())
        .map(own -> OtherNames.withRoom(given, target.plan(), policy.mirrors(), own.bodyLimit()))
        .orElse(given);
    if (route.hasRoute()) {
      boolean usesPicker = target.usesPicker();
      if (target.stages().isPresent()) {
        Optional<BodyReading> own = reading.filter(_ -> read);
        Stages stages = target.stages().get();
        routes.addAll(stages.beforeLoop(route, own));
        loop.addAll(stages.inLoop(route, own));
        return;
      }
      Optional<BodyReading> own = reading.filter(_ -> read);
      own.flatMap(one -> one.limits().refusing(route, one.bodyLimit())).ifPresent(routes::add);
      if (copies().replace(route, usesPicker, own, routes, loop)) {
        return;
      }
    }
    routes.add(route);
  }

  private LoopCopies copies() {
    return new LoopCopies(takesLargeBodies, loops, buffered, pausing);
  }
}
