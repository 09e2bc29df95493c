package dev.pointsman.xds;

import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
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

  private static final BitSet NOWHERE = new BitSet(); // nobody writes to it

  private VirtualHosts() {}

  /** What stands in the host: routes that came, with their change if they have one, or a route of ours. */
  public sealed interface Item {
    /** Routes of Envoy Gateway's; without a change they stay as they came. */
    record Given(Slots slots, Optional<HostChange> change) implements Item {}

    /** A route of ours. */
    record Ours(Route route) implements Item {}
  }

  /**
   * What is the same for all routes of a host.
   *
   * @param loops the tokens of its loops
   * @param disabled the filters that its listeners list as disabled
   * @param models how models are read and answered
   */
  public record Setting(LoopTokens loops, List<HttpFilter> disabled, HostModels models) {}

  /**
   * The host's routes arranged.
   *
   * @param routes its routes in their order
   */
  public static List<Item> arrange(List<Slots> routes, Setting setting) {
    return extracts(routes, setting.models())
        ? withModels(routes, setting)
        : routes.stream().map(slots -> given(slots, withoutModels(setting))).toList();
  }

  /** Whether models are read from the bodies of requests to the host. */
  public static boolean extracts(List<Slots> routes, HostModels models) {
    return switch (models.extraction()) {
      case ALWAYS -> true;
      case NEVER -> false;
      case WHERE_ASKED_FOR -> routes.stream().anyMatch(slots -> !slots.models().isEmpty());
    };
  }

  private static HostChange withoutModels(Setting setting) {
    return new HostChange(
        false, NOWHERE, setting.models().bodyLimit(), DisabledFilters.NONE, setting.loops());
  }

  private static List<Item> withModels(List<Slots> routes, Setting setting) {
    HostModels models = setting.models();
    Arrivals arrivals = Arrivals.among(routes, models);
    DisabledFilters filters =
        DisabledFilters.decide(setting.disabled(), arrivals.models, arrivals.others);
    Set<String> all = LinkedHashSet.newLinkedHashSet(
        routes.stream().mapToInt(slots -> slots.names().size()).sum());
    routes.forEach(slots -> all.addAll(slots.names()));
    List<String> names = List.copyOf(all);
    List<Item> items = new ArrayList<>();
    items.add(ours(ModelRoutes.invalidModel(), filters));
    if (models.list()) {
      items.add(ours(ModelRoutes.list(names), filters));
    }
    Iterator<BitSet> at = arrivals.at.iterator();
    for (Slots slots : routes) {
      items.add(given(
          slots, new HostChange(true, at.next(), models.bodyLimit(), filters, setting.loops())));
    }
    if (!arrivals.caught && models.answersUnknown()) {
      items.add(ours(ModelRoutes.unknownModel(names), filters));
    }
    if (!arrivals.caught) {
      items.add(ours(ModelRoutes.unrouted(models.bodyLimit()), filters));
    }
    return items;
  }

  private static Item given(Slots slots, HostChange change) {
    return new Item.Given(
        slots,
        slots.isOpaque() && change.arrivals().isEmpty() ? Optional.empty() : Optional.of(change));
  }

  private static Item ours(Route route, DisabledFilters filters) {
    return new Item.Ours(DisabledFilters.withPresent(route, filters.present()));
  }

  /** Where requests for a model arrive before their model is known. */
  private static final class Arrivals {
    private final List<BitSet> at = new ArrayList<>(); // for each Slots
    private final List<RouteFacts> models = new ArrayList<>();
    private final List<RouteFacts> others = new ArrayList<>();
    private boolean caught;

    /** Those of the other routes that come after a model route and can take the same request. */
    static Arrivals among(List<Slots> routes, HostModels settings) {
      Arrivals arrivals = new Arrivals();
      boolean always = settings.extraction() == HostModels.Extraction.ALWAYS;
      ModelMatches before = new ModelMatches();
      for (Slots slots : routes) {
        arrivals.models.addAll(slots.models());
        if (slots.onlyModels()) {
          slots.conditions().forEach(before::add);
          arrivals.at.add(NOWHERE);
        } else if (!always && before.isEmpty() && slots.models().isEmpty()) {
          arrivals.at.add(NOWHERE);
        } else {
          arrivals.at.add(arrivals.addOthers(slots.list(), always, before));
        }
      }
      return arrivals;
    }

    private BitSet addOthers(List<Slot> slots, boolean always, ModelMatches before) {
      BitSet at = new BitSet();
      for (int i = 0; i < slots.size(); i++) {
        Slot slot = slots.get(i);
        if (slot.bringsModels()) {
          before.add(slot.facts().orElseThrow().condition());
        }
        if (!slot.asksForModel() && (always || !before.isEmpty())) {
          at.set(i, addOther(slot, always, before));
        }
      }
      return at;
    }

    private boolean addOther(Slot slot, boolean always, ModelMatches before) {
      try {
        RouteMatch condition = Peek.match(slot.bytes());
        boolean arrives = always || before.overlap(condition);
        if (arrives) {
          others.add(RouteFacts.of(slot.bytes()));
        }
        caught |= condition.equals(EVERYTHING);
        return arrives;
      } catch (InvalidProtocolBufferException | IllegalArgumentException unreadable) {
        // It stays as it came, and the host's other routes are served: requests cannot arrive at a
        // route that Envoy cannot read either.
        return false;
      }
    }
  }
}
