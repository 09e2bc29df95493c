package dev.pointsman.xds;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.plan.PolicyPlan;
import dev.pointsman.shallow.ShallowVirtualHost;
import dev.pointsman.xds.VirtualHosts.HostSettings;
import dev.pointsman.xds.VirtualHosts.Item;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Routes of a rule, as a policy's models change them. */
abstract class PolicyRouteFixture {
  static final String MODEL = "X-Gateway-Model-Name";
  static final String BASE = "X-Gateway-Base-Model-Name";

  static Route named(List<Route> routes, String name) {
    return routes.stream()
        .filter(route -> route.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  static String regex(Route route) {
    HeaderMatcher model = route.getMatch().getHeadersList().getLast();
    assertThat(model.getName()).isEqualTo(XdsNames.MODEL_HEADER);
    return model.getStringMatch().getSafeRegex().getRegex();
  }

  static String header(Route route, String name) {
    return route.getMatch().getHeadersList().stream()
        .filter(header -> header.getName().equals(name))
        .map(header -> header.getStringMatch().getExact())
        .findFirst()
        .orElseThrow();
  }

  /** The routes of the host in the order in which Envoy tries them; the last, which takes the rest, left out. */
  static List<Route> arrange(PlannedRoute... planned) {
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

  static List<Route> changed(PlannedRoutes planned, Optional<HostChange> change)
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

  static PlannedRoute planned(Route route, String... models) {
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

  static Route.Builder route(String name, String prefix) {
    Route.Builder route =
        Route.newBuilder().setName(name).setMatch(RouteMatch.newBuilder().setPrefix(prefix));
    route.getRouteBuilder().setCluster("cluster/" + name);
    return route;
  }

  static Route.Builder withHeader(Route.Builder route, String header, String value) {
    HeaderMatcher.Builder matcher = HeaderMatcher.newBuilder().setName(header);
    matcher.getStringMatchBuilder().setExact(value);
    route.getMatchBuilder().addHeaders(matcher);
    return route;
  }
}
