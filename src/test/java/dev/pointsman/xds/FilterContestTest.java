package dev.pointsman.xds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.xds.RequestWalk.WalkedRequest;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** On hosts that many share, with and without passwords: nobody is served without them, nobody older notices. */
class FilterContestTest {
  private static final int HOSTS = 1_000;
  private static final List<String> PATHS =
      List.of("/", "/a", "/a/b", "/ab", "exact:/a/b", "/c", "regex:/a/.*");
  private static final List<String> REQUESTS = List.of("/", "/a", "/a/b", "/a/b/c", "/ab", "/c/d");
  private static final List<String> LENGTHS = List.of("100", "30000000", "");

  /** A route of an HTTPRoute, whose age is its number. */
  private record ContestRule(int age, String path, boolean model, List<String> filters) {
    String owner() {
      return "team" + age % 3 + "/r" + age;
    }

    /** As Envoy Gateway sorts: exact paths, then longer ones, then more headers, then age. */
    static final Comparator<ContestRule> ORDER = Comparator.comparing(
            (ContestRule rule) -> !rule.path.startsWith("exact:"))
        .thenComparing(rule -> !rule.path.startsWith("regex:"))
        .thenComparing(rule -> -rule.path.length())
        .thenComparing(rule -> !rule.model)
        .thenComparing(ContestRule::age);
  }

  @Test
  void noProtectedRouteIsServedWithoutItsFilterAndNoOtherWithIt() {
    int guarded = 0;
    for (int seed = 0; seed < HOSTS; seed++) {
      List<ContestRule> rules = rules(new Random(seed));
      List<Route> routes = routes(rules);
      for (WalkedRequest request : requests(rules)) {
        Optional<RequestWalk> walk = RequestWalk.of(request, routes);
        if (walk.isPresent() && goesSomewhere(walk.get().last())) {
          List<String> own = own(rules, walk.get().last());
          for (String passwords : SharedHost.PASSWORDS) {
            if (own.contains(passwords)) {
              guarded++;
              assertThat(walk.get().runs(passwords)).as(seed + ": " + request).isTrue();
            }
            if (walk.get().last().getName().matches("team./r[0-9]+/[0-9]+")
                && !own.contains(passwords)) {
              assertThat(walk.get().runs(passwords)).as(seed + ": " + request).isFalse();
            }
          }
        }
      }
    }
    assertThat(guarded).isGreaterThan(1_000);
  }

  @Test
  void aYoungerHttpRouteChangesNothingForTheOlderOnes() {
    int compared = 0;
    for (int seed = 0; seed < HOSTS; seed++) {
      List<ContestRule> all = rules(new Random(seed));
      int youngest = all.stream().mapToInt(ContestRule::age).max().orElseThrow();
      List<ContestRule> older =
          all.stream().filter(rule -> rule.age() != youngest).toList();
      List<Route> before = routes(older);
      List<Route> after = routes(all);
      String newcomer = "team" + youngest % 3;
      for (WalkedRequest request : requests(older)) {
        Optional<RequestWalk> was = RequestWalk.of(request, before);
        RequestWalk is = RequestWalk.of(request, after).orElse(null);
        boolean served = was.isPresent() && goesSomewhere(was.get().last());
        // A more specific match takes a plain route's request, as it does without models.
        if (!served
            || is == null
            || is.last().getName().startsWith(newcomer)
            || was.get().last().getName().startsWith(newcomer)
            || is.first().getName().startsWith(newcomer)
                && !isModel(older, was.get().last())) {
          continue;
        }
        compared++;
        assertThat(target(is.last()))
            .as(seed + ": " + request)
            .isEqualTo(target(was.get().last()));
        for (String passwords : SharedHost.PASSWORDS) {
          assertThat(is.runs(passwords))
              .as("%s: %s, %s", seed, request, passwords)
              .isEqualTo(was.get().runs(passwords));
        }
      }
    }
    assertThat(compared).isGreaterThan(1_000);
  }

  private static List<ContestRule> rules(Random random) {
    List<ContestRule> rules = new ArrayList<>();
    int count = random.nextInt(2, 7);
    for (int age = 0; age < count; age++) {
      List<String> filters = new ArrayList<>(SharedHost.PASSWORDS);
      filters.removeIf(_ -> random.nextInt(3) > 0);
      rules.add(new ContestRule(
          age, PATHS.get(random.nextInt(PATHS.size())), random.nextInt(3) > 0, filters));
    }
    rules.sort(ContestRule.ORDER);
    return rules;
  }

  private static List<Route> routes(List<ContestRule> rules) {
    SharedHost host = new SharedHost();
    for (ContestRule rule : rules) {
      host.created(rule.owner(), rule.age());
      String[] filters = rule.filters().toArray(String[]::new);
      if (rule.model()) {
        host.model(rule.owner(), rule.path(), "m" + rule.age(), filters);
      } else {
        host.plain(rule.owner(), rule.path(), filters);
      }
    }
    return host.routes();
  }

  private static List<WalkedRequest> requests(List<ContestRule> rules) {
    List<WalkedRequest> requests = new ArrayList<>();
    for (String path : REQUESTS) {
      for (String length : LENGTHS) {
        requests.add(new WalkedRequest(path, "", length));
        requests.add(new WalkedRequest(path, "unknown", length));
        rules.forEach(rule -> requests.add(new WalkedRequest(path, "m" + rule.age(), length)));
      }
    }
    return requests;
  }

  private static boolean goesSomewhere(Route route) {
    return route.getRoute().getCluster().startsWith("team");
  }

  private static String target(Route route) {
    return route.getRoute().getCluster().replaceFirst("/[0-9]+$", "");
  }

  /** The filters that the HTTPRoute wants. */
  private static List<String> own(List<ContestRule> rules, Route route) {
    return of(rules, route).filters();
  }

  private static boolean isModel(List<ContestRule> rules, Route route) {
    return of(rules, route).model();
  }

  private static ContestRule of(List<ContestRule> rules, Route route) {
    return rules.stream()
        .filter(rule -> route.getName().startsWith(rule.owner() + "/"))
        .findFirst()
        .orElseThrow();
  }
}
