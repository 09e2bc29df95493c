package dev.pointsman.xds;

import dev.pointsman.xds.FilterContest.Winner;
import dev.pointsman.xds.InitialRouteCopy.Lengths;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Model routes whose requests have the same initial route.
 *
 * @param path empty for the initial route's own path
 * @param winners those that are served, if some are refused
 */
record InitialRouteGroup(Optional<RoutePath> path, Lengths lengths, List<Winner> winners) {
  Set<String> filters() {
    return winners.isEmpty() ? Set.of() : winners.getFirst().filters();
  }

  /** The group with the winners of the other one. */
  InitialRouteGroup and(InitialRouteGroup other) {
    return new InitialRouteGroup(
        path, lengths, Stream.concat(winners.stream(), other.winners.stream()).toList());
  }

  InitialRouteGroup onOwnPath() {
    return new InitialRouteGroup(Optional.empty(), lengths, winners);
  }

  /** The group on the route's own path. It never answers 413, to which only one HTTPRoute has agreed. */
  InitialRouteGroup shared() {
    return new InitialRouteGroup(
        Optional.empty(), lengths == Lengths.ANY ? Lengths.LIMITED : lengths, winners);
  }

  /** Whether its model routes need different filters, although one path has one set of filters. */
  boolean isMixed() {
    return winners.stream().map(Winner::filters).distinct().limit(2).count() > 1;
  }

  boolean contains(InitialRouteGroup other) {
    return lengths == other.lengths
        && (path.isEmpty() || other.path.isPresent() && path.get().contains(other.path.get()));
  }

  /** Orders groups on wider paths first. */
  static int widerFirst(InitialRouteGroup one, InitialRouteGroup other) {
    int byPath = one.path().isPresent() && other.path().isPresent()
        ? one.path().get().compareTo(other.path().get())
        : Boolean.compare(one.path().isPresent(), other.path().isPresent());
    return byPath == 0 ? one.lengths().compareTo(other.lengths()) : byPath;
  }

  /** The groups whose path is in no other group's path, joined with the groups that they contain. */
  static List<InitialRouteGroup> widest(List<InitialRouteGroup> groups) {
    List<InitialRouteGroup> widest = new ArrayList<>();
    for (InitialRouteGroup group : groups) {
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
}
