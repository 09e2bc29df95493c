package dev.pointsman.xds;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.plan.PolicyPlan;
import dev.pointsman.plan.RulePlan;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

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

  private VirtualHosts() {}

  /**
   * A route of a virtual host.
   *
   * @param facts what we know of it; empty when it neither asks for a model nor goes to a pool
   * @param plan the plan of its rule, when it names pools
   * @param policy what policies ask of its rule
   * @param setsHostsAside whether the rule's clusters eject hosts or check their health
   */
  public record Slot(
      ByteString bytes,
      Optional<RouteFacts> facts,
      Optional<RulePlan> plan,
      PolicyPlan policy,
      boolean setsHostsAside) {
    public Slot {
      if (facts.isPresent() && (facts.get().rule().isEmpty() || facts.get().isPreflight())) {
        policy = policy.withoutModels(); // it has nowhere to send them
      }
    }

    /** A route of which there is nothing to know. */
    public static Slot opaque(ByteString bytes) {
      return new Slot(bytes, Optional.empty(), Optional.empty(), PolicyPlan.NONE, false);
    }

    /** Whether the route, or one that a policy puts in front of it, asks for a model. */
    private boolean bringsModels() {
      return asksForModel() || !policy.models().isEmpty();
    }

    private boolean asksForModel() {
      return facts.isPresent() && facts.get().asksForModel();
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
   * What is the same for all routes of a host.
   *
   * @param routeConfiguration the name of its route configuration
   * @param disabled the filters that its listeners list as disabled
   * @param models how models are read and answered
   */
  public record Setting(String routeConfiguration, List<HttpFilter> disabled, HostModels models) {}

  /**
   * The host's routes arranged.
   *
   * @param slots its routes in their order
   */
  public static Arranged arrange(List<Slot> slots, Setting setting) {
    return extracts(slots, setting.models())
        ? withModels(slots, setting)
        : new Arranged(
            slots.stream()
                .map(slot -> (Item) new Item.Given(slot, change(slot, setting)))
                .toList(),
            List.of(),
            List.of());
  }

  /** Whether models are read from the bodies of requests to the host. */
  public static boolean extracts(List<Slot> slots, HostModels models) {
    return switch (models.extraction()) {
      case ALWAYS -> true;
      case NEVER -> false;
      case WHERE_ASKED_FOR -> slots.stream().anyMatch(Slot::bringsModels);
    };
  }

  private static Arranged withModels(List<Slot> slots, Setting setting) {
    HostModels models = setting.models();
    Arrivals arrivals = Arrivals.among(slots, models);
    DisabledFilters filters =
        DisabledFilters.decide(setting.disabled(), arrivals.models, arrivals.others);
    List<String> names = names(slots);
    List<Item> items = new ArrayList<>();
    List<RouteFacts> refused = new ArrayList<>();
    items.add(ours(ModelRoutes.invalidModel(), filters));
    if (models.list()) {
      items.add(ours(ModelRoutes.list(names), filters));
    }
    for (int i = 0; i < slots.size(); i++) {
      Slot slot = slots.get(i);
      if (slot.facts().isEmpty() && !arrivals.at[i]) {
        items.add(new Item.Given(slot, Optional.empty()));
        continue;
      }
      boolean isRefused = slot.bringsModels() && wantsAny(slot, filters.impossible());
      if (isRefused) {
        refused.add(slot.facts().orElseThrow());
      }
      OptionalLong arrival =
          arrivals.at[i] ? OptionalLong.of(models.bodyLimit()) : OptionalLong.empty();
      items.add(new Item.Given(
          slot,
          slot.bringsModels() || arrivals.at[i]
              ? Optional.of(new RouteChange(
                  slot.plan(),
                  slot.policy(),
                  slot.setsHostsAside(),
                  arrival,
                  true,
                  filters.present(),
                  isRefused,
                  setting.routeConfiguration()))
              : change(slot, setting)));
    }
    if (!arrivals.caught && models.answersUnknown()) {
      items.add(ours(ModelRoutes.unknownModel(names), filters));
    }
    if (!arrivals.caught) {
      items.add(ours(ModelRoutes.unrouted(models.bodyLimit()), filters));
    }
    return new Arranged(items, refused, filters.impossible());
  }

  private static boolean wantsAny(Slot slot, List<String> filters) {
    return slot.facts()
        .map(facts -> filters.stream().anyMatch(facts.filters()::contains))
        .orElse(false);
  }

  /** The models that the host's routes ask for by name, in their order. */
  private static List<String> names(List<Slot> slots) {
    Set<String> names = new LinkedHashSet<>();
    for (Slot slot : slots) {
      if (slot.facts().isEmpty()) {
        continue;
      }
      slot.policy().models().forEach(model -> names.addAll(model.names()));
      slot.facts().flatMap(RouteFacts::model).ifPresent(names::add);
    }
    return List.copyOf(names);
  }

  /** The change of a route that no request for a model meets; empty when the route carries no record of ours. */
  private static Optional<RouteChange> change(Slot slot, Setting setting) {
    return slot.facts()
        .filter(facts ->
            facts.isPreflight() || !facts.pools().isEmpty() || !facts.policies().isEmpty())
        .map(_ -> new RouteChange(
            slot.plan(),
            slot.policy(),
            slot.setsHostsAside(),
            OptionalLong.empty(),
            false,
            Map.<String, Any>of(),
            false,
            setting.routeConfiguration()));
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
    static Arrivals among(List<Slot> slots, HostModels settings) {
      Arrivals arrivals = new Arrivals(slots.size());
      boolean all = settings.extraction() == HostModels.Extraction.ALWAYS;
      ModelMatches before = new ModelMatches();
      for (int i = 0; i < slots.size(); i++) {
        Slot slot = slots.get(i);
        if (slot.bringsModels()) {
          RouteFacts model = slot.facts().orElseThrow();
          before.add(model.condition());
          arrivals.models.add(model);
        }
        if (!slot.asksForModel() && (all || !before.isEmpty())) {
          arrivals.addOther(i, slot, all, before);
        }
      }
      return arrivals;
    }

    private void addOther(int i, Slot slot, boolean always, ModelMatches before) {
      try {
        RouteMatch condition = Peek.match(slot.bytes());
        if (always || before.overlap(condition)) {
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
