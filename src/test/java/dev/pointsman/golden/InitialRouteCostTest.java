package dev.pointsman.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.hook.TranslationResult;
import dev.pointsman.xds.XdsNames;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Model routes on many paths, in front of as many routes without a model: without a bound each of these has a copy for
 * each path, and 200 of both made an answer of 54 MB.
 */
class InitialRouteCostTest {
  @ParameterizedTest
  @CsvSource({
    "auth-basic-on-one-model, 200",
    "model-routes-beside-other-paths, 200",
    "model-regex-beside-other-routes, 200",
    "tenants-basic-auth-beside-plain-routes, 200",
    "tenants-basic-auth-beside-plain-routes, 700"
  })
  void copiesGrowWithTheRoutesAlone(String name, int times) {
    GoldenCase given = GoldenCase.named(name);
    Seen seen = times(given.seen(), times);
    TranslationResult result = seen.answer(given.snapshot());
    assertThat(routes(result)).isGreaterThan(times);
    // A listener has the same size for any number of routes.
    assertThat(result.response().toBuilder().clearListeners().build().getSerializedSize())
        .isLessThan(9 * seen.request().getSerializedSize() / 2);
  }

  private static long routes(TranslationResult result) {
    return Named.read(RouteConfiguration.parser(), result.response().getRoutesList()).stream()
        .flatMap(table -> table.getVirtualHostsList().stream())
        .mapToLong(VirtualHost::getRoutesCount)
        .sum();
  }

  /** Each model route on so many paths, before each other route so many times. */
  private static Seen times(Seen seen, int times) {
    PostTranslateModifyRequest.Builder request = seen.request().toBuilder().clearRoutes();
    for (RouteConfiguration table :
        Named.read(RouteConfiguration.parser(), seen.request().getRoutesList())) {
      RouteConfiguration.Builder more = table.toBuilder();
      for (VirtualHost.Builder host : more.getVirtualHostsBuilderList()) {
        List<Route> forModels = host.getRoutesList().stream()
            .filter(InitialRouteCostTest::isForModel)
            .toList();
        List<Route> others =
            host.getRoutesList().stream().filter(route -> !isForModel(route)).toList();
        host.clearRoutes()
            .addAllRoutes(Stream.concat(
                    times(forModels, times, InitialRouteCostTest::onPath),
                    times(others, times, InitialRouteCostTest::withHeader))
                .toList());
      }
      request.addRoutes(more.build().toByteString());
    }
    return seen.with(request.build());
  }

  private interface Variant {
    Route of(Route route, int number);
  }

  private static Stream<Route> times(List<Route> routes, int times, Variant variant) {
    return routes.stream()
        .flatMap(route -> IntStream.range(0, times).mapToObj(i -> variant.of(route, i)));
  }

  private static boolean isForModel(Route route) {
    return route.getMatch().getHeadersList().stream()
        .anyMatch(header -> header.getName().equalsIgnoreCase(XdsNames.MODEL_HEADER));
  }

  private static Route onPath(Route route, int number) {
    Route.Builder other = route.toBuilder().setName(route.getName() + "/" + number);
    other.getMatchBuilder().setPrefix("/v" + number + "/");
    return other.build();
  }

  private static Route withHeader(Route route, int number) {
    Route.Builder other = route.toBuilder().setName(route.getName() + "/" + number);
    other
        .getMatchBuilder()
        .setPrefix("/")
        .addHeadersBuilder()
        .setName("x-number")
        .getStringMatchBuilder()
        .setExact(String.valueOf(number));
    return other.build();
  }
}
