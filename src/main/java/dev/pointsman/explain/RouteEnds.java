package dev.pointsman.explain;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.pointsman.explain.ListenerSearch.Entrance;
import dev.pointsman.explain.RequestEnd.Answered;
import dev.pointsman.explain.RequestEnd.Forwarded;
import dev.pointsman.explain.RequestEnd.MirroredShare;
import dev.pointsman.explain.RequestEnd.TrafficShare;
import dev.pointsman.xds.XdsNames;
import io.envoyproxy.envoy.config.core.v3.RuntimeFractionalPercent;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteAction.RequestMirrorPolicy;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster.ClusterWeight;
import io.envoyproxy.envoy.type.v3.FractionalPercent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The end of the way at a route, apart from loops. */
final class RouteEnds {
  private static final int SERVER_ERROR = 500;

  /** No response of ours is without a body. */
  private static final String REFUSED_RULE =
      "Envoy Gateway has refused the rule: kubectl describe httproute, pointsman analyze --kubernetes";

  private final Upstreams upstreams;
  private final Entrance entrance;
  private final RequestState request;
  private final StreamLimit before;

  /** @param before the limit of the listeners before the entrance, if that is a loop's */
  RouteEnds(Upstreams upstreams, Entrance entrance, RequestState request, StreamLimit before) {
    this.upstreams = upstreams;
    this.entrance = entrance;
    this.request = request;
    this.before = before;
  }

  RequestEnd of(Route route) throws InvalidProtocolBufferException {
    // The picker's filter is before the router, which responds itself or redirects.
    if (!route.hasRoute()
        && upstreams.failsClosed(route.getTypedPerFilterConfigMap(), entrance, request)) {
      return Upstreams.PICKER_FAILS;
    }
    if (route.hasDirectResponse()) {
      String body = NewerFields.body(route.getDirectResponse());
      int status = route.getDirectResponse().getStatus();
      return new Answered(
          status,
          code(body),
          status == SERVER_ERROR && body.isEmpty() ? REFUSED_RULE : "the route responds itself");
    }
    if (route.hasRedirect()) {
      return Redirects.of(route, entrance, request);
    }
    Optional<RequestEnd> scripted = scripted(route);
    if (scripted.isPresent()) {
      return scripted.get();
    }
    RouteAction action = route.getRoute();
    if (request.header("upgrade").isPresent() && action.getUpgradeConfigsCount() == 0) {
      return new Answered(403, "", "the route allows no upgrade");
    }
    List<TrafficShare> shares = shares(route);
    boolean isMissing = action.hasCluster()
        && upstreams.cluster(action.getCluster()).isEmpty()
        && shares.getFirst().picker().isEmpty();
    return isMissing
        ? UnroutedAnswers.of(route, request)
        : new Forwarded(shares, mirrors(action), limits(action), headers(route), Optional.empty());
  }

  private List<TrafficShare> shares(Route route) throws InvalidProtocolBufferException {
    RouteAction action = route.getRoute();
    int notFound = UnroutedAnswers.status(action);
    if (!action.hasWeightedClusters()) {
      return List.of(upstreams.share(
          action.getCluster(),
          100,
          route.getTypedPerFilterConfigMap(),
          notFound,
          entrance,
          request));
    }
    List<ClusterWeight> weighted = action.getWeightedClusters().getClustersList();
    long total = weighted.stream()
        .mapToLong(one -> Integer.toUnsignedLong(one.getWeight().getValue()))
        .sum();
    List<TrafficShare> shares = new ArrayList<>();
    for (ClusterWeight one : weighted) {
      Map<String, Any> filters = new HashMap<>(route.getTypedPerFilterConfigMap());
      filters.putAll(one.getTypedPerFilterConfigMap());
      long weight = Integer.toUnsignedLong(one.getWeight().getValue());
      shares.add(upstreams.share(
          one.getName(), Upstreams.percent(weight, total), filters, notFound, entrance, request));
    }
    return shares;
  }

  private List<MirroredShare> mirrors(RouteAction action) {
    List<MirroredShare> mirrors = new ArrayList<>();
    for (RequestMirrorPolicy mirror : action.getRequestMirrorPoliciesList()) {
      mirrors.add(new MirroredShare(
          mirror.getCluster(),
          mirror.hasRuntimeFraction() ? percent(mirror.getRuntimeFraction()) : 100,
          upstreams.poolBehind(mirror.getCluster()),
          upstreams.endpoints(mirror.getCluster())));
    }
    return mirrors;
  }

  static double percent(RuntimeFractionalPercent fraction) {
    FractionalPercent value = fraction.getDefaultValue();
    long total = switch (value.getDenominator()) {
      case TEN_THOUSAND -> 10_000;
      case MILLION -> 1_000_000;
      default -> 100;
    };
    return Upstreams.percent(value.getNumerator(), total);
  }

  private List<String> limits(RouteAction action) {
    List<String> limits = new ArrayList<>();
    if (!action.hasTimeout()) {
      limits.add("a whole response may take 15s (Envoy's default)");
    } else if (action.getTimeout().getSeconds() == 0 && action.getTimeout().getNanos() == 0) {
      limits.add("a whole response may take any time");
    } else {
      limits.add("a whole response may take " + Upstreams.seconds(action.getTimeout(), ""));
    }
    before
        .behind(entrance, action)
        .shortest()
        .ifPresent(limit -> limits.add(
            "a request and its response together may take " + Upstreams.seconds(limit, "")));
    if (action.hasIdleTimeout()) {
      limits.add("silence may take " + Upstreams.seconds(action.getIdleTimeout(), "any time"));
    }
    if (action.hasRetryPolicy()) {
      RetryPolicy retries = action.getRetryPolicy();
      limits.add(
          "retries: " + (retries.hasNumRetries() ? retries.getNumRetries().getValue() : 1)
              + " on " + retries.getRetryOn()
              + (retries.hasPerTryTimeout()
                  ? ", each at most " + Upstreams.seconds(retries.getPerTryTimeout(), "")
                  : ""));
    }
    return limits;
  }

  private static List<String> headers(Route route) {
    return HeaderMutations.words(
        route.getRequestHeadersToAddList(), route.getRequestHeadersToRemoveList());
  }

  /** The response of a script of Pointsman's, whose facts are in the route's metadata. */
  private Optional<RequestEnd> scripted(Route route) {
    Struct facts = route
        .getMetadata()
        .getFilterMetadataOrDefault(XdsNames.ANSWER_FILTER, Struct.getDefaultInstance());
    if (!route.containsTypedPerFilterConfig(XdsNames.ANSWER_FILTER)) {
      return Optional.empty();
    }
    if (facts.containsFields("status")) {
      String body = text(facts, "body");
      return Optional.of(new Answered(
          Integer.parseInt(text(facts, "status")), code(body), "the route responds itself"));
    }
    return Optional.of(ModelLists.answer(text(facts, "list"), request.path()));
  }

  private static String text(Struct facts, String field) {
    return facts.getFieldsOrDefault(field, Value.getDefaultInstance()).getStringValue();
  }

  private static String code(String body) {
    try {
      return JsonMapper.shared().readTree(body).at("/error/code").asString("");
    } catch (JacksonException _) {
      return "";
    }
  }
}
