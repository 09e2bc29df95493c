package dev.pointsman.xds;

import io.envoyproxy.envoy.config.route.v3.Route;
import java.util.List;
import java.util.Optional;

/**
 * Adds the copies of a route that ask its picker in the loop.
 *
 * @param areAllowed whether it may have copies
 * @param loops the tokens of the loop
 * @param buffered the sources of large bodies that are not read
 * @param pausing users' filters that must not share a filter chain with a picker
 */
record LoopCopies(
    boolean areAllowed, LoopTokens loops, BufferedBodies buffered, PausingFilters pausing) {
  /**
   * Adds the copies.
   *
   * @param reading the extraction, if it may have read the bodies
   * @return whether they take all requests of the route, so that it is not needed itself
   */
  boolean replace(
      Route route,
      boolean usesPicker,
      Optional<BodyReading> reading,
      List<Route> routes,
      List<Route> loop) {
    if (usesPicker && areAllowed && pausing.on(route)) {
      Route withSession = Sessions.beforeRouter(route);
      routes.add(Upgrades.copy(withSession));
      reading
          .filter(own -> own.processors().beforeLoop(route) != route)
          .ifPresent(own -> addLarge(route, true, own, routes, loop));
      routes.add(LargeBodies.apart(withSession, loops));
      long limit = reading.map(BodyReading::bodyLimit).orElse(RouteChange.RETRY_BUFFER_BYTES);
      loop.add(LargeBodies.innerApart(withSession, loops, limit));
      return true;
    }
    if (reading.isPresent()) {
      addLarge(route, usesPicker, reading.get(), routes, loop);
    } else if (usesPicker && areAllowed && buffered.on(route)) {
      Route withSession = Sessions.beforeRouter(route);
      routes.add(LargeBodies.frontForUnread(withSession, loops));
      loop.add(LargeBodies.inner(
          withSession, loops, BodyProcessors.NONE, RouteChange.RETRY_BUFFER_BYTES));
    }
    return false;
  }

  private void addLarge(
      Route route, boolean usesPicker, BodyReading reading, List<Route> routes, List<Route> loop) {
    BodyProcessors processors = reading.processors();
    if (!areAllowed && processors.needLoop(route)) {
      routes.add(LargeBodies.refused(route)); // a processor that fails open must not be skipped
    } else if (areAllowed && (usesPicker || processors.needLoop(route))) {
      Route withSession = Sessions.beforeRouter(route);
      routes.add(LargeBodies.front(withSession, loops, processors));
      if (processors.needLoop(withSession)) {
        loop.add(LargeBodies.processed(withSession, loops, processors));
      }
      loop.add(LargeBodies.inner(withSession, loops, processors, reading.bodyLimit()));
    } else if (processors.beforeLoop(route) != route) {
      routes.add(LargeBodies.only(processors.beforeLoop(route)));
    }
  }
}
