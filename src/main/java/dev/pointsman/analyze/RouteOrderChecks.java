package dev.pointsman.analyze;

import dev.pointsman.analyze.RoutedHosts.RoutedHost;
import dev.pointsman.kube.Manifest;
import dev.pointsman.model.Diagnostic.Reason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Matches that other rules of the same hosts take, by Gateway API's precedence. */
final class RouteOrderChecks implements Check {
  private static final Comparator<Manifest> AGE = Comparator.comparing((Manifest route) ->
          route.node().path("metadata").path("creationTimestamp").asString(""))
      .thenComparing(route -> route.object().namespace())
      .thenComparing(route -> route.object().name());

  /** A match of a rule on a host. */
  private record HostMatch(RouteRule rule, String path, MatchKey key) {
    String owner() {
      return rule.route().object().ref() + " " + rule.path();
    }
  }

  /** A match, and the one that takes its requests. */
  private record Taken(HostMatch match, HostMatch winner) {}

  @Override
  public void check(Manifests manifests, FindingCollector report) {
    RoutedHosts hosts = new RoutedHosts(manifests);
    Map<RoutedHost, List<HostMatch>> byHost = new LinkedHashMap<>();
    manifests.rules().stream()
        .sorted(Comparator.comparing(RouteRule::route, AGE)) // stable: rules keep their order
        .forEach(rule -> {
          List<HostMatch> matches = matches(rule);
          for (RoutedHost host : hosts.of(rule.route())) {
            byHost.computeIfAbsent(host, _ -> new ArrayList<>()).addAll(matches);
          }
        });
    Map<RouteRule, List<Taken>> taken = new LinkedHashMap<>();
    for (List<HostMatch> matches : byHost.values()) {
      outranked(report, matches);
      taken(matches)
          .forEach(one ->
              taken.computeIfAbsent(one.match().rule(), _ -> new ArrayList<>()).add(one));
    }
    taken.forEach((rule, some) -> {
      if (some.size() == matches(rule).size() * hosts.of(rule.route()).size()) {
        unreachable(report, rule, some.getFirst());
      } else {
        some.forEach(one -> twice(report, one));
      }
    });
  }

  private static void unreachable(FindingCollector report, RouteRule rule, Taken taken) {
    report.add(
        rule.route(),
        Reason.UnreachableRule,
        rule.path(),
        "has no match that an earlier rule, " + taken.winner().owner() + ", does not have, too",
        "No request reaches the rule",
        "Remove the rule, or make its matches differ (path, model, header)");
  }

  private static void twice(FindingCollector report, Taken taken) {
    report.add(
        taken.match().rule().route(),
        Reason.ModelTwice,
        taken.match().path(),
        "is a match of " + taken.winner().owner() + ", too",
        "Its requests go to that rule: the older HTTPRoute counts, and in one HTTPRoute the first rule",
        "Remove one of the two; for shares, list both backends with weights in one rule");
  }

  private static List<Taken> taken(List<HostMatch> matches) {
    Map<MatchKey, HostMatch> first = new LinkedHashMap<>();
    List<Taken> taken = new ArrayList<>();
    for (HostMatch match : matches) {
      HostMatch winner = first.putIfAbsent(match.key(), match);
      if (winner != null
          && !winner.rule().equals(match.rule())
          && (winner.rule().isRelevant() || match.rule().isRelevant())) {
        taken.add(new Taken(match, winner));
      }
    }
    return taken;
  }

  private static void outranked(FindingCollector report, Collection<HostMatch> matches) {
    Optional<HostMatch> preferred = matches.stream()
        .filter(one -> one.key().takesChats()
            && one.key().conditions().isEmpty()
            && !one.rule().pools().isEmpty())
        .max(Comparator.comparing(HostMatch::key, MatchKey.BY_PATH));
    if (preferred.isEmpty()) {
      return;
    }
    HostMatch taker = preferred.get();
    List<HostMatch> models = matches.stream()
        .filter(one -> one.key().takesChats() && one.key().model().isPresent())
        .toList();
    Map<Optional<String>, Set<MatchKey>> safe = new HashMap<>(); // by model
    models.stream()
        .map(HostMatch::key)
        .filter(key -> MatchKey.BY_PATH.compare(key, taker.key()) >= 0)
        .forEach(
            key -> safe.computeIfAbsent(key.model(), _ -> new LinkedHashSet<>()).add(key));
    for (HostMatch one : models) {
      if (safe.getOrDefault(one.key().model(), Set.of()).stream()
          .noneMatch(key -> one.key().conditions().containsAll(key.conditions()))) {
        report.add(
            one.rule().route(),
            Reason.Outranked,
            one.path(),
            "is for a model on " + one.key().pathWords() + ", and requests for it on "
                + taker.key().pathWords() + " go to " + taker.owner() + ", which names no model",
            "Envoy Gateway prefers an exact path, a regular expression and then the longer path to a header match, so the"
                + " other rule gets these requests",
            "Match " + taker.key().pathWords() + " here too");
      }
    }
  }

  private static List<HostMatch> matches(RouteRule rule) {
    Map<String, JsonNode> matches = rule.matches();
    return matches.isEmpty()
        ? List.of(new HostMatch(rule, rule.path(), MatchKey.ALL))
        : matches.entrySet().stream()
            .map(match -> new HostMatch(rule, match.getKey(), MatchKey.of(match.getValue())))
            .toList();
  }
}
