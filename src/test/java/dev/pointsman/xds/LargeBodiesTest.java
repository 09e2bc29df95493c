package dev.pointsman.xds;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class LargeBodiesTest {
  private static final LoopTokens TOKENS = new LoopTokens(LoopSecret.PUBLIC, "table", "host");
  private static final HeaderMatcher MODEL = HeaderMatcher.newBuilder()
      .setName(XdsNames.MODEL_HEADER)
      .setPresentMatch(true)
      .build();
  private static final Function<RouteMatch.Builder, RouteMatch.Builder> TEAM =
      match -> match.setPathSeparatedPrefix("/team").setCaseSensitive(Protos.bool(false));

  @Test
  void innerRouteMatchesTheTokenAlone() {
    Route route = route(
        TEAM, action -> action.setRegexRewrite(RouteAction.getDefaultInstance().getRegexRewrite()));
    assertThat(inner(route).getMatch())
        .isEqualTo(RouteMatch.newBuilder()
            .setPrefix("/")
            .addHeaders(LoopTokens.match(tokenThatIsSet(route)))
            .build());
  }

  static Stream<Function<RouteMatch.Builder, RouteMatch.Builder>> paths() {
    return Stream.of(
        TEAM,
        match -> match.setPrefix("/team/"),
        match -> match.setPath("/team"),
        match -> match.setSafeRegex(RegexMatcher.newBuilder().setRegex("/t.*")));
  }

  /** Envoy replaces the part of the path that has matched. */
  @ParameterizedTest
  @MethodSource("paths")
  void innerRouteKeepsThePathThatItReplaces(Function<RouteMatch.Builder, RouteMatch.Builder> path) {
    Route route = route(path, action -> action.setPrefixRewrite("/v1"));
    assertThat(inner(route).getMatch())
        .isEqualTo(path.apply(RouteMatch.newBuilder())
            .addHeaders(LoopTokens.match(tokenThatIsSet(route)))
            .build());
  }

  @Test
  void frontRouteMatchesWhatTheRouteMatches() {
    Route route = route(TEAM, action -> action);
    RouteMatch front = LargeBodies.front(route, TOKENS, BodyProcessors.NONE).getMatch();
    assertThat(front.getFilterStateList()).hasSize(1);
    assertThat(front.toBuilder().clearFilterState().build()).isEqualTo(route.getMatch());
  }

  /** In front, so that the gateway's own answers there have them too; not twice, as values may be added. */
  @Test
  void answersAreChangedOnce() {
    Route route = route(TEAM, action -> action).toBuilder()
        .addResponseHeadersToAdd(HeaderValueOption.newBuilder()
            .setHeader(HeaderValue.newBuilder().setKey("x-added").setValue("by-route")))
        .addResponseHeadersToRemove("x-removed")
        .build();
    Route front = LargeBodies.front(route, TOKENS, BodyProcessors.NONE);
    assertThat(front.getResponseHeadersToAddList())
        .isEqualTo(route.getResponseHeadersToAddList())
        .hasSize(1);
    assertThat(front.getResponseHeadersToRemoveList()).containsExactly("x-removed");
    assertThat(inner(route).getResponseHeadersToAddList()).isEmpty();
    assertThat(inner(route).getResponseHeadersToRemoveList()).isEmpty();
  }

  @Test
  void bodyLimitOfTheRouteStays() {
    Route limited = route(TEAM, action -> action).toBuilder()
        .setRequestBodyBufferLimit(com.google.protobuf.UInt64Value.of(7))
        .build();
    assertThat(inner(limited).getRequestBodyBufferLimit().getValue()).isEqualTo(7);
    assertThat(inner(route(TEAM, action -> action)).getRequestBodyBufferLimit().getValue())
        .isEqualTo(100);
  }

  @ParameterizedTest
  @CsvSource({
    "0, false",
    "-, false",
    "999999, false",
    "3999999, false",
    "4000000, true",
    "9999999, true",
    "10000000, true",
    "20971520, true",
    "2147483648, true",
    "04000000, false"
  })
  void largeIsAboveFourMegabytes(String bytes, boolean large) {
    String regex = LargeBodies.front(route(TEAM, action -> action), TOKENS, BodyProcessors.NONE)
        .getMatch()
        .getFilterState(0)
        .getStringMatch()
        .getSafeRegex()
        .getRegex();
    assertThat(Pattern.matches(regex, bytes)).isEqualTo(large);
  }

  private static String tokenThatIsSet(Route route) {
    List<HeaderValueOption> set =
        LargeBodies.front(route, TOKENS, BodyProcessors.NONE).getRequestHeadersToAddList();
    assertThat(set).hasSize(1);
    assertThat(set.getFirst().getAppendAction())
        .isEqualTo(HeaderValueOption.HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD);
    return set.getFirst().getHeader().getValue();
  }

  private static Route inner(Route route) {
    return LargeBodies.inner(route, TOKENS, BodyProcessors.NONE, 100);
  }

  private static Route route(
      Function<RouteMatch.Builder, RouteMatch.Builder> path,
      Function<RouteAction.Builder, RouteAction.Builder> action) {
    return Route.newBuilder()
        .setName("route")
        .setMatch(path.apply(RouteMatch.newBuilder()).addHeaders(MODEL))
        .setRoute(action.apply(RouteAction.newBuilder().setCluster("pool")))
        .addRequestHeadersToAdd(HeaderValueOption.newBuilder()
            .setHeader(io.envoyproxy.envoy.config.core.v3.HeaderValue.newBuilder()
                .setKey(XdsNames.TOKEN_HEADER)
                .setValue("of the user's")))
        .build();
  }
}
