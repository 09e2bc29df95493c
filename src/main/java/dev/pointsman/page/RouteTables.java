package dev.pointsman.page;

import dev.pointsman.explain.ShareWords;
import dev.pointsman.page.TranslationChanges.Named;
import dev.pointsman.xds.RouteOwner;
import dev.pointsman.xds.XdsNames;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The changes of a route configuration, by route. Pointsman's own routes change with the routes of users. */
final class RouteTables {
  static final Named<RouteConfiguration> PARSER = bytes -> {
    RouteConfiguration table = RouteConfiguration.parseFrom(bytes);
    return Map.entry(table.getName(), table);
  };

  private RouteTables() {}

  static List<String> changes(
      @Nullable RouteConfiguration before,
      @Nullable RouteConfiguration after,
      UnaryOperator<String> backends) {
    Map<String, Route> old = routes(before);
    Map<String, Route> now = routes(after);
    Set<String> names = new TreeSet<>(old.keySet());
    names.addAll(now.keySet());
    List<String> changes = new ArrayList<>();
    for (String name : names) {
      Route was = old.get(name);
      Route is = now.get(name);
      if (was == null && is != null) {
        changes.add(words(is) + " added: " + ShareWords.of(is.getRoute(), backends));
      } else if (is == null && was != null) {
        changes.add(words(was) + " removed");
      } else if (was != null && is != null && !was.equals(is)) {
        changes.add(words(is) + " " + change(was, is, backends));
      }
    }
    return changes;
  }

  private static String change(Route was, Route is, UnaryOperator<String> backends) {
    String before = ShareWords.of(was.getRoute(), backends);
    String after = ShareWords.of(is.getRoute(), backends);
    return before.equals(after) ? "changed" : "changed its shares from " + before + " to " + after;
  }

  private static String words(Route route) {
    return "route " + route.getName() + " of " + RouteOwner.of(route);
  }

  private static Map<String, Route> routes(@Nullable RouteConfiguration table) {
    Map<String, Route> routes = new LinkedHashMap<>();
    if (table != null) {
      for (VirtualHost host : table.getVirtualHostsList()) {
        for (Route route : host.getRoutesList()) {
          if (!XdsNames.isOurs(route.getName())) {
            routes.put(route.getName(), route);
          }
        }
      }
    }
    return routes;
  }
}
