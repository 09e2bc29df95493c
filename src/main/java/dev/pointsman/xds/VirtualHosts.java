package dev.pointsman.xds;

import com.google.protobuf.Any;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.xds.FilterContest.Rival;
import dev.pointsman.xds.InitialRoutes.InitialRoute;
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
 * model routes         each after its copy for large bodies
 * other routes         each after its copies as an initial route
 * unknown model        404
 * unrouted             the initial route of all other requests for a model
 * </pre>
 *
 * The order of Envoy Gateway's routes is kept, and irrelevant routes keep their bytes.
 */
public final class VirtualHosts {
  private final List<PlannedRoutes> routes;
  private final HostSettings settings;
  private final boolean extracts;
  private final InitialRoutes initialRoutes;
  private final Set<String> exclusive;
  private final BufferedBodies buffered;
  private final PausingFilters pausing;

  /** A part of the arranged host: original routes, with their change if they have one, or an added route. */
  public sealed interface Item {
    /** Routes of Envoy Gateway; without a change they keep their bytes. */
    record Original(PlannedRoutes routes, Optional<HostChange> change) implements Item {}

    /** An added route. */
    record Inserted(Route route) implements Item {}
  }

  /**
   * The settings that all routes of a host share.
   *
   * @param loops the tokens of its loops
   * @param filters facts about its listeners' connection managers
   * @param models settings for its models
   */
  public record HostSettings(LoopTokens loops, GatewayFilters filters, HostModels models) {}

  /**
   * The arranged routes of a host.
   *
   * @param items its routes in their order
   * @param diagnostics of the whole host
   */
  public record Arrangement(List<Item> items, List<Diagnostic> diagnostics) {
    /** Whether an added route targets {@link Answers#cluster}. */
    public boolean answers() {
      return items.stream()
          .anyMatch(item -> item instanceof Item.Inserted(Route route)
              && route.getRoute().getCluster().equals(XdsNames.ANSWERS_CLUSTER));
    }
  }

  private VirtualHosts(List<PlannedRoutes> routes, HostSettings settings) {
    this.routes = routes;
    this.settings = settings;
    extracts = extracts(routes, settings.models());
    initialRoutes = extracts
        ? InitialRoutes.find(routes, isAlways(settings), settings.models().sourcesBesideRoutes())
        : InitialRoutes.NONE;
    exclusive = DisabledFilters.exclusive(settings.filters().disabled());
    buffered = BufferedBodies.of(settings.filters());
    pausing = PausingFilters.of(settings.filters().disabled());
  }

  /**
   * A host.
   *
   * @param routes its routes in their order
   */
  public static VirtualHosts of(List<PlannedRoutes> routes, HostSettings settings) {
    return new VirtualHosts(routes, settings);
  }

  private static boolean isAlways(HostSettings settings) {
    return settings.models().extraction() == HostModels.Extraction.ALWAYS;
  }

  /** Whether models are read from the bodies of requests to the host. */
  public static boolean extracts(List<PlannedRoutes> routes, HostModels models) {
    return switch (models.extraction()) {
      case ALWAYS -> true;
      case NEVER -> false;
      case WHERE_NEEDED ->
        routes.stream().anyMatch(group -> !group.modelRouteSets().isEmpty());
    };
  }

  /** The HTTPRoutes whose ages the arrangement depends on. */
  public Set<ObjectRef> contestants() {
    return initialRoutes.contestants(initialRoutes.useAny(exclusive));
  }

  /** Arranges the routes. */
  public Arrangement arrange(Precedence precedence) {
    return extracts ? withModels(precedence) : new Arrangement(withoutModels(), List.of());
  }

  private List<Item> withoutModels() {
    HostChange change = new HostChange(
        Optional.empty(), Map.of(), new BitSet(), settings.loops(), buffered, pausing);
    return routes.stream()
        .map(group -> (Item) new Item.Original(
            group, group.isPassThrough() ? Optional.empty() : Optional.of(change)))
        .toList();
  }

  private Arrangement withModels(Precedence precedence) {
    FilterContest contest = FilterContest.of(initialRoutes, exclusive, precedence);
    Map<String, Any> inertFilters =
        DisabledFilters.inertConfigs(settings.filters().disabled(), initialRoutes);
    BodyReading reading = new BodyReading(
        settings.models().bodyLimit(),
        settings.models().sourcesBesideRoutes(),
        settings.filters().setModel(),
        BodyProcessors.of(settings.filters().disabled()),
        RequestLimits.of(settings.filters().disabled()),
        ResponseOverrides.of(settings.filters().disabled()),
        inertFilters);
    InitialRouteCopies copies = new InitialRouteCopies(
        contest, isAlways(settings), settings.models().sourcesBesideRoutes(), inertFilters);
    Map<ModelRouteSet, String> served = new LinkedHashMap<>(initialRoutes.modelRouteSets());
    served.keySet().removeAll(contest.refused().keySet());
    CommonGates gates = CommonGates.of(
        served.keySet().stream().map(ModelRouteSet::gates).distinct().toList(),
        settings.filters().disabled(),
        served.values().stream().findFirst().orElse(""));
    InsertedRoutes own = new InsertedRoutes(
        settings.models(),
        contest,
        gates,
        reading,
        initialRoutes.modelPaths(isAlways(settings)),
        modelNames());
    List<Item> items = new ArrayList<>();
    own.first().forEach(route -> items.add(new Item.Inserted(route)));
    for (int i = 0; i < routes.size(); i++) {
      Map<Integer, List<InitialRouteCopy>> before = new HashMap<>();
      for (InitialRoute route : initialRoutes.routes().get(i)) {
        before.put(route.index(), copies.of(route));
      }
      items.add(original(routes.get(i), before, reading, contest));
    }
    if (!initialRoutes.hasCatchAll()) {
      own.last().forEach(route -> items.add(new Item.Inserted(route)));
    }
    List<Diagnostic> diagnostics = new ArrayList<>(own.diagnostics());
    diagnostics.addAll(copies.diagnostics());
    diagnostics.addAll(Outranked.diagnostics(routes));
    contest
        .refused()
        .forEach((modelRoutes, rival) -> diagnostics.add(refused(contest, modelRoutes, rival)));
    diagnostics.addAll(WholeBodies.of(initialRoutes, reading));
    return new Arrangement(items, diagnostics);
  }

  private List<String> modelNames() {
    Set<String> names = LinkedHashSet.newLinkedHashSet(
        routes.stream().mapToInt(group -> group.modelNames().size()).sum());
    routes.forEach(group -> names.addAll(group.modelNames()));
    return List.copyOf(names);
  }

  private Item original(
      PlannedRoutes group,
      Map<Integer, List<InitialRouteCopy>> before,
      BodyReading reading,
      FilterContest contest) {
    if (group.isPassThrough() && before.isEmpty()) {
      return new Item.Original(group, Optional.empty());
    }
    HostChange change = new HostChange(
        Optional.of(reading), before, refused(group, contest), settings.loops(), buffered, pausing);
    return new Item.Original(group, Optional.of(change));
  }

  private static BitSet refused(PlannedRoutes group, FilterContest contest) {
    BitSet refused = new BitSet();
    if (group.modelRouteSets().keySet().stream().anyMatch(contest.refused()::containsKey)) {
      for (int i = 0; i < group.list().size(); i++) {
        PlannedRoute route = group.list().get(i);
        refused.set(
            i,
            route.hasModels()
                && contest.refused().containsKey(ModelRouteSet.of(route.facts().orElseThrow())));
      }
    }
    return refused;
  }

  private static Diagnostic refused(FilterContest contest, ModelRouteSet modelRoutes, Rival rival) {
    Set<String> filters = new TreeSet<>(contest.contested(modelRoutes.filters()));
    filters.addAll(rival.filters());
    return new Diagnostic(
        Reason.UnsupportedFilter,
        modelRoutes.owner(),
        "",
        "answers 500 for its models on " + RoutePath.of(modelRoutes.condition())
            + ": requests for the models of " + contest.first(rival.owner(), modelRoutes.owner())
            + " come on the same path, and until the model is read Envoy cannot apply "
            + FilterWords.of(filters) + " to one route's requests and not to the other's."
            + " Give these models a path or hostname of their own, or have the Gateway's owner"
            + " attach one policy to all");
  }
}
