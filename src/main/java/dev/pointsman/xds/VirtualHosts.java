package dev.pointsman.xds;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.plan.PoolBackend.Usable;
import dev.pointsman.plan.RulePlan;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

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
  private static final RouteMatch EVERYTHING =
      RouteMatch.newBuilder().setPrefix("/").build();

  private final long bodyLimit;

  /** Virtual hosts as the settings say. */
  public VirtualHosts(XdsSettings settings) {
    bodyLimit = settings.bodyLimit();
  }

  /**
   * A route of a virtual host.
   *
   * @param facts what we know of it; empty when it neither asks for a model nor goes to a pool
   * @param plan the plan of its rule, when it names pools
   * @param setsHostsAside whether the plan's clusters eject hosts or check their health
   */
  public record Slot(
      ByteString bytes,
      Optional<RouteFacts> facts,
      Optional<RulePlan> plan,
      boolean setsHostsAside) {
    private boolean asksForModel() {
      return facts.map(RouteFacts::asksForModel).orElse(false);
    }

    private boolean asksPicker() {
      return plan.isPresent()
          && plan.get().shares().stream()
              .anyMatch(
                  share -> share.pool() instanceof Usable pool && pool.picker().isPresent());
    }
  }

  /** What stands in the host: a route that came, with its change if it has one, or a route of ours. */
  public sealed interface Item {
    /** A route of Envoy Gateway's. */
    record Given(Slot slot, Optional<RouteChange> change) implements Item {}

    /** A route of ours. */
    record Ours(Route route) implements Item {}
  }

  /**
   * An arranged host.
   *
   * @param refused the routes that must not be served and the filters because of which
   */
  public record Arranged(
      List<Item> items, List<RouteFacts> refused, List<String> impossibleFilters) {}

  /**
   * The host's routes arranged.
   *
   * @param slots its routes in their order
   * @param disabled the filters that the host's listeners list as disabled
   */
  public Arranged arrange(List<Slot> slots, String routeConfiguration, List<HttpFilter> disabled) {
    if (slots.stream().noneMatch(Slot::asksForModel)) {
      return new Arranged(
          slots.stream()
              .map(slot -> (Item) new Item.Given(slot, poolChange(slot)))
              .toList(),
          List.of(),
          List.of());
    }
    Arrivals arrivals = Arrivals.among(slots);
    DisabledFilters filters = DisabledFilters.decide(disabled, arrivals.models, arrivals.others);
    List<Item> items = new ArrayList<>();
    List<RouteFacts> refused = new ArrayList<>();
    items.add(ours(ModelRoutes.invalidModel(), filters));
    for (int i = 0; i < slots.size(); i++) {
      Slot slot = slots.get(i);
      boolean isRefused = slot.asksForModel()
          && filters.impossible().stream().anyMatch(slot.facts().orElseThrow().filters()::contains);
      if (isRefused) {
        refused.add(slot.facts().orElseThrow());
      }
      boolean arrival = arrivals.at[i];
      items.add(new Item.Given(
          slot,
          slot.asksForModel() || arrival
              ? Optional.of(new RouteChange(
                  slot.plan(),
                  slot.setsHostsAside(),
                  arrival ? OptionalLong.of(bodyLimit) : OptionalLong.empty(),
                  filters.present(),
                  isRefused,
                  slot.asksPicker() ? Optional.of(routeConfiguration) : Optional.empty()))
              : poolChange(slot)));
    }
    if (!arrivals.caught) {
      items.add(ours(ModelRoutes.unknownModel(), filters));
      items.add(ours(ModelRoutes.unrouted(bodyLimit), filters));
    }
    return new Arranged(items, refused, filters.impossible());
  }

  private static Optional<RouteChange> poolChange(Slot slot) {
    return slot.facts()
        .filter(facts -> !facts.pools().isEmpty())
        .map(_ -> new RouteChange(
            slot.plan(),
            slot.setsHostsAside(),
            OptionalLong.empty(),
            Map.<String, Any>of(),
            false,
            Optional.empty()));
  }

  private static Item ours(Route route, DisabledFilters filters) {
    return new Item.Ours(DisabledFilters.withPresent(route, filters.present()));
  }

  /** Where requests for a model arrive before their model is known. */
  private static final class Arrivals {
    private final boolean[] at;
    private final List<RouteFacts> models = new ArrayList<>();
    private final List<RouteFacts> others = new ArrayList<>();
    private boolean caught;

    private Arrivals(int routes) {
      at = new boolean[routes];
    }

    /** Those of the other routes that come after a model route and can take the same request. */
    static Arrivals among(List<Slot> slots) {
      Arrivals arrivals = new Arrivals(slots.size());
      ModelMatches before = new ModelMatches();
      for (int i = 0; i < slots.size(); i++) {
        Slot slot = slots.get(i);
        if (slot.asksForModel()) {
          RouteFacts model = slot.facts().orElseThrow();
          before.add(model.condition());
          arrivals.models.add(model);
        } else if (!before.isEmpty()) {
          arrivals.addOther(i, slot, before);
        }
      }
      return arrivals;
    }

    private void addOther(int i, Slot slot, ModelMatches before) {
      try {
        RouteMatch condition = Peek.match(slot.bytes());
        if (before.overlap(condition)) {
          others.add(RouteFacts.of(slot.bytes()));
          at[i] = true;
        }
        caught |= condition.equals(EVERYTHING);
      } catch (InvalidProtocolBufferException | IllegalArgumentException unreadable) {
        // It stays as it came, and the host's other routes are served: requests cannot arrive at a
        // route that Envoy cannot read either.
      }
    }
  }
}
