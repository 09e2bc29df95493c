package dev.pointsman.xds;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.twins.RouteTwin;
import dev.pointsman.twins.VirtualHostTwin;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Arranges the routes of a virtual host that has model routes:
 *
 * <pre>
 * invalid model        400
 * model routes         each behind its copy for large bodies
 * other routes         where requests for a model may arrive first: with the extraction switched on
 * unknown model        404
 * unrouted             where all other requests for a model arrive first
 * </pre>
 *
 * The order among Envoy Gateway's routes stays, and routes that no request for a model can meet stay the bytes that
 * came.
 */
public final class VirtualHosts {
  private final XdsSettings settings;

  /** Virtual hosts as the settings say. */
  public VirtualHosts(XdsSettings settings) {
    this.settings = settings;
  }

  /**
   * A route of a virtual host: decoded where there is something to know about it, else only its bytes.
   *
   */
  public sealed interface Slot {
    /** A route that nobody has looked into. */
    record Opaque(ByteString bytes) implements Slot {}

    /**
     * A route that asks for a model or goes to a pool.
     *
     * @param picker whether an endpoint picker is asked on it
     */
    record Known(Route route, boolean goesToPool, boolean picker) implements Slot {
      boolean asksForModel() {
        return ModelExtraction.matchesModel(route);
      }

      Known with(Route changed) {
        return new Known(changed, goesToPool, picker);
      }
    }
  }

  /**
   * A rewritten host.
   *
   * @param loop the routes behind the loop for large bodies, empty when the host needs none
   */
  public record Rewritten(VirtualHostTwin host, List<Route> loop, List<Diagnostic> diagnostics) {}

  /**
   * The host with its routes arranged.
   *
   * @param slots its routes in their order, pools already in place
   * @param disabled the filters that the host's listeners list as disabled
   * @throws InvalidProtocolBufferException when a route's match cannot be read
   */
  public Rewritten rewrite(
      VirtualHostTwin host, List<Slot> slots, String routeConfiguration, List<HttpFilter> disabled)
      throws InvalidProtocolBufferException {
    if (slots.stream()
        .noneMatch(slot -> slot instanceof Slot.Known known && known.asksForModel())) {
      return new Rewritten(
          withRoutes(host, slots.stream().map(VirtualHosts::bytes).toList()), List.of(), List.of());
    }
    List<Slot> arranged = arrange(slots);
    List<Diagnostic> diagnostics = new ArrayList<>();
    arranged = present(arranged, new DisabledFilters(disabled), diagnostics);
    List<ByteString> routes = new ArrayList<>();
    List<Route> loop = new ArrayList<>();
    for (Slot slot : arranged) {
      if (slot instanceof Slot.Known known
          && known.picker()
          && known.route().hasRoute()
          && meetsModels(known)) {
        routes.add(LargeBodies.front(known.route(), routeConfiguration).toByteString());
        loop.add(LargeBodies.inner(known.route()));
      }
      routes.add(bytes(slot));
    }
    return new Rewritten(withRoutes(host, routes), loop, diagnostics);
  }

  private List<Slot> arrange(List<Slot> slots) throws InvalidProtocolBufferException {
    List<Slot> arranged = new ArrayList<>();
    arranged.add(ours(ModelRoutes.invalidModel()));
    ModelMatches models = new ModelMatches();
    boolean caught = false;
    for (Slot slot : slots) {
      RouteMatch match = match(slot);
      if (slot instanceof Slot.Known known && known.asksForModel()) {
        models.add(match);
        arranged.add(slot);
      } else if (!models.isEmpty() && models.overlap(match)) {
        arranged.add(arrival(slot));
      } else {
        arranged.add(slot);
      }
      caught |= takesEverything(match);
    }
    if (!caught) {
      arranged.add(ours(ModelRoutes.unknownModel()));
      arranged.add(ours(ModelRoutes.unrouted(settings.bodyLimit())));
    }
    return arranged;
  }

  /** The route switched to extraction: requests for a model arrive there first. */
  private Slot arrival(Slot slot) throws InvalidProtocolBufferException {
    return switch (slot) {
      case Slot.Known known -> known.with(ModelExtraction.on(known.route(), settings.bodyLimit()));
      case Slot.Opaque(ByteString bytes) ->
        ours(ModelExtraction.on(Route.parseFrom(bytes), settings.bodyLimit()));
    };
  }

  /** Makes the disabled filters that model routes want present wherever a request for a model may pass. */
  private static List<Slot> present(
      List<Slot> slots, DisabledFilters disabled, List<Diagnostic> diagnostics) {
    List<Route> models = routes(slots, known -> known.asksForModel() && !isOurs(known));
    List<HttpFilter> wanted = new ArrayList<>(disabled.wanted(models));
    if (wanted.isEmpty()) {
      return slots;
    }
    List<Route> arrivals =
        routes(slots, known -> !known.asksForModel() && meetsModels(known) && !isOurs(known));
    List<HttpFilter> impossible = DisabledFilters.impossible(wanted, models, arrivals);
    wanted.removeAll(impossible);
    List<Slot> present = new ArrayList<>();
    for (Slot slot : slots) {
      if (slot instanceof Slot.Known known && meetsModels(known)) {
        present.add(
            impossible.stream()
                        .anyMatch(filter -> DisabledFilters.switchesOn(known.route(), filter))
                    && known.asksForModel()
                ? refused(known, impossible, diagnostics)
                : known.with(DisabledFilters.withPresent(known.route(), wanted)));
      } else {
        present.add(slot);
      }
    }
    return present;
  }

  private static Slot refused(
      Slot.Known known, List<HttpFilter> impossible, List<Diagnostic> diagnostics) {
    String names =
        String.join(", ", impossible.stream().map(HttpFilter::getName).toList());
    diagnostics.add(new Diagnostic(
        Reason.UnsupportedFilter,
        RouteOwner.of(known.route()),
        "",
        "answers 500, because its filter " + names
            + " would be skipped: attach its policy to all routes of the"
            + " hostname (to the Gateway), or give its models a hostname of their own"));
    return known.with(DirectResponses.invalidBackend(known.route()));
  }

  private static List<Route> routes(List<Slot> slots, Predicate<Slot.Known> which) {
    List<Route> routes = new ArrayList<>();
    for (Slot slot : slots) {
      if (slot instanceof Slot.Known known && which.test(known)) {
        routes.add(known.route());
      }
    }
    return routes;
  }

  private static Slot ours(Route route) {
    return new Slot.Known(route, false, false);
  }

  /** Whether the route asks for a model. */
  public static boolean asksForModel(Route route) {
    return ModelExtraction.matchesModel(route);
  }

  private static boolean meetsModels(Slot.Known known) {
    return known.asksForModel() || ModelExtraction.isOn(known.route());
  }

  private static boolean isOurs(Slot.Known known) {
    return XdsNames.isOurs(known.route().getName());
  }

  private static boolean takesEverything(RouteMatch match) {
    return match.equals(RouteMatch.newBuilder().setPrefix("/").build());
  }

  private static RouteMatch match(Slot slot) throws InvalidProtocolBufferException {
    return switch (slot) {
      case Slot.Known known -> known.route().getMatch();
      case Slot.Opaque(ByteString bytes) ->
        RouteMatch.parseFrom(RouteTwin.parseFrom(bytes).getMatch());
    };
  }

  private static ByteString bytes(Slot slot) {
    return switch (slot) {
      case Slot.Known known -> known.route().toByteString();
      case Slot.Opaque(ByteString bytes) -> bytes;
    };
  }

  private static VirtualHostTwin withRoutes(VirtualHostTwin host, List<ByteString> routes) {
    return host.toBuilder().clearRoutes().addAllRoutes(routes).build();
  }
}
