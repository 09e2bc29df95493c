package dev.pointsman.xds;

import com.google.common.collect.Sets;
import com.google.protobuf.Any;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.xds.FilterContest.Winner;
import dev.pointsman.xds.InitialRouteCopy.Lengths;
import dev.pointsman.xds.InitialRoutes.Plain;
import dev.pointsman.xds.ModelMatches.Condition;
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
import java.util.stream.Stream;

/**
 * Decides which copies stand in front of routes that ask for no model: one for each path of the models where that is
 * possible, one on the route's own path where it would be too many.
 */
public final class InitialRouteCopies {
  /** Copies on paths of their own in front of one route. */
  public static final int MOST_PATHS = 8;

  /**
   * Copies beyond one a route that the routes of a namespace may have in a host. Without a bound, some hundred model
   * routes before as many plain routes would be more than Envoy Gateway publishes.
   */
  public static final int MOST_MORE = 128;

  private final FilterContest contest;
  private final Map<RoutePath, List<Winner>> winners;
  private final Map<String, Integer> more = new HashMap<>();
  private final boolean always;
  private final Map<String, Any> present;
  private final List<Diagnostic> diagnostics = new ArrayList<>();

  /**
   * For one host.
   *
   * @param always whether models are read from the requests of all routes
   * @param present configurations with which filters are there and do nothing, by filter's name
   */
  InitialRouteCopies(FilterContest contest, boolean always, Map<String, Any> present) {
    this.contest = contest;
    this.always = always;
    this.present = present;
    winners = contest.winners().stream().collect(Collectors.groupingBy(Winner::path));
  }

  /**
   * Model routes whose requests arrive on one path.
   *
   * @param path empty for the route's own
   * @param winners those that are served, where not all are
   */
  private record Group(Optional<RoutePath> path, Lengths lengths, List<Winner> winners) {
    Set<String> filters() {
      return winners.isEmpty() ? Set.of() : winners.getFirst().filters();
    }

    /** Itself with those of the other. */
    Group and(Group other) {
      return new Group(
          path, lengths, Stream.concat(winners.stream(), other.winners.stream()).toList());
    }

    Group onOwnPath() {
      return new Group(Optional.empty(), lengths, winners);
    }

    /** Itself on the route's own path, and no answer of 413 for what one HTTPRoute alone has agreed to. */
    Group shared() {
      return new Group(
          Optional.empty(), lengths == Lengths.ANY ? Lengths.LIMITED : lengths, winners);
    }

    /** Whether its model routes want different filters, of which one path can have only some. */
    boolean isMixed() {
      return winners.stream().map(Winner::filters).distinct().limit(2).count() > 1;
    }

    boolean contains(Group other) {
      return lengths == other.lengths
          && (path.isEmpty() || other.path.isPresent() && path.get().contains(other.path.get()));
    }
  }

  /** The copies of a route, in their order. */
  List<InitialRouteCopy> of(Plain route) {
    Set<Group> groups = groups(route);
    List<Group> apart = groups.size() > MOST_MORE ? List.of() : apart(route, groups);
    boolean isAllowed = groups.isEmpty() || !apart.isEmpty() && mayHave(route, apart.size() - 1);
    List<Group> all =
        isAllowed ? apart : widest(groups.stream().map(Group::shared).toList());
    return all.stream().map(group -> copy(route, group)).toList();
  }

  /** Whether so many more copies are within the bound; counts them if they are. */
  private boolean mayHave(Plain route, int copies) {
    String namespace = route.route().owner().namespace();
    int all = more.getOrDefault(namespace, 0) + copies;
    if (all <= MOST_MORE) {
      more.put(namespace, all);
    }
    return all <= MOST_MORE;
  }

  private List<Group> apart(Plain route, Set<Group> groups) {
    List<Group> guarded = new ArrayList<>();
    List<Group> open = new ArrayList<>();
    List<Group> refused = new ArrayList<>();
    for (Group group : groups) {
      boolean isRefused = group.winners().isEmpty() && contest.isHeld();
      (isRefused ? refused : group.filters().isEmpty() ? open : guarded).add(group);
    }
    boolean isContested = !contest.contested(route.route().filters()).isEmpty();
    // Of those in contest, one path has the same filters wherever it overlaps with another. The
    // losers' requests arrive behind the others, so that they make no difference to them.
    List<Group> all = new ArrayList<>(widest(guarded));
    all.addAll(isContested ? widest(open) : few(widest(open)));
    all.addAll(few(widest(refused)));
    return all;
  }

  /** The model routes by path, wider paths first. */
  private Set<Group> groups(Plain route) {
    RoutePath own = route.path();
    Set<Group> groups = new LinkedHashSet<>();
    if (always) {
      groups.add(new Group(Optional.empty(), Lengths.ANY, List.of()));
    }
    for (Condition condition : route.conditions()) {
      RoutePath path = RoutePath.of(condition.match());
      groups.add(new Group(
          narrower(own, path), lengths(route, condition), winners.getOrDefault(path, List.of())));
    }
    return groups.stream()
        .sorted(InitialRouteCopies::widerFirst)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static int widerFirst(Group one, Group other) {
    int byPath = one.path().isPresent() && other.path().isPresent()
        ? one.path().get().compareTo(other.path().get())
        : Boolean.compare(one.path().isPresent(), other.path().isPresent());
    return byPath == 0 ? one.lengths().compareTo(other.lengths()) : byPath;
  }

  private static Optional<RoutePath> narrower(RoutePath own, RoutePath path) {
    return own.contains(path) && !own.equals(path) ? Optional.of(path) : Optional.empty();
  }

  /** Those whose path lies in no other's, which take over what the others had. */
  private static List<Group> widest(List<Group> groups) {
    List<Group> widest = new ArrayList<>();
    for (Group group : groups) {
      int wider = 0;
      while (wider < widest.size() && !widest.get(wider).contains(group)) {
        wider++;
      }
      if (wider < widest.size()) {
        widest.set(wider, widest.get(wider).and(group));
      } else {
        widest.add(group);
      }
    }
    return widest;
  }

  private static List<Group> few(List<Group> groups) {
    return groups.size() <= MOST_PATHS
        ? groups
        : widest(groups.stream().map(Group::onOwnPath).toList());
  }

  private InitialRouteCopy copy(Plain route, Group group) {
    Map<String, Any> filters = new TreeMap<>(present);
    if (group.isMixed()) {
      diagnostics.add(tooMany(route, group));
      return new InitialRouteCopy(group.path(), group.lengths(), filters, Set.of(), true);
    }
    Set<String> own = contest.contested(route.route().filters());
    if (group.winners().isEmpty() || own.equals(group.filters())) {
      return new InitialRouteCopy(group.path(), group.lengths(), filters, Set.of(), false);
    }
    Set<String> missing = Sets.difference(group.filters(), own);
    Set<String> lost = Sets.difference(own, group.filters());
    missing.forEach(filter -> filters.put(filter, DisabledFilters.ON));
    diagnostics.add(loses(route, group, missing, lost));
    return new InitialRouteCopy(group.path(), group.lengths(), filters, lost, !lost.isEmpty());
  }

  /**
   * The bodies from which a model is read. Where the route's own HTTPRoute has the models, all of them: a body above the
   * limit gets 413 rather than another model's pool. Bodies whose length is not told are not held back for the models of
   * another namespace, unless these were there first.
   */
  private Lengths lengths(Plain route, Condition condition) {
    ObjectRef owner = route.route().owner();
    Set<ObjectRef> askings =
        condition.askings().stream().map(Asking::owner).collect(Collectors.toSet());
    if (always || askings.contains(owner)) {
      return Lengths.ANY;
    }
    return askings.stream()
            .anyMatch(asking ->
                asking.namespace().equals(owner.namespace()) || contest.precedes(asking, owner))
        ? Lengths.LIMITED
        : Lengths.LIMITED_AND_TOLD;
  }

  private Diagnostic loses(Plain route, Group group, Set<String> missing, Set<String> lost) {
    String where = group.path().orElse(route.path()).toString();
    String outcome = lost.isEmpty()
        ? "need what its filter asks for (" + FilterWords.of(missing) + ")"
        : "answer 500, because the filter (" + FilterWords.of(lost) + ")"
            + " would hold for that route too";
    return new Diagnostic(
        Reason.UnsupportedFilter,
        route.route().owner(),
        "",
        "requests with a JSON body for " + where + " may be for a model of "
            + contest.first(group.winners().getFirst().owner(), route.route().owner())
            + ", so that they "
            + outcome
            + ". Give the route another path or hostname, or have the Gateway's owner attach one policy to all");
  }

  private Diagnostic tooMany(Plain route, Group group) {
    Set<String> filters = new TreeSet<>();
    group.winners().forEach(winner -> filters.addAll(winner.filters()));
    return new Diagnostic(
        Reason.UnsupportedFilter,
        route.route().owner(),
        "",
        "requests with a JSON body for " + route.path() + " answer 500: they may be for models on "
            + group.winners().size() + " paths, of which some need a filter ("
            + FilterWords.of(filters) + ") and others do not, and the routes of namespace "
            + route.route().owner().namespace() + " have had " + MOST_MORE
            + " copies of their own for such paths on this hostname."
            + " Give these models a hostname of their own");
  }

  /** What there is to say about the routes. */
  List<Diagnostic> diagnostics() {
    return diagnostics;
  }
}
