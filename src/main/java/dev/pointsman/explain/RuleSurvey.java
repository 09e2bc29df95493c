package dev.pointsman.explain;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.explain.AskedRequest.AskedBody;
import dev.pointsman.explain.GatewayOverview.HostOverview;
import dev.pointsman.explain.GatewayOverview.ListenerOverview;
import dev.pointsman.explain.GatewayOverview.RuleOverview;
import dev.pointsman.explain.ListenerSearch.Entrance;
import dev.pointsman.xds.ModelConditions;
import dev.pointsman.xds.XdsNames;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Follows each rule of a translation, as a request that meets its conditions would. */
final class RuleSurvey {
  private final ListenerSearch listeners;
  private final Upstreams upstreams;
  private final FallbackStages stages;
  private int left;
  private int leftOut;

  RuleSurvey(GatewayXds xds, EndpointsNow endpoints, int most) {
    listeners = new ListenerSearch(xds);
    upstreams = new Upstreams(xds, endpoints);
    stages = new FallbackStages(listeners, upstreams);
    left = most;
  }

  GatewayOverview of(List<String> gateways) throws InvalidProtocolBufferException {
    List<ListenerOverview> found = new ArrayList<>();
    for (Entrance entrance : listeners.all()) {
      List<HostOverview> hosts = new ArrayList<>();
      for (VirtualHost host : entrance.routes().getVirtualHostsList()) {
        HostOverview overview = host(entrance, host);
        if (!overview.rules().isEmpty()) {
          hosts.add(overview);
        }
      }
      int port = entrance.listener().getAddress().getSocketAddress().getPortValue();
      found.add(new ListenerOverview(entrance.listener().getName(), port, hosts));
    }
    return new GatewayOverview(gateways, found, leftOut);
  }

  private HostOverview host(Entrance entrance, VirtualHost host)
      throws InvalidProtocolBufferException {
    RequestState request = arrived(entrance, host);
    List<RuleOverview> rules = new ArrayList<>();
    int others = 0;
    for (Route route : host.getRoutesList()) {
      if (XdsNames.isOurs(route.getName())) {
        continue; // copies for some requests of a rule, and the gateway's own responses
      }
      List<String> models = ModelConditions.models(route.getMatch());
      if (models.isEmpty() && !stages.leadsToPool(route) && !isRefused(route)) {
        others++;
      } else if (left == 0) {
        leftOut++;
      } else {
        left--;
        rules.add(rule(entrance, route, models, request));
      }
    }
    return new HostOverview(host.getName(), host.getDomainsList(), rules, others);
  }

  /** Envoy Gateway's response for a rule whose backends it has refused. */
  private static boolean isRefused(Route route) {
    return route.getDirectResponse().getStatus() >= 500;
  }

  private RuleOverview rule(
      Entrance entrance, Route route, List<String> models, RequestState request)
      throws InvalidProtocolBufferException {
    Optional<Entrance> loop = stages.loop(route);
    List<Route> behind = loop.isEmpty() ? List.of() : FallbackStages.routes(route, loop.get());
    request.set(":path", path(route.getMatch()));
    RequestEnd end = behind.isEmpty()
        ? new RouteEnds(upstreams, entrance, request, StreamLimit.NONE).of(route)
        : stages.end(entrance, route, behind, loop.get());
    return new RuleOverview(
        route.getName(),
        RouteSearch.owner(route),
        models,
        RouteConditions.words(ModelConditions.without(route.getMatch())),
        end);
  }

  /** A path that the match takes, for redirects; a regular expression has none. */
  private static String path(RouteMatch match) {
    String path = match.getPath() + match.getPrefix() + match.getPathSeparatedPrefix();
    return path.startsWith("/") ? path : "/";
  }

  /** A request of an API client, after the filters before the picker's. */
  private static RequestState arrived(Entrance entrance, VirtualHost host)
      throws InvalidProtocolBufferException {
    AskedRequest asked = new AskedRequest(
        "", host.getDomains(0), "POST", "/", new TreeMap<>(Map.of()), AskedBody.NONE);
    RequestState request = new RequestState(asked.allHeaders());
    var _ = FilterPass.of(entrance, host, Optional.empty(), asked, request);
    return request;
  }
}
