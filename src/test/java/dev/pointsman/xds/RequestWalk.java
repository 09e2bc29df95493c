package dev.pointsman.xds;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.xds.VirtualHosts.Arrangement;
import dev.pointsman.xds.VirtualHosts.Item;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The way of a request over the routes of a virtual host, as Envoy does it: a first route, the model from the body
 * where that route has the extraction switched on, and the route chosen again.
 *
 * @param first decides which disabled filters there are
 * @param last decides what they do and where the request goes
 */
record RequestWalk(Route first, Route last) {
  /**
   * A request with a JSON body.
   *
   * @param model in its body; empty for none
   * @param length what its header says; empty for a chunked body
   */
  record WalkedRequest(String path, String model, String length) {
    Map<String, String> headers() {
      Map<String, String> headers = new HashMap<>();
      headers.put(":method", "POST");
      headers.put("content-type", "application/json");
      if (!length.isEmpty()) {
        headers.put("content-length", length);
      }
      return headers;
    }
  }

  /** Empty where no route takes it. */
  static Optional<RequestWalk> of(WalkedRequest request, List<Route> routes) {
    Map<String, String> headers = request.headers();
    return first(routes, request.path(), headers).map(first -> {
      if (!request.model().isEmpty() && first.containsTypedPerFilterConfig(XdsNames.MODEL_FILTER)) {
        headers.put(XdsNames.MODEL_HEADER, request.model());
      }
      return new RequestWalk(first, first(routes, request.path(), headers).orElseThrow());
    });
  }

  /** Whether a filter that the listener disables runs, by its name. */
  boolean runs(String filter) {
    return first.containsTypedPerFilterConfig(filter);
  }

  private static Optional<Route> first(
      List<Route> routes, String path, Map<String, String> headers) {
    return routes.stream()
        .filter(route -> takes(route.getMatch(), path, headers))
        .findFirst();
  }

  private static boolean takes(RouteMatch match, String path, Map<String, String> headers) {
    String prefix = match.getPathSeparatedPrefix();
    boolean byPath = switch (match.getPathSpecifierCase()) {
      case PATH -> path.equals(match.getPath());
      case PREFIX -> path.startsWith(match.getPrefix());
      case PATH_SEPARATED_PREFIX -> path.equals(prefix) || path.startsWith(prefix + "/");
      case SAFE_REGEX -> path.matches(match.getSafeRegex().getRegex());
      case CONNECT_MATCHER, PATH_MATCH_POLICY, PATHSPECIFIER_NOT_SET ->
        throw new IllegalArgumentException(match.toString());
    };
    return byPath && match.getHeadersList().stream().allMatch(header -> takes(header, headers));
  }

  private static boolean takes(HeaderMatcher header, Map<String, String> headers) {
    String value = headers.get(header.getName().toLowerCase(java.util.Locale.ROOT));
    if (value == null && header.getTreatMissingHeaderAsEmpty()) {
      value = "";
    }
    if (value == null) {
      return false;
    }
    boolean taken = switch (header.getHeaderMatchSpecifierCase()) {
      case STRING_MATCH ->
        header.getStringMatch().hasExact()
            ? value.equals(header.getStringMatch().getExact())
            : Pattern.matches(
                header.getStringMatch().getSafeRegex().getRegex().replace("\\C", "."), value);
      case PRESENT_MATCH -> true;
      case RANGE_MATCH ->
        value.matches("[0-9]+")
            && Long.parseLong(value) >= header.getRangeMatch().getStart()
            && Long.parseLong(value) < header.getRangeMatch().getEnd();
      default -> throw new IllegalArgumentException(header.toString());
    };
    return taken != header.getInvertMatch();
  }

  /** The routes of an arranged host, in the order in which Envoy tries them. */
  static List<Route> routes(Arrangement arrangement) {
    List<Route> routes = new ArrayList<>();
    try {
      for (Item item : arrangement.items()) {
        switch (item) {
          case Item.Inserted(Route route) -> routes.add(route);
          case Item.Original(PlannedRoutes planned, Optional<HostChange> change) ->
            routes.addAll(PolicyRouteFixture.changed(planned, change));
        }
      }
    } catch (InvalidProtocolBufferException impossible) {
      throw new IllegalStateException(impossible);
    }
    return routes;
  }
}
