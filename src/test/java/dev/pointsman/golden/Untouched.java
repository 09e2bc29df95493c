package dev.pointsman.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.twins.RouteConfigurationTwin;
import dev.pointsman.twins.VirtualHostTwin;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Asserts that an answer keeps everything that is not {@link Ours}: the bytes, the names, the order. */
final class Untouched {
  private static final String OUR_NAMES = "pointsman/";

  private final Ours ours;
  private final PostTranslateModifyRequest before;
  private final PostTranslateModifyResponse after;

  private Untouched(PostTranslateModifyRequest before, PostTranslateModifyResponse after) {
    this.ours = Ours.in(before);
    this.before = before;
    this.after = after;
  }

  static void assertUntouched(
      PostTranslateModifyRequest before, PostTranslateModifyResponse after) {
    Untouched untouched = new Untouched(before, after);
    untouched.clusters();
    untouched.listeners();
    untouched.routeConfigurations();
    assertThat(after.getSecretsList()).as("secrets").isEqualTo(before.getSecretsList());
  }

  private void clusters() {
    Map<String, ByteString> given = Named.of(before.getClustersList());
    Map<String, ByteString> answered = Named.of(after.getClustersList());
    assertBegins(answered, given);
    given.forEach((name, bytes) -> {
      if (!ours.isOurCluster(name)) {
        assertThat(answered.get(name)).as("cluster %s", name).isEqualTo(bytes);
      }
    });
    assertThat(added(answered, given))
        .allMatch(name -> name.startsWith(OUR_NAMES) || ours.isOurCluster(name));
  }

  private void listeners() {
    Map<String, ByteString> given = Named.of(before.getListenersList());
    Map<String, ByteString> answered = Named.of(after.getListenersList());
    assertBegins(answered, given);
    given.forEach((name, bytes) -> {
      if (!ours.isOurs(Named.read(Listener.parser(), bytes))) {
        assertThat(answered.get(name)).as("listener %s", name).isEqualTo(bytes);
      }
    });
    assertThat(added(answered, given)).allMatch(name -> name.startsWith(OUR_NAMES));
  }

  private void routeConfigurations() {
    Map<String, ByteString> given = Named.of(before.getRoutesList());
    Map<String, ByteString> answered = Named.of(after.getRoutesList());
    assertBegins(answered, given);
    given.forEach((name, bytes) -> {
      if (ours.routeConfigurations().contains(name)) {
        virtualHosts(bytes, answered.getOrDefault(name, ByteString.EMPTY));
      } else {
        assertThat(answered.get(name)).as("route configuration %s", name).isEqualTo(bytes);
      }
    });
    assertThat(added(answered, given)).allMatch(name -> name.startsWith(OUR_NAMES));
  }

  private static void virtualHosts(ByteString given, ByteString answered) {
    RouteConfigurationTwin table = Named.read(RouteConfigurationTwin.parser(), given);
    RouteConfigurationTwin result = Named.read(RouteConfigurationTwin.parser(), answered);
    assertThat(result.toBuilder().clearVirtualHosts().build())
        .as("all of %s but its virtual hosts", table.getName())
        .isEqualTo(table.toBuilder().clearVirtualHosts().build());
    assertThat(result.getVirtualHostsCount()).isEqualTo(table.getVirtualHostsCount());
    for (int i = 0; i < table.getVirtualHostsCount(); i++) {
      if (Ours.isOurs(Named.read(VirtualHost.parser(), table.getVirtualHosts(i)))) {
        routes(table.getVirtualHosts(i), result.getVirtualHosts(i));
      } else {
        assertThat(result.getVirtualHosts(i)).isEqualTo(table.getVirtualHosts(i));
      }
    }
  }

  private static void routes(ByteString given, ByteString answered) {
    VirtualHostTwin host = Named.read(VirtualHostTwin.parser(), given);
    VirtualHostTwin result = Named.read(VirtualHostTwin.parser(), answered);
    assertThat(result.toBuilder().clearRoutes().build())
        .as("all of %s but its routes", host.getName())
        .isEqualTo(host.toBuilder().clearRoutes().build());
    List<Route> before = Named.read(Route.parser(), host.getRoutesList());
    Set<String> names = Set.copyOf(before.stream().map(Route::getName).toList());
    List<Route> after = Named.read(Route.parser(), result.getRoutesList()).stream()
        .filter(route -> names.contains(route.getName()))
        .toList();
    assertThat(after).as("routes of %s", host.getName()).hasSameSizeAs(before);
    for (int i = 0; i < before.size(); i++) {
      route(before.get(i), after.get(i));
    }
    assertThat(Named.read(Route.parser(), result.getRoutesList()))
        .filteredOn(route -> !names.contains(route.getName()))
        .extracting(Route::getName)
        .allMatch(name -> name.startsWith(OUR_NAMES)
            || name.endsWith("/large") && names.contains(name.replaceFirst("/large$", "")));
  }

  /**
   * A route without pools is what it was but for filters switched on for it: it may gain per-filter configuration and a
   * limit for buffered bodies, and loses nothing. One with pools keeps its place, its name and its match.
   */
  private static void route(Route before, Route after) {
    assertThat(after.getName()).isEqualTo(before.getName());
    assertThat(after.getMatch()).isEqualTo(before.getMatch());
    boolean refused = after.hasDirectResponse() && !before.hasDirectResponse();
    if (!Ours.hasPools(before) && !refused) {
      assertThat(after.getTypedPerFilterConfigMap())
          .containsAllEntriesOf(before.getTypedPerFilterConfigMap());
      Route.Builder changed = after.toBuilder()
          .clearTypedPerFilterConfig()
          .putAllTypedPerFilterConfig(before.getTypedPerFilterConfigMap());
      if (!before.hasRequestBodyBufferLimit()) {
        changed.clearRequestBodyBufferLimit();
      }
      assertThat(changed.build()).as(before.getName()).isEqualTo(before);
    }
  }

  private static void assertBegins(
      Map<String, ByteString> answered, Map<String, ByteString> given) {
    assertThat(answered.keySet().stream().limit(given.size()))
        .containsExactlyElementsOf(given.keySet());
  }

  private static List<String> added(
      Map<String, ByteString> answered, Map<String, ByteString> given) {
    List<String> added = new ArrayList<>(answered.keySet());
    added.removeAll(given.keySet());
    return added;
  }
}
