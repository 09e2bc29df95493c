package dev.pointsman.xds;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.re2j.Pattern;
import dev.pointsman.model.UserStrings;
import dev.pointsman.plan.PolicyPlan;
import dev.pointsman.shallow.ShallowVirtualHost;
import dev.pointsman.xds.VirtualHosts.HostSettings;
import dev.pointsman.xds.VirtualHosts.Item;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.extensions.filters.http.cors.v3.CorsPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which route takes a request where policies, base models and preflights put routes in front of a rule's. */
class PolicyModelRoutesTest {
  private static final String MODEL = "X-Gateway-Model-Name";
  private static final String BASE = "X-Gateway-Base-Model-Name";

  @Test
  void aPolicysModelsStandInFrontOfTheirRulesRoute() {
    List<Route> routes = arrange(
        planned(route("rule", "/v1").build(), "a", "b"),
        planned(route("rest", "/web").build()));
    assertThat(routes)
        .extracting(Route::getName)
        .containsExactly(
            "pointsman/invalid-model",
            "rule/model/a",
            "rule/model-arrival",
            "rule",
            "rest",
            "pointsman/unknown-model");
    assertThat(routes.get(1).getMatch().getPrefix()).isEqualTo("/v1");
    assertThat(regex(routes.get(1))).isEqualTo("a|b");
  }

  @Test
  void aModelAloneIsMatchedAsItIs() {
    Route narrow = HeaderMatchRoutes.narrow(route("rule", "/v1").build(), List.of("a.*"));
    assertThat(narrow.getName()).isEqualTo("rule/model/a.*");
    assertThat(header(narrow, XdsNames.MODEL_HEADER)).isEqualTo("a.*");
  }

  /** RE2 is what Envoy matches with: each name is matched, and nothing else is. */
  @Test
  void severalModelsAreMatchedLetterByLetter() {
    List<String> names = List.of(
        "a.*",
        "(a|b)+",
        "[x]{2}",
        "\\d^$",
        "a|b",
        "100%",
        "\\Q..\\E",
        "meta-llama/Llama-3.1-8B",
        "\u6a21\u578b",
        "\ud83e\udd99?",
        "a b",
        "-",
        "\\",
        "x-y_z:w@v#1,2;3<4>5=6&7'8\"9`~!");
    Pattern regex =
        Pattern.compile(regex(HeaderMatchRoutes.narrow(route("r", "/").build(), names)));
    assertThat(names).allMatch(regex::matches);
    assertThat(List.of("aXX", "a", "ab", "xx", "5^$", "100%%", "..", "meta-llama/Llama-3x1-8B", ""))
        .noneMatch(regex::matches);
  }

  @Test
  void manyModelsAreSeveralRegularExpressionsOfABoundedLength() {
    List<String> names = IntStream.range(0, 3_000)
        .mapToObj(i -> "tenant.a/adapter-%06d".formatted(i))
        .toList();
    List<Route> routes =
        arrange(planned(route("rule", "/v1").build(), names.toArray(String[]::new))).stream()
            .filter(route -> route.getName().startsWith("rule/model/"))
            .toList();
    assertThat(routes).extracting(Route::getName).hasSize(10).doesNotHaveDuplicates();
    assertThat(routes).allMatch(route -> regex(route).length() <= 8 << 10);
    assertThat(routes.stream().flatMap(route -> Stream.of(regex(route).split("\\|"))))
        .containsExactlyElementsOf(names.stream().map(UserStrings::quoted).toList());
  }

  @Test
  void routesThatGatewayApiPutsFirstStayFirst() {
    Route narrower = route("narrower", "/v1/chat").build();
    Route byModel = withHeader(route("by-model", "/v1"), MODEL, "a").build();
    assertThat(arrange(
            planned(narrower), planned(byModel), planned(route("rule", "/v1").build(), "a")))
        .extracting(Route::getName)
        .containsSubsequence("narrower", "by-model", "rule/model/a", "rule");
  }

  @Test
  void aPolicysModelTakesTheOtherConditionsOfItsRule() {
    Route route = withHeader(withHeader(route("rule", "/v1"), "x-tenant", "blue"), MODEL, "old")
        .build();
    Route narrow = HeaderMatchRoutes.narrow(route, List.of("new"));
    assertThat(narrow.getMatch().getHeadersList())
        .extracting(HeaderMatcher::getName)
        .containsExactly("x-tenant", XdsNames.MODEL_HEADER);
    assertThat(header(narrow, XdsNames.MODEL_HEADER)).isEqualTo("new");
  }

  @Test
  void aRouteThatAnswersByItselfHasNoModels() {
    Route redirect = route("redirect", "/old").build().toBuilder().clearRoute().build();
    assertThat(arrange(planned(redirect, "a")))
        .extracting(Route::getName)
        .containsExactly("redirect");
  }

  @Test
  void theUpstreamIsToldTheBaseModelOfAnAdapter() {
    Route narrow = HeaderMatchRoutes.narrow(
        withHeader(route("rule", "/"), BASE, "100%").build(), List.of("lora"));
    assertThat(narrow.getMatch().getHeadersList())
        .extracting(HeaderMatcher::getName)
        .containsExactly(XdsNames.MODEL_HEADER);
    assertThat(narrow.getRequestHeadersToAdd(0).getHeader().getKey())
        .isEqualTo(XdsNames.BASE_MODEL_HEADER);
    assertThat(narrow.getRequestHeadersToAdd(0).getHeader().getValue()).isEqualTo("100%%");
  }

  @Test
  void aPreflightOfAModelRouteIsTakenWhateverTheModel() {
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

  private static Route named(List<Route> routes, String name) {
    return routes.stream()
        .filter(route -> route.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static String regex(Route route) {
    HeaderMatcher model = route.getMatch().getHeadersList().getLast();
    assertThat(model.getName()).isEqualTo(XdsNames.MODEL_HEADER);
    return model.getStringMatch().getSafeRegex().getRegex();
  }

  private static String header(Route route, String name) {
    return route.getMatch().getHeadersList().stream()
        .filter(header -> header.getName().equals(name))
        .map(header -> header.getStringMatch().getExact())
        .findFirst()
        .orElseThrow();
  }

  /** The routes of the host in the order in which Envoy tries them; the last, which takes the rest, left out. */
  private static List<Route> arrange(PlannedRoute... planned) {
    HostSettings setting = new HostSettings(
        new LoopTokens(LoopSecret.PUBLIC, "table", "host"),
        GatewayFilters.NONE,
        HostModels.byDefault(XdsSettings.DEFAULT));
    List<Route> routes = new ArrayList<>();
    try {
      for (Item item : VirtualHosts.of(List.of(PlannedRoutes.of(List.of(planned))), setting)
          .arrange(Precedence.BY_NAME)
          .items()) {
        switch (item) {
          case Item.Inserted(Route route) -> routes.add(route);
          case Item.Original(PlannedRoutes given, Optional<HostChange> change) ->
            routes.addAll(changed(given, change));
        }
      }
    } catch (InvalidProtocolBufferException impossible) {
      throw new IllegalStateException(impossible);
    }
    routes.removeIf(route -> route.getName().equals(XdsNames.UNROUTED_ROUTE));
    return routes;
  }

  private static List<Route> changed(PlannedRoutes planned, Optional<HostChange> change)
      throws InvalidProtocolBufferException {
    List<Optional<RouteChange>> changes = change
        .map(host -> host.changes(planned))
        .orElseGet(() ->
            planned.list().stream().map(_ -> Optional.<RouteChange>empty()).toList());
    List<Route> routes = new ArrayList<>();
    for (int i = 0; i < changes.size(); i++) {
      ByteString bytes = planned.list().get(i).bytes();
      List<ByteString> changed = changes.get(i).isPresent()
          ? ShallowVirtualHost.parseFrom(changes.get(i).get().apply(bytes).routes())
              .getRoutesList()
          : List.of(bytes);
      for (ByteString route : changed) {
        routes.add(Route.parseFrom(route));
      }
    }
    return routes;
  }

  private static PlannedRoute planned(Route route, String... models) {
    PolicyPlan policy =
        models.length == 0 ? PolicyPlan.NONE : PolicyPlan.NONE.withBaseModel(List.of(models));
    try {
      return new PlannedRoute(
          route.toByteString(),
          Optional.of(RouteFacts.of(route.toByteString())),
          Optional.empty(),
          policy,
          false,
          true);
    } catch (InvalidProtocolBufferException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static Route.Builder route(String name, String prefix) {
    Route.Builder route =
        Route.newBuilder().setName(name).setMatch(RouteMatch.newBuilder().setPrefix(prefix));
    route.getRouteBuilder().setCluster("cluster/" + name);
    return route;
  }

  private static Route.Builder withHeader(Route.Builder route, String header, String value) {
    HeaderMatcher.Builder matcher = HeaderMatcher.newBuilder().setName(header);
    matcher.getStringMatchBuilder().setExact(value);
    route.getMatchBuilder().addHeaders(matcher);
    return route;
  }
}
