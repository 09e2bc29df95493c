package dev.pointsman.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.hook.Hooks;
import dev.pointsman.hook.TranslationResult;
import dev.pointsman.incremental.TranslationCache.Counts;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.xds.XdsSettings;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A translation reuses the results of the last one, and would have the same answer without them. */
class ReuseTest {
  private static final int ROUTES = 1_000;

  @ParameterizedTest
  @MethodSource("dev.pointsman.golden.GoldenCase#all")
  void theAnswerIsTheSameWithoutReuse(GoldenCase given) {
    ClusterSnapshot snapshot = given.snapshot();
    Hooks hooks = new Hooks(XdsSettings.DEFAULT, () -> snapshot);
    Seen seen = given.seen();
    TranslationResult cold = WarmTest.answer(hooks, seen);
    Hooks.Connection connection = hooks.connect();
    seen.endpoints().forEach(request -> connection.endpoints(request));
    assertThat(connection.translationWithoutReuse(seen.request())).isEqualTo(cold);
    assertThat(WarmTest.answer(hooks, seen)).isEqualTo(cold);
  }

  @Test
  void theSameTranslationComputesNothingAnew() {
    Hooks hooks = new Hooks(XdsSettings.DEFAULT, () -> ClusterSnapshot.EMPTY);
    Seen seen = manyRoutes("a");
    var _ = WarmTest.answer(hooks, seen);
    Map<String, Long> misses = misses(hooks);
    assertThat(misses.values()).allSatisfy(count -> assertThat(count).isPositive());
    var _ = WarmTest.answer(hooks, seen);
    assertThat(misses(hooks)).isEqualTo(misses);
  }

  /** Of the some 32 groups of routes, those around the change. */
  @Test
  void aChangedRouteCostsItsOwnGroup() {
    Hooks hooks = new Hooks(XdsSettings.DEFAULT, () -> ClusterSnapshot.EMPTY);
    var _ = WarmTest.answer(hooks, manyRoutes("a"));
    Map<String, Long> before = misses(hooks);
    assertThat(before.get("rewritten-groups")).isGreaterThan(10);
    assertThat(before.get("rewritten-routes")).isEqualTo(ROUTES * 2);
    var _ = WarmTest.answer(hooks, manyRoutes("b"));
    Map<String, Long> after = misses(hooks);
    for (String groups : new String[] {"group-plans", "planned-groups", "rewritten-groups"}) {
      assertThat(added(before, after, groups)).as(groups).isBetween(1L, 2L);
    }
    assertThat(added(before, after, "rewritten-routes")).isOne();
    assertThat(after.get("rewritten-listeners")).isEqualTo(before.get("rewritten-listeners"));
  }

  private static long added(Map<String, Long> before, Map<String, Long> after, String step) {
    return after.getOrDefault(step, 0L) - before.getOrDefault(step, 0L);
  }

  private static Map<String, Long> misses(Hooks hooks) {
    Map<String, Long> misses = new TreeMap<>();
    hooks.reuse().forEach((String step, Counts counts) -> misses.put(step, counts.misses()));
    return misses;
  }

  /** Two rules with a thousand matches each, one of which has a name of its own. */
  private static Seen manyRoutes(String name) {
    Seen seen = GoldenCase.named("model-routes-two-pools").seen();
    PostTranslateModifyRequest.Builder request = seen.request().toBuilder().clearRoutes();
    for (RouteConfiguration table :
        Named.read(RouteConfiguration.parser(), seen.request().getRoutesList())) {
      RouteConfiguration.Builder more = table.toBuilder();
      for (VirtualHost.Builder host : more.getVirtualHostsBuilderList()) {
        host.clearRoutes();
        for (VirtualHost original : table.getVirtualHostsList()) {
          original
              .getRoutesList()
              .forEach(route -> IntStream.range(0, ROUTES)
                  .forEach(
                      i -> host.addRoutes(onPath(route, isNamed(route, i) ? i + name : "" + i))));
        }
      }
      request.addRoutes(more.build().toByteString());
    }
    return seen.with(request.build());
  }

  private static boolean isNamed(Route route, int number) {
    return number == ROUTES / 2 && route.getName().contains("/rule/0/");
  }

  private static Route onPath(Route route, String path) {
    Route.Builder other = route.toBuilder().setName(route.getName() + "/" + path);
    other.getMatchBuilder().setPrefix("/v" + path + "/");
    return other.build();
  }
}
