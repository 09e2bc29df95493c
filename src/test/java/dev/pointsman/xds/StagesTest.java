package dev.pointsman.xds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.model.ServicePort;
import dev.pointsman.plan.Fallback;
import dev.pointsman.plan.Fallback.Stage;
import dev.pointsman.plan.PickerSettings;
import dev.pointsman.plan.PoolBackend.ServiceBackend;
import dev.pointsman.plan.RulePlan.Share;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction.RequestMirrorPolicy;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The routes of a fallback: a front copy that retries, and a copy in the loop for each stage. */
class StagesTest {
  private static final LoopTokens TOKENS =
      new LoopTokens(LoopSecret.PUBLIC, "default/gateway/http", "host");

  @Test
  void eachTryOfTheFrontCopyIsAStage() {
    Route route = route();
    Stages stages = stages(true, true, "a", "b");
    List<Route> before = stages.beforeLoop(route, Optional.empty());
    assertThat(before).extracting(Route::getName).containsExactly("pointsman/upgrade/r", "r");
    Route front = before.getLast();
    assertThat(front.getRoute().getCluster()).isEqualTo("pointsman/fallback/default/gateway/http");
    assertThat(front.getRoute().getRetryPolicy().getNumRetries().getValue()).isEqualTo(2);
    assertThat(front.getRoute().getRetryPolicy().getRetriableStatusCodesList())
        .containsExactly(503, 429);
    assertThat(front.getRoute().getRequestMirrorPoliciesList()).isEmpty();
    assertThat(front.getRequestHeadersToAddList())
        .containsExactly(LoopTokens.set(TOKENS.stages("r")));
    assertThat(front.getRequestBodyBufferLimit().getValue()).isPositive();
    assertThat(front.getMatch()).isEqualTo(route.getMatch());

    List<Route> loop = stages.inLoop(route, Optional.empty());
    assertThat(loop)
        .extracting(Route::getName)
        .containsExactly("pointsman/stage/1/r", "pointsman/stage/2/r", "pointsman/stage/3/r");
    assertThat(loop)
        .extracting(one -> one.getRoute().getCluster())
        .containsExactly("pool", "a", "b");
    assertThat(loop)
        .as("the user's retries are within each stage")
        .allMatch(one -> one.getRoute().getRetryPolicy().equals(route.getRoute().getRetryPolicy()));
    assertThat(loop)
        .as("copies of requests are made once")
        .extracting(one -> one.getRoute().getRequestMirrorPoliciesCount())
        .containsExactly(1, 0, 0);
    assertThat(loop)
        .extracting(one -> one.getMatch().getHeadersList())
        .containsExactly(
            List.of(LoopTokens.match(TOKENS.stages("r")), isStage("1")),
            List.of(LoopTokens.match(TOKENS.stages("r")), isStage("2")),
            List.of(LoopTokens.match(TOKENS.stages("r"))));
  }

  @Test
  void reasonsAreStatusesAndFailures() {
    assertThat(retries(stages(true, false, "a")))
        .isEqualTo("503 of retriable-status-codes,connect-failure,reset-before-request");
    assertThat(retries(stages(false, true, "a")))
        .isEqualTo("429 of retriable-status-codes,envoy-ratelimited");
  }

  private static String retries(Stages stages) {
    RetryPolicy retries =
        stages.beforeLoop(route(), Optional.empty()).getLast().getRoute().getRetryPolicy();
    return retries.getRetriableStatusCodes(0) + " of " + retries.getRetryOn();
  }

  private static HeaderMatcher isStage(String number) {
    HeaderMatcher.Builder matcher = HeaderMatcher.newBuilder().setName(XdsNames.STAGE_HEADER);
    matcher.getStringMatchBuilder().setExact(number);
    return matcher.build();
  }

  private static Stages stages(boolean onUnavailable, boolean onOverloaded, String... clusters) {
    ServiceBackend service =
        new ServiceBackend(new ServicePort("default", "outside", 80), Optional.empty());
    List<Stage> stages = List.of(clusters).stream()
        .map(cluster -> new Stage(new Share(cluster, 1, service), Optional.empty()))
        .toList();
    return new Stages(
        new Fallback("rule", stages, onUnavailable, onOverloaded, Optional.empty()),
        new StagesCluster(Optional.empty()),
        PickerSettings.DEFAULT,
        false,
        TOKENS);
  }

  private static Route route() {
    Route.Builder route = Route.newBuilder().setName("r");
    route.getMatchBuilder().setPrefix("/v1");
    route
        .getRouteBuilder()
        .setCluster("pool")
        .addRequestMirrorPolicies(RequestMirrorPolicy.newBuilder().setCluster("mirror"))
        .getRetryPolicyBuilder()
        .setRetryOn("5xx");
    return route.build();
  }
}
