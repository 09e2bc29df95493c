package dev.pointsman.xds;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.model.AppProtocol;
import dev.pointsman.model.EndpointPicker;
import dev.pointsman.model.FailureMode;
import dev.pointsman.model.InferencePolicy.Explain;
import dev.pointsman.model.InferencePolicy.Identity;
import dev.pointsman.model.PoolRef;
import dev.pointsman.model.ServicePort;
import dev.pointsman.model.Subset;
import dev.pointsman.plan.Fallback;
import dev.pointsman.plan.Fallback.Stage;
import dev.pointsman.plan.ModelMatch;
import dev.pointsman.plan.PickerSettings;
import dev.pointsman.plan.PolicyPlan;
import dev.pointsman.plan.PoolBackend;
import dev.pointsman.plan.PoolBackend.ServiceBackend;
import dev.pointsman.plan.PoolBackend.ValidPool;
import dev.pointsman.plan.RulePlan;
import dev.pointsman.plan.RulePlan.Share;
import dev.pointsman.plan.RulePlan.Single;
import dev.pointsman.plan.RulePlan.Split;
import dev.pointsman.plan.UpstreamTls;
import dev.pointsman.shallow.ShallowVirtualHost;
import dev.pointsman.xds.RouteChange.Changed;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster.ClusterWeight;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Routes whose requests may reach a pool or a model: by a share of their rule, or by a later stage. */
class PoolRoutesTest extends PolicyRouteFixture {
  private static final Subset SUBSET =
      new Subset("default", new TreeMap<>(Map.of("track", "canary")));
  private static final Share POOL = new Share("rule/0", 10, pool("a", true));
  private static final Share BARE = new Share("rule/1", 20, pool("b", false));
  private static final Share SERVICE = new Share(
      "hosted", 1, new ServiceBackend(new ServicePort("ml", "hosted", 80), Optional.empty()));

  @Test
  void aPoolOfALaterStageIsProtectedFromClients() {
    PolicyPlan policy = policy(List.of(), Optional.of(fallback(POOL)));
    assertThat(targetsPool(policy)).isTrue();
    assertThat(named(changed(route("r", "/"), Optional.empty(), policy).routes(), "r")
            .getTypedPerFilterConfigMap())
        .containsOnlyKeys(
            XdsNames.CLIENT_STEERING_FILTER,
            XdsNames.IDENTITY_FILTER,
            XdsNames.TOKEN_USAGE_FILTER,
            XdsNames.EXPLAIN_FILTER);
  }

  @Test
  void aServiceOfALaterStageIsNoPool() {
    PolicyPlan policy = policy(List.of(), Optional.of(fallback(SERVICE)));
    assertThat(targetsPool(policy)).isFalse();
    assertThat(named(changed(route("r", "/"), Optional.empty(), policy).routes(), "r")
            .getTypedPerFilterConfigMap())
        .isEmpty();
  }

  @Test
  void laterStagesHaveNoTimeLimitButTheUsers() {
    PolicyPlan policy = policy(List.of(), Optional.of(fallback(POOL)));
    Both unlimited = changed(route("r", "/"), Optional.empty(), policy);
    assertThat(unlimited.routes()).allMatch(one -> timeout(one).equals("0"));
    assertThat(unlimited.loop()).hasSize(2).allMatch(one -> timeout(one).equals("0"));
    Route.Builder limited = route("r", "/");
    limited.getRouteBuilder().setTimeout(Protos.seconds(5));
    assertThat(changed(limited, Optional.empty(), policy).routes())
        .allMatch(one -> timeout(one).equals("5"));
    assertThat(timeout(named(
            changed(route("r", "/"), Optional.empty(), policy(List.of(), Optional.empty()))
                .routes(),
            "r")))
        .as("a Service alone")
        .isEmpty();
  }

  @Test
  void aModelOfAServiceHasNoTimeLimit() {
    ModelMatch model = new ModelMatch(
        List.of("gpt"),
        Optional.of(new Split("rule", 0, List.of(SERVICE), List.of())),
        Optional.empty());
    Both changed =
        changed(route("r", "/"), Optional.empty(), policy(List.of(model), Optional.empty()));
    assertThat(timeout(named(changed.routes(), "r/model/gpt"))).isEqualTo("0");
    assertThat(timeout(named(changed.routes(), "r"))).isEmpty();
  }

  @Test
  void onlyTheSharesThatGetAHintAreRefusedWithoutOne() {
    RulePlan plan = new Split("rule", 70, List.of(POOL, BARE), List.of());
    Route first = changed(route("r", "/"), Optional.of(plan), subset()).loop().getFirst();
    assertThat(first.getTypedPerFilterConfigMap()).doesNotContainKey(XdsNames.SUBSET_FILTER);
    assertThat(first.getRoute().getWeightedClusters().getClustersList())
        .filteredOn(share -> share.containsTypedPerFilterConfig(XdsNames.SUBSET_FILTER))
        .extracting(ClusterWeight::getName)
        .containsExactly("rule/0");
    assertThat(first.getRequestHeadersToRemoveList())
        .as("no backend receives it")
        .contains(SubsetHint.HEADER);
  }

  @Test
  void aPoolAloneGetsTheHintInTheLoopOnly() {
    RulePlan plan = new Single(POOL, List.of());
    Both changed = changed(route("r", "/"), Optional.of(plan), subset());
    assertThat(changed.loop()).hasSize(1);
    assertThat(changed.loop().getFirst().getTypedPerFilterConfigMap())
        .containsKey(XdsNames.SUBSET_FILTER);
    assertThat(named(changed.routes(), "r").getTypedPerFilterConfigMap())
        .doesNotContainKey(XdsNames.SUBSET_FILTER);
    assertThat(changed(route("r", "/"), Optional.of(plan), subset().withoutFallbacks())
            .routes())
        .as("without the loop that has the hint")
        .noneMatch(one -> one.containsTypedPerFilterConfig(XdsNames.SUBSET_FILTER));
  }

  @Test
  void aHashAlsoChoosesAmongTheShares() {
    RulePlan plan = new Split("rule", 0, List.of(POOL, BARE), List.of());
    Route.Builder hashed = route("r", "/");
    hashed.getRouteBuilder().addHashPolicyBuilder().getHeaderBuilder().setHeaderName("x-user");
    assertThat(usesHash(hashed, plan)).isTrue();
    assertThat(usesHash(route("r", "/"), plan)).isFalse();
  }

  private static boolean usesHash(Route.Builder route, RulePlan plan) {
    return named(changed(route, Optional.of(plan), PolicyPlan.NONE).routes(), "r")
        .getRoute()
        .getWeightedClusters()
        .getUseHashPolicy()
        .getValue();
  }

  /** The seconds of a route's time limit; empty: Envoy's default. */
  private static String timeout(Route route) {
    return route.getRoute().hasTimeout()
        ? Long.toString(route.getRoute().getTimeout().getSeconds())
        : "";
  }

  private static boolean targetsPool(PolicyPlan policy) {
    ByteString bytes = route("r", "/").build().toByteString();
    try {
      return new PlannedRoute(
              bytes, Optional.of(RouteFacts.of(bytes)), Optional.empty(), policy, false, true)
          .targetsPool();
    } catch (InvalidProtocolBufferException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static PolicyPlan subset() {
    return policy(
        List.of(), Optional.of(new Fallback("rule", List.of(), false, false, Optional.of(SUBSET))));
  }

  private static Fallback fallback(Share share) {
    return new Fallback(
        "rule", List.of(new Stage(share, Optional.empty())), true, true, Optional.empty());
  }

  private static PolicyPlan policy(List<ModelMatch> models, Optional<Fallback> fallback) {
    return new PolicyPlan(
        Optional.empty(),
        PickerSettings.DEFAULT,
        UpstreamTls.PLAINTEXT,
        List.of(),
        models,
        true,
        new Identity(Optional.empty(), Optional.of("low"), false),
        Optional.of(new Explain(Optional.of("aa"), Optional.empty())),
        fallback,
        fallback.flatMap(Fallback::hint));
  }

  private static PoolBackend pool(String name, boolean hasPicker) {
    return new ValidPool(
        new PoolRef(PoolRef.V1, "ml", name),
        AppProtocol.HTTP,
        hasPicker
            ? Optional.of(new EndpointPicker(
                new ServicePort("ml", name + "-epp", 9002), FailureMode.FAIL_OPEN))
            : Optional.empty(),
        List.of());
  }

  private record Both(List<Route> routes, List<Route> loop) {}

  private static Both changed(Route.Builder route, Optional<RulePlan> plan, PolicyPlan policy) {
    RouteChange change = new RouteChange(
        plan,
        policy,
        false,
        true,
        List.of(),
        Optional.empty(),
        false,
        new LoopTokens(LoopSecret.PUBLIC, "table", "host"),
        BufferedBodies.NONE,
        new PausingFilters(new TreeSet<>()));
    try {
      Changed changed = change.apply(route.build().toByteString());
      return new Both(routes(changed.routes()), routes(changed.loop()));
    } catch (InvalidProtocolBufferException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static List<Route> routes(ByteString host) throws InvalidProtocolBufferException {
    List<Route> routes = new ArrayList<>();
    for (ByteString route : ShallowVirtualHost.parseFrom(host).getRoutesList()) {
      routes.add(Route.parseFrom(route));
    }
    return routes;
  }
}
