package dev.pointsman.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.extension.PostTranslateModifyResponse;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An Envoy Gateway with a newer API than ours loses none of its fields, also in what we rewrite. The golden YAML cannot
 * show that: YAML has no unknown fields.
 */
class NewerEnvoyApiTest {
  /** A pool's cluster has its endpoints from elsewhere. */
  private static final Pattern CLUSTER_SOURCE =
      Pattern.compile("Cluster\\.(eds_cluster_config|cluster_type|load_assignment)\\b.*");

  /** A rule that cannot be served answers by itself. */
  private static final Pattern ROUTE_ACTION = Pattern.compile(
      "RouteConfiguration\\.virtual_hosts\\[(\\d+)]\\.routes\\[(\\d+)]\\.route\\b.*");

  /** A route for preflights has to match whatever model. */
  private static final Pattern ROUTE_HEADERS = Pattern.compile(
      "RouteConfiguration\\.virtual_hosts\\[(\\d+)]\\.routes\\[(\\d+)]\\.match\\.headers\\b.*");

  static Stream<GoldenCase> cases() {
    return GoldenCase.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void nothingNewIsLost(GoldenCase golden) {
    Seen seen = golden.seen();
    PostTranslateModifyRequest marked = marked(seen.request());
    PostTranslateModifyResponse answer =
        seen.with(marked).answer(golden.snapshot()).response();
    assertKept(Cluster.parser(), marked.getClustersList(), answer.getClustersList());
    assertKept(Listener.parser(), marked.getListenersList(), answer.getListenersList());
    assertKept(RouteConfiguration.parser(), marked.getRoutesList(), answer.getRoutesList());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void foreignResourcesAreUntouchedToo(GoldenCase golden) {
    Seen marked = golden.seen().with(marked(golden.seen().request()));
    Untouched.assertUntouched(marked.request(), marked.answer(golden.snapshot()).response());
  }

  private static void assertKept(
      Parser<? extends Message> parser, List<ByteString> given, List<ByteString> answered) {
    Map<String, ByteString> after = Named.of(answered);
    Named.of(given).forEach((name, bytes) -> {
      Set<String> lost = new TreeSet<>(MarkedFields.in(Named.read(parser, bytes)));
      assertThat(lost).isNotEmpty();
      lost.removeAll(
          MarkedFields.in(Named.read(parser, after.getOrDefault(name, ByteString.EMPTY))));
      lost.removeIf(path -> isReplaced(path, bytes, after.getOrDefault(name, ByteString.EMPTY)));
      assertThat(lost).as("unknown fields lost from %s", name).isEmpty();
    });
  }

  private static boolean isReplaced(String path, ByteString before, ByteString after) {
    if (CLUSTER_SOURCE.matcher(path).matches()) {
      return true;
    }
    Matcher action = ROUTE_ACTION.matcher(path);
    Matcher headers = ROUTE_HEADERS.matcher(path);
    return action.matches() && refused(after).contains(route(before, action))
        || headers.matches() && route(before, headers).contains("/cors-preflight/");
  }

  private static String route(ByteString table, Matcher path) {
    return Named.read(RouteConfiguration.parser(), table)
        .getVirtualHosts(Integer.parseInt(path.group(1)))
        .getRoutes(Integer.parseInt(path.group(2)))
        .getName();
  }

  private static List<String> refused(ByteString table) {
    return Named.read(RouteConfiguration.parser(), table).getVirtualHostsList().stream()
        .flatMap(host -> host.getRoutesList().stream())
        .filter(Route::hasDirectResponse)
        .map(Route::getName)
        .toList();
  }

  private static PostTranslateModifyRequest marked(PostTranslateModifyRequest request) {
    return request.toBuilder()
        .clearClusters()
        .addAllClusters(marked(Cluster.parser(), request.getClustersList()))
        .clearListeners()
        .addAllListeners(marked(Listener.parser(), request.getListenersList()))
        .clearRoutes()
        .addAllRoutes(marked(RouteConfiguration.parser(), request.getRoutesList()))
        .build();
  }

  private static List<ByteString> marked(
      Parser<? extends Message> parser, List<ByteString> resources) {
    return Named.read(parser, resources).stream()
        .map(resource -> MarkedFields.mark(resource).toByteString())
        .toList();
  }
}
