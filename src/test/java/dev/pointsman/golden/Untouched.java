package dev.pointsman.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.shallow.ShallowRouteConfiguration;
import dev.pointsman.shallow.ShallowVirtualHost;
import dev.pointsman.wire.MapOrder;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.List;
import java.util.function.Predicate;

/**
 * Asserts that an answer keeps everything that is not {@link Ours}: the bytes and the order. What is added comes after
 * what was there, and has a name of ours.
 */
final class Untouched {
  /** The order of a map's entries has no meaning, and is another one in each request. */
  private static final MapOrder MAPS = MapOrder.of(VirtualHost.getDescriptor());

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
    assertThat(after.getSecretsList()).as("secrets").isEqualTo(before.getSecretsList());
    untouched.clusters();
    untouched.listeners();
    untouched.routeConfigurations();
  }

  private void clusters() {
    List<ByteString> given = before.getClustersList();
    assertKept("cluster", given, after.getClustersList(), ours::isCluster);
    assertThat(added(given, after.getClustersList()))
        .as("added clusters")
        .allMatch(name -> name.startsWith(OUR_NAMES) || ours.isClusterName(name));
  }

  private void listeners() {
    List<ByteString> given = before.getListenersList();
    assertKept("listener", given, after.getListenersList(), ours::isListener);
    assertThat(added(given, after.getListenersList()))
        .as("added listeners")
        .allMatch(name -> name.startsWith(OUR_NAMES));
  }

  private void routeConfigurations() {
    List<ByteString> given = before.getRoutesList();
    assertKept("route configuration", given, after.getRoutesList(), ours::isRouteConfiguration);
    assertThat(added(given, after.getRoutesList()))
        .as("added route configurations")
        .allMatch(name -> name.startsWith(OUR_NAMES));
    for (int i = 0; i < given.size(); i++) {
      if (!given.get(i).equals(after.getRoutes(i))) {
        virtualHosts(given.get(i), after.getRoutes(i));
      }
    }
  }

  private static void virtualHosts(ByteString given, ByteString answered) {
    ShallowRouteConfiguration table = Named.read(ShallowRouteConfiguration.parser(), given);
    ShallowRouteConfiguration result = Named.read(ShallowRouteConfiguration.parser(), answered);
    assertThat(withoutHosts(answered))
        .as("all of %s but its virtual hosts", table.getName())
        .isEqualTo(withoutHosts(given));
    assertThat(result.getVirtualHostsCount()).isEqualTo(table.getVirtualHostsCount());
    assertKept(
        "virtual host",
        table.getVirtualHostsList(),
        result.getVirtualHostsList(),
        host -> !Ours.routes(host).isEmpty());
    for (int i = 0; i < table.getVirtualHostsCount(); i++) {
      if (!table.getVirtualHosts(i).equals(result.getVirtualHosts(i))) {
        routes(MAPS.sorted(table.getVirtualHosts(i)), result.getVirtualHosts(i));
      }
    }
  }

  /** Nor the limit for direct responses, which a list of models needs. */
  private static RouteConfiguration withoutHosts(ByteString table) {
    return Named.read(RouteConfiguration.parser(), table).toBuilder()
        .clearVirtualHosts()
        .clearMaxDirectResponseBodySizeBytes()
        .build();
  }

  private static void routes(ByteString given, ByteString answered) {
    ShallowVirtualHost host = Named.read(ShallowVirtualHost.parser(), given);
    ShallowVirtualHost result = Named.read(ShallowVirtualHost.parser(), answered);
    assertThat(result.toBuilder().clearRoutes().build())
        .as("all of %s but its routes", host.getName())
        .isEqualTo(host.toBuilder().clearRoutes().build());
    new UntouchedRoutes(host.getRoutesList()).assertKeptIn(result.getRoutesList());
  }

  private static void assertKept(
      String what, List<ByteString> given, List<ByteString> answered, Predicate<ByteString> ours) {
    assertThat(answered).as(what + "s").hasSizeGreaterThanOrEqualTo(given.size());
    for (int i = 0; i < given.size(); i++) {
      if (!ours.test(given.get(i))) {
        assertThat(answered.get(i)).as("%s %d", what, i).isEqualTo(given.get(i));
      }
    }
  }

  private static List<String> added(List<ByteString> given, List<ByteString> answered) {
    return answered.subList(given.size(), answered.size()).stream()
        .map(Named::nameOf)
        .toList();
  }
}
