package dev.pointsman.xds;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.extensions.filters.http.cors.v3.CorsPolicy;
import java.util.List;
import org.junit.jupiter.api.Test;

/** CORS preflights of model routes: they have no body, and so no model. */
class ModelPreflightsTest extends PolicyRouteFixture {
  @Test
  void aPreflightOfAModelRouteMatchesForAnyModel() {
    Route.Builder preflight =
        withHeader(withHeader(route("r/cors-preflight/h", "/"), MODEL, "a"), ":method", "OPTIONS");
    Route taken = named(
        arrange(
            planned(preflight.build()),
            planned(withHeader(route("r", "/"), MODEL, "a").build())),
        preflight.getName());
    assertThat(taken.getMatch().getHeadersList())
        .extracting(HeaderMatcher::getName)
        .containsExactly(":method");
  }

  @Test
  void aModelRouteThatAllowsOriginsGetsARouteForPreflights() {
    Route allows = withHeader(route("r", "/v1"), MODEL, "a")
        .putTypedPerFilterConfig(
            "envoy.filters.http.cors", Any.pack(CorsPolicy.getDefaultInstance()))
        .build();
    List<Route> routes = arrange(planned(allows));
    assertThat(routes).extracting(Route::getName).containsSubsequence("r/preflight", "r");
    Route preflight = named(routes, "r/preflight");
    assertThat(preflight.getMatch().getPrefix()).isEqualTo("/v1");
    assertThat(preflight.getMatch().getHeadersList())
        .extracting(HeaderMatcher::getName)
        .containsExactly(":method", "origin", "access-control-request-method");
    assertThat(preflight.getTypedPerFilterConfigMap()).containsKey("envoy.filters.http.cors");
  }

  @Test
  void aModelRouteThatAllowsNoOriginsGetsNone() {
    assertThat(arrange(planned(withHeader(route("r", "/v1"), MODEL, "a").build())))
        .extracting(Route::getName)
        .doesNotContain("r/preflight");
  }
}
