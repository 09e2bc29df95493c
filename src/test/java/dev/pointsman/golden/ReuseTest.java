package dev.pointsman.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.pointsman.extension.ExtensionResource;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.hook.Hooks;
import dev.pointsman.hook.TranslationResult;
import dev.pointsman.incremental.Reuse;
import dev.pointsman.incremental.TranslationCache.Counts;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.translate.BackendWeights;
import dev.pointsman.translate.ClusterTable;
import dev.pointsman.translate.TranslatedResources;
import dev.pointsman.translate.Translation;
import dev.pointsman.translate.TranslationInputs;
import dev.pointsman.xds.XdsSettings;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
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
    TranslatedResources withoutReuse = withoutReuse(seen, snapshot);
    assertThat(withoutReuse.clusters()).isEqualTo(cold.response().getClustersList());
    assertThat(withoutReuse.listeners()).isEqualTo(cold.response().getListenersList());
    assertThat(withoutReuse.routes()).isEqualTo(cold.response().getRoutesList());
    assertThat(withoutReuse.diagnostics()).isEqualTo(cold.diagnostics());
    assertThat(WarmTest.answer(hooks, seen)).isEqualTo(cold);
  }

  private static TranslatedResources withoutReuse(Seen seen, ClusterSnapshot snapshot) {
    BackendWeights weights = new BackendWeights();
    seen.endpoints().forEach(request -> weights.remember(request.getLoadAssignment()));
    PostTranslateModifyRequest request = seen.request();
    return new Translation(XdsSettings.DEFAULT)
        .of(
            new TranslationInputs(
                () -> ClusterTable.of(request.getClustersList(), Reuse.NONE),
                request.getListenersList(),
                request.getRoutesList(),
                request.getPostTranslateContext().getExtensionResourcesList().stream()
                    .map(ExtensionResource::getUnstructuredBytes)
                    .toList(),
                request.getSerializedSize(),
                weights.take(),
                Map.of(),
                snapshot,
                XdsSettings.DEFAULT.eds().toCluster().toByteString()),
            Reuse.NONE);
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

  /** Envoy Gateway is written in Go, which writes the entries of a map in another order each time. */
  @Test
  void mapsInAnotherOrderAreNoChange() {
    Hooks hooks = new Hooks(XdsSettings.DEFAULT, () -> ClusterSnapshot.EMPTY);
    Seen seen = manyRoutes("a");
    TranslationResult first = WarmTest.answer(hooks, seen);
    Map<String, Long> misses = misses(hooks);
    TranslationResult second = WarmTest.answer(hooks, withOtherMapOrder(seen));
    assertThat(misses(hooks)).isEqualTo(misses);
    assertThat(second.response().getRoutesList()).isEqualTo(first.response().getRoutesList());
  }

  private static Seen withOtherMapOrder(Seen seen) {
    Seen other =
        withHosts(seen, (host, _) -> host.getRoutesBuilderList().forEach(ReuseTest::reverseMaps));
    assertThat(other.request().getRoutesList())
        .doesNotContainAnyElementsOf(seen.request().getRoutesList());
    return other;
  }

  private static void reverseMaps(Route.Builder route) {
    Map<String, Struct> metadata = new TreeMap<>(Comparator.reverseOrder());
    metadata.putAll(route.getMetadata().getFilterMetadataMap());
    route.getMetadataBuilder().clearFilterMetadata();
    metadata.forEach((name, struct) -> {
      Map<String, Value> fields = new TreeMap<>(Comparator.reverseOrder());
      fields.putAll(struct.getFieldsMap());
      Struct.Builder reversed = Struct.newBuilder();
      fields.forEach(reversed::putFields);
      route.getMetadataBuilder().putFilterMetadata(name, reversed.build());
    });
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
    return withHosts(GoldenCase.named("model-routes-two-pools").seen(), (host, table) -> {
      host.clearRoutes();
      for (VirtualHost original : table.getVirtualHostsList()) {
        original
            .getRoutesList()
            .forEach(route -> IntStream.range(0, ROUTES)
                .forEach(
                    i -> host.addRoutes(onPath(route, isNamed(route, i) ? i + name : "" + i))));
      }
    });
  }

  /** The translation with each virtual host changed; the change gets its route configuration too. */
  private static Seen withHosts(
      Seen seen, BiConsumer<VirtualHost.Builder, RouteConfiguration> change) {
    PostTranslateModifyRequest.Builder request = seen.request().toBuilder().clearRoutes();
    for (RouteConfiguration table :
        Named.read(RouteConfiguration.parser(), seen.request().getRoutesList())) {
      RouteConfiguration.Builder changed = table.toBuilder();
      changed.getVirtualHostsBuilderList().forEach(host -> change.accept(host, table));
      request.addRoutes(changed.build().toByteString());
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
