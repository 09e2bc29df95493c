package dev.pointsman.xds;

import com.google.protobuf.Any;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.xds.FilterContest.Rival;
import dev.pointsman.xds.InitialRoutes.Plain;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Arranges the routes of a virtual host that has model routes:
 *
 * <pre>
 * invalid model        400
 * model routes         each behind its copy for large bodies
 * other routes         each behind its copies at which requests for a model may arrive first
 * unknown model        404
 * unrouted             where all other requests for a model arrive first
 * </pre>
 *
 * The order among Envoy Gateway's routes stays, and routes without a model stay the bytes that came.
 */
public final class VirtualHosts {
  private final List<PlannedRoutes> routes;
  private final Setting setting;
  private final boolean extracts;
  private final InitialRoutes initialRoutes;
  private final Set<String> exclusive;
  private final HeldBodies held;

  /** What stands in the host: routes that came, with their change if they have one, or a route of ours. */
  public sealed interface Item {
    /** Routes of Envoy Gateway's; without a change they stay as they came. */
    record Original(PlannedRoutes slots, Optional<HostChange> change) implements Item {}

    /** A route of ours. */
    record Inserted(Route route) implements Item {}
  }

  /**
   * What is the same for all routes of a host.
   *
   * @param loops the tokens of its loops
   * @param filters facts about its listeners' connection managers
   * @param models how models are read and answered
   */
  public record Setting(LoopTokens loops, GatewayFilters filters, HostModels models) {}

  /**
   * A host's routes arranged.
   *
   * @param items its routes in their order
   * @param diagnostics what there is to say about them together
   */
  public record Arrangement(List<Item> items, List<Diagnostic> diagnostics) {
    /** Whether a route of ours goes to {@link Answers#cluster}. */
    public boolean answers() {
      return items.stream()
          .anyMatch(item -> item instanceof Item.Inserted(Route route)
              && route.getRoute().getCluster().equals(XdsNames.ANSWERS_CLUSTER));
    }
  }

  private VirtualHosts(List<PlannedRoutes> routes, Setting setting) {
    this.routes = routes;
    this.setting = setting;
    extracts = extracts(routes, setting.models());
    initialRoutes = extracts ? InitialRoutes.among(routes, isAlways(setting)) : InitialRoutes.NONE;
    exclusive = DisabledFilters.exclusive(setting.filters().disabled());
    held = HeldBodies.of(setting.filters());
  }

  /**
   * A host.
   *
   * @param routes its routes in their order
   */
  public static VirtualHosts of(List<PlannedRoutes> routes, Setting setting) {
    return new VirtualHosts(routes, setting);
  }

  private static boolean isAlways(Setting setting) {
    return setting.models().extraction() == HostModels.Extraction.ALWAYS;
  }

  /** Whether models are read from the bodies of requests to the host. */
  public static boolean extracts(List<PlannedRoutes> routes, HostModels models) {
    return switch (models.extraction()) {
      case ALWAYS -> true;
      case NEVER -> false;
      case WHERE_ASKED_FOR -> routes.stream().anyMatch(slots -> !slots.askings().isEmpty());
    };
  }

  /** The HTTPRoutes whose age makes a difference to the arrangement. */
  public Set<ObjectRef> contestants() {
    return initialRoutes.contestants(initialRoutes.want(exclusive));
  }

  /** Arranges the routes. */
  public Arrangement arrange(Precedence precedence) {
    return extracts ? withModels(precedence) : new Arrangement(withoutModels(), List.of());
  }

  private List<Item> withoutModels() {
    HostChange change =
        new HostChange(Optional.empty(), Map.of(), new BitSet(), setting.loops(), held);
    return routes.stream()
        .map(slots -> (Item) new Item.Original(
            slots, slots.isPassThrough() ? Optional.empty() : Optional.of(change)))
        .toList();
  }

  private Arrangement withModels(Precedence precedence) {
    FilterContest contest = FilterContest.of(initialRoutes, exclusive, precedence);
    Map<String, Any> present =
        DisabledFilters.bystanders(setting.filters().disabled(), initialRoutes);
    BodyReading reading = new BodyReading(
        setting.models().bodyLimit(),
        setting.filters().setModel(),
        BodyProcessors.of(setting.filters().disabled()),
        ResponseOverrides.of(setting.filters().disabled()),
        present);
    InitialRouteCopies copies = new InitialRouteCopies(contest, isAlways(setting), present);
    Map<Asking, String> served = new LinkedHashMap<>(initialRoutes.askings());
    served.keySet().removeAll(contest.refused().keySet());
    CommonGates gates = CommonGates.of(
        served.keySet().stream().map(Asking::gates).distinct().toList(),
        setting.filters().disabled(),
        served.values().stream().findFirst().orElse(""));
    OwnRoutes own = new OwnRoutes(setting.models(), contest, gates, reading, names());
    List<Item> items = new ArrayList<>();
    own.first().forEach(route -> items.add(new Item.Inserted(route)));
    for (int i = 0; i < routes.size(); i++) {
      Map<Integer, List<InitialRouteCopy>> before = new HashMap<>();
      for (Plain plain : initialRoutes.plain().get(i)) {
        before.put(plain.slot(), copies.of(plain));
      }
      items.add(given(routes.get(i), before, reading, contest));
    }
    if (!initialRoutes.caught()) {
      own.last().forEach(route -> items.add(new Item.Inserted(route)));
    }
    List<Diagnostic> diagnostics = new ArrayList<>(own.diagnostics());
    diagnostics.addAll(copies.diagnostics());
    diagnostics.addAll(Outranked.among(routes));
    contest.refused().forEach((asking, rival) -> diagnostics.add(refused(contest, asking, rival)));
    diagnostics.addAll(WholeBodies.of(initialRoutes, reading));
    return new Arrangement(items, diagnostics);
  }

  private List<String> names() {
    Set<String> names = LinkedHashSet.newLinkedHashSet(
        routes.stream().mapToInt(slots -> slots.names().size()).sum());
    routes.forEach(slots -> names.addAll(slots.names()));
    return List.copyOf(names);
  }

  private Item given(
      PlannedRoutes slots,
      Map<Integer, List<InitialRouteCopy>> before,
      BodyReading reading,
      FilterContest contest) {
    if (slots.isPassThrough() && before.isEmpty()) {
      return new Item.Original(slots, Optional.empty());
    }
    HostChange change = new HostChange(
        Optional.of(reading), before, refused(slots, contest), setting.loops(), held);
    return new Item.Original(slots, Optional.of(change));
  }

  private static BitSet refused(PlannedRoutes slots, FilterContest contest) {
    BitSet refused = new BitSet();
    if (slots.askings().keySet().stream().anyMatch(contest.refused()::containsKey)) {
      for (int i = 0; i < slots.list().size(); i++) {
        PlannedRoute slot = slots.list().get(i);
        refused.set(
            i,
            slot.bringsModels()
                && contest.refused().containsKey(Asking.of(slot.facts().orElseThrow())));
      }
    }
    return refused;
  }

  private static Diagnostic refused(FilterContest contest, Asking asking, Rival rival) {
    Set<String> filters = new TreeSet<>(contest.contested(asking.filters()));
    filters.addAll(rival.filters());
    return new Diagnostic(
        Reason.UnsupportedFilter,
        asking.owner(),
        "",
        "answers 500 for its models on " + RoutePath.of(asking.condition())
            + ": requests for the models of " + contest.first(rival.owner(), asking.owner())
            + " come on the same path, and until the model is read Envoy cannot apply "
            + FilterWords.of(filters) + " to one route's requests and not to the other's."
            + " Give these models a path or hostname of their own, or have the Gateway's owner"
            + " attach one policy to all");
  }
}
