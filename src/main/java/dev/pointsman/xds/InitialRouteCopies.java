package dev.pointsman.xds;

import com.google.common.collect.Sets;
import com.google.protobuf.Any;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.ModelSettings.Source;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.xds.FilterContest.Winner;
import dev.pointsman.xds.InitialRouteCopy.Lengths;
import dev.pointsman.xds.InitialRoutes.InitialRoute;
import dev.pointsman.xds.ModelMatches.MatchCondition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Decides the copies of initial routes: one for each path of the models if possible, else one on the route's own path.
 */
public final class InitialRouteCopies {
  /** The limit for copies of one route on paths of models. */
  public static final int MAX_PATHS = 8;

  /**
   * The limit for a namespace's copies in a host, beyond one for each route. Without a limit, some hundred model routes
   * before as many initial routes would exceed the size that Envoy Gateway publishes.
   */
  public static final int MAX_ADDITIONAL = 128;

  private final FilterContest contest;
  private final Map<RoutePath, List<Winner>> winners;
  private final Map<String, Integer> additional = new HashMap<>();
  private final boolean extractsAlways;
  private final Set<Source> sources;
  private final Map<String, Any> inertFilters;
  private final List<Diagnostic> diagnostics = new ArrayList<>();

  /**
   * Creates the copies of one host.
   *
   * @param extractsAlways whether models are read from the requests of all routes
   * @param sources the places where requests may name their model
   * @param inertFilters inert configurations, by the filter's name
   */
  InitialRouteCopies(
      FilterContest contest,
      boolean extractsAlways,
      Set<Source> sources,
      Map<String, Any> inertFilters) {
    this.contest = contest;
    this.sources = sources;
    this.extractsAlways = extractsAlways;
    this.inertFilters = inertFilters;
    winners = contest.winners().stream().collect(Collectors.groupingBy(Winner::path));
  }

  /** The copies of a route, in their order. */
  List<InitialRouteCopy> of(InitialRoute route) {
    Set<InitialRouteGroup> groups = groups(route);
    List<InitialRouteGroup> separateGroups =
        groups.size() > MAX_ADDITIONAL ? List.of() : separateGroups(route, groups);
    boolean isAllowed =
        groups.isEmpty() || !separateGroups.isEmpty() && reserve(route, separateGroups.size() - 1);
    List<InitialRouteGroup> all = isAllowed
        ? separateGroups
        : InitialRouteGroup.widest(
            groups.stream().map(InitialRouteGroup::shared).toList());
    return all.stream()
        .map(group -> copy(route, group))
        .flatMap(copy -> sources.stream().map(copy::from))
        .toList();
  }

  /** Counts additional copies, if they are within the limit. Returns whether they are. */
  private boolean reserve(InitialRoute route, int copies) {
    String namespace = route.route().owner().namespace();
    int all = additional.getOrDefault(namespace, 0) + copies;
    if (all <= MAX_ADDITIONAL) {
      additional.put(namespace, all);
    }
    return all <= MAX_ADDITIONAL;
  }

  private List<InitialRouteGroup> separateGroups(
      InitialRoute route, Set<InitialRouteGroup> groups) {
    List<InitialRouteGroup> guarded = new ArrayList<>();
    List<InitialRouteGroup> open = new ArrayList<>();
    List<InitialRouteGroup> refused = new ArrayList<>();
    for (InitialRouteGroup group : groups) {
      boolean isRefused = group.winners().isEmpty() && contest.hasWinners();
      (isRefused ? refused : group.filters().isEmpty() ? open : guarded).add(group);
    }
    boolean isContested = !contest.contested(route.route().filters()).isEmpty();
    // Overlapping paths need the same contested filters. The requests of refused model routes use
    // later copies, which do not affect the others.
    List<InitialRouteGroup> all = new ArrayList<>(InitialRouteGroup.widest(guarded));
    all.addAll(
        isContested
            ? InitialRouteGroup.widest(open)
            : atMostMaxPaths(InitialRouteGroup.widest(open)));
    all.addAll(atMostMaxPaths(InitialRouteGroup.widest(refused)));
    return all;
  }

  /** The model routes by path, wider paths first. */
  private Set<InitialRouteGroup> groups(InitialRoute route) {
    RoutePath own = route.path();
    Set<InitialRouteGroup> groups = new LinkedHashSet<>();
    if (extractsAlways) {
      groups.add(new InitialRouteGroup(Optional.empty(), Lengths.ANY, List.of()));
    }
    for (MatchCondition condition : route.conditions()) {
      RoutePath path = RoutePath.of(condition.match());
      groups.add(new InitialRouteGroup(
          narrower(own, path), lengths(route, condition), winners.getOrDefault(path, List.of())));
    }
    return groups.stream()
        .sorted(InitialRouteGroup::widerFirst)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static Optional<RoutePath> narrower(RoutePath own, RoutePath path) {
    return own.contains(path) && !own.equals(path) ? Optional.of(path) : Optional.empty();
  }

  private static List<InitialRouteGroup> atMostMaxPaths(List<InitialRouteGroup> groups) {
    return groups.size() <= MAX_PATHS
        ? groups
        : InitialRouteGroup.widest(
            groups.stream().map(InitialRouteGroup::onOwnPath).toList());
  }

  private InitialRouteCopy copy(InitialRoute route, InitialRouteGroup group) {
    Map<String, Any> filters = new TreeMap<>(inertFilters);
    if (group.isMixed()) {
      diagnostics.add(tooManyPaths(route, group));
      return new InitialRouteCopy(
          Source.BODY, group.path(), group.lengths(), filters, Set.of(), true);
    }
    Set<String> own = contest.contested(route.route().filters());
    if (group.winners().isEmpty() || own.equals(group.filters())) {
      return new InitialRouteCopy(
          Source.BODY, group.path(), group.lengths(), filters, Set.of(), false);
    }
    Set<String> missing = Sets.difference(group.filters(), own);
    Set<String> lost = Sets.difference(own, group.filters());
    missing.forEach(filter -> filters.put(filter, DisabledFilters.ON));
    diagnostics.add(filterConflict(route, group, missing, lost));
    return new InitialRouteCopy(
        Source.BODY, group.path(), group.lengths(), filters, lost, !lost.isEmpty());
  }

  /**
   * The bodies from which a model is read. All bodies are read if the route's own HTTPRoute has the models: a body
   * above the limit gets 413 instead of another model's pool. Bodies of unknown length are not buffered for the models
   * of another namespace, unless those are older.
   */
  private Lengths lengths(InitialRoute route, MatchCondition condition) {
    ObjectRef owner = route.route().owner();
    Set<ObjectRef> modelOwners =
        condition.modelRouteSets().stream().map(ModelRouteSet::owner).collect(Collectors.toSet());
    if (extractsAlways || modelOwners.contains(owner)) {
      return Lengths.ANY;
    }
    return modelOwners.stream()
            .anyMatch(modelOwner -> modelOwner.namespace().equals(owner.namespace())
                || contest.precedes(modelOwner, owner))
        ? Lengths.LIMITED
        : Lengths.LIMITED_AND_KNOWN;
  }

  private Diagnostic filterConflict(
      InitialRoute route, InitialRouteGroup group, Set<String> missing, Set<String> lost) {
    String path = group.path().orElse(route.path()).toString();
    String outcome = lost.isEmpty()
        ? "need what its filter asks for (" + FilterWords.of(missing) + ")"
        : "answer 500, because the filter (" + FilterWords.of(lost) + ")"
            + " would hold for that route too";
    return new Diagnostic(
        Reason.UnsupportedFilter,
        route.route().owner(),
        "",
        "requests with a JSON body for " + path + " may be for a model of "
            + contest.first(group.winners().getFirst().owner(), route.route().owner())
            + ", so that they "
            + outcome
            + ". Give the route another path or hostname, or have the Gateway's owner attach one policy to all");
  }

  private Diagnostic tooManyPaths(InitialRoute route, InitialRouteGroup group) {
    Set<String> filters = new TreeSet<>();
    group.winners().forEach(winner -> filters.addAll(winner.filters()));
    return new Diagnostic(
        Reason.UnsupportedFilter,
        route.route().owner(),
        "",
        "requests with a JSON body for " + route.path() + " answer 500: they may be for models on "
            + group.winners().size() + " paths, of which some need a filter ("
            + FilterWords.of(filters) + ") and others do not, and the routes of namespace "
            + route.route().owner().namespace() + " have had " + MAX_ADDITIONAL
            + " copies of their own for such paths on this hostname."
            + " Give these models a hostname of their own");
  }

  /** Diagnostics of the routes. */
  List<Diagnostic> diagnostics() {
    return diagnostics;
  }
}
