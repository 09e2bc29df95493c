package dev.pointsman.explain;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.explain.AskedRequest.AskedBody;
import dev.pointsman.explain.ListenerSearch.Entrance;
import dev.pointsman.xds.PoolClusters;
import dev.pointsman.xds.XdsNames;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster.ClusterWeight;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The routes behind the loop of a rule with a fallback. */
final class FallbackStages {
  private final ListenerSearch listeners;
  private final Upstreams upstreams;

  FallbackStages(ListenerSearch listeners, Upstreams upstreams) {
    this.listeners = listeners;
    this.upstreams = upstreams;
  }

  /** Whether requests of the route reach a pool, in a loop or at once. */
  boolean leadsToPool(Route route) {
    RouteAction action = route.getRoute();
    Stream<String> clusters = action.hasWeightedClusters()
        ? action.getWeightedClusters().getClustersList().stream().map(ClusterWeight::getName)
        : Stream.of(action.getCluster());
    return clusters
        .flatMap(name -> upstreams.cluster(name).stream())
        .anyMatch(cluster -> PoolClusters.pool(cluster).isPresent() || isLoop(cluster));
  }

  private static boolean isLoop(Cluster cluster) {
    return XdsNames.isOurs(cluster.getName()) && !Upstreams.pipe(cluster).isEmpty();
  }

  /** The loop that the route leads to. */
  Optional<Entrance> loop(Route route) throws InvalidProtocolBufferException {
    return listeners.at(upstreams
        .cluster(route.getRoute().getCluster())
        .filter(FallbackStages::isLoop)
        .map(Upstreams::pipe)
        .orElse(""));
  }

  /** The routes of the loop that take the route's requests, in the order of the stages. */
  static List<Route> routes(Route route, Entrance loop) {
    return route.getRequestHeadersToAddList().stream()
        .map(HeaderValueOption::getHeader)
        .filter(header -> header.getKey().equals(XdsNames.TOKEN_HEADER))
        .flatMap(token -> loop.routes().getVirtualHostsList().stream()
            .flatMap(host -> host.getRoutesList().stream())
            .filter(behind -> takes(behind, token)))
        .toList();
  }

  private static boolean takes(Route behind, HeaderValue token) {
    return behind.getMatch().getHeadersList().stream()
        .anyMatch(header -> header.getName().equals(token.getKey())
            && header.getStringMatch().getExact().equals(token.getValue()));
  }

  /** The end of the way of a route whose requests take these routes of the loop, one a stage. */
  RequestEnd end(Entrance entrance, Route front, List<Route> behind, Entrance loop)
      throws InvalidProtocolBufferException {
    StreamLimit limit = StreamLimit.NONE.behind(entrance, front.getRoute());
    List<RequestEnd> stages = new ArrayList<>();
    for (Route route : behind) {
      stages.add(end(route, loop, limit));
    }
    return Tries.end(stages, front);
  }

  private RequestEnd end(Route behind, Entrance loop, StreamLimit limit)
      throws InvalidProtocolBufferException {
    AskedRequest asked =
        new AskedRequest("", "any", "POST", "/", new TreeMap<>(Map.of()), AskedBody.NONE);
    RequestState request = new RequestState(asked.allHeaders());
    var _ =
        FilterPass.of(loop, loop.routes().getVirtualHosts(0), Optional.of(behind), asked, request);
    return new RouteEnds(upstreams, loop, request, limit).of(behind);
  }
}
