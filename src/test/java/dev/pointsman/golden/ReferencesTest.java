package dev.pointsman.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.pointsman.extension.PostTranslateModifyResponse;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction.RequestMirrorPolicy;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster.ClusterWeight;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An answer has each name once, and refers to nothing that does not exist. Envoy does not check most of this. */
class ReferencesTest {
  /** They are not there on purpose. */
  private static final Set<String> NEVER =
      Set.of("pointsman/unrouted", "pointsman/invalid-pool", "invalid-backend-cluster");

  static Stream<GoldenCase> cases() {
    return GoldenCase.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyNameIsGivenOnce(GoldenCase golden) {
    PostTranslateModifyResponse answer = golden.answer().response();
    assertThat(names(answer.getClustersList())).as("clusters").doesNotHaveDuplicates();
    assertThat(names(answer.getListenersList())).as("listeners").doesNotHaveDuplicates();
    assertThat(names(answer.getRoutesList())).as("route configurations").doesNotHaveDuplicates();
    hosts(answer)
        .forEach(host -> assertThat(host.getRoutesList())
            .as(host.getName())
            .extracting(Route::getName)
            .doesNotHaveDuplicates());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void routesGoToClustersThatExist(GoldenCase golden) {
    PostTranslateModifyResponse answer = golden.answer().response();
    Set<String> missing = hosts(answer)
        .flatMap(host -> host.getRoutesList().stream())
        .flatMap(ReferencesTest::clusters)
        .filter(name -> !name.isEmpty() && !NEVER.contains(name))
        .collect(Collectors.toCollection(TreeSet::new));
    missing.removeAll(names(answer.getClustersList()));
    assertThat(missing).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void noRequestIsCopiedTwice(GoldenCase golden) {
    hosts(golden.answer().response())
        .flatMap(host -> host.getRoutesList().stream())
        .filter(route -> route.getRoute().getCluster().startsWith("pointsman/large/"))
        .forEach(route -> assertThat(route.getRoute().getRequestMirrorPoliciesList())
            .as("%s: copied behind the loop", route.getName())
            .isEmpty());
  }

  /** A dead picker would answer in their place. */
  @ParameterizedTest
  @MethodSource("cases")
  void directResponsesAskNoPicker(GoldenCase golden) {
    hosts(golden.answer().response())
        .flatMap(host -> host.getRoutesList().stream())
        .filter(Route::hasDirectResponse)
        .forEach(route -> assertThat(route.getTypedPerFilterConfigMap())
            .as(route.getName())
            .doesNotContainKey("pointsman/endpoint-picker"));
  }

  private static Stream<String> clusters(Route route) {
    return Stream.of(
            Stream.of(route.getRoute().getCluster()),
            route.getRoute().getWeightedClusters().getClustersList().stream()
                .map(ClusterWeight::getName),
            route.getRoute().getRequestMirrorPoliciesList().stream()
                .map(RequestMirrorPolicy::getCluster))
        .flatMap(names -> names);
  }

  private static Stream<VirtualHost> hosts(PostTranslateModifyResponse answer) {
    return Named.read(RouteConfiguration.parser(), answer.getRoutesList()).stream()
        .flatMap(table -> table.getVirtualHostsList().stream());
  }

  private static List<String> names(List<ByteString> resources) {
    return resources.stream().map(Named::nameOf).toList();
  }
}
