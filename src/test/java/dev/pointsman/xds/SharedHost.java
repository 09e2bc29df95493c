package dev.pointsman.xds;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.pointsman.model.ModelSettings.Source;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.plan.PolicyPlan;
import dev.pointsman.rig.EnvoyGatewayMetadata;
import dev.pointsman.xds.VirtualHosts.Arrangement;
import dev.pointsman.xds.VirtualHosts.HostSettings;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.extensions.filters.http.basic_auth.v3.BasicAuth;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthz;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A virtual host with routes of several HTTPRoutes, in the order in which they are added. */
final class SharedHost {
  /** Filters that the listener disables: these can be there and do nothing. */
  static final String AUTHORIZER = "ext_authz/authorizer";

  /** These cannot. */
  static final List<String> PASSWORDS = List.of("basic_auth/one", "basic_auth/two");

  static final long BODY_LIMIT = 20 << 20;

  private final List<PlannedRoute> planned = new ArrayList<>();
  private final Map<ObjectRef, String> created = new HashMap<>();
  private Optional<Set<Source>> sources = Optional.empty();
  private HostModels.Extraction extraction = HostModels.Extraction.WHERE_NEEDED;

  /** An HTTPRoute of an age: the smaller, the older. */
  SharedHost created(String owner, int age) {
    created.put(owner(owner), "2025-01-01T00:00:%02dZ".formatted(age));
    return this;
  }

  SharedHost always() {
    extraction = HostModels.Extraction.ALWAYS;
    return this;
  }

  SharedHost reads(Source... from) {
    sources = Optional.of(Source.sorted(Set.of(from)));
    return this;
  }

  /** A route that asks for a model. */
  SharedHost model(String owner, String path, String model, String... filters) {
    Route.Builder route = route(owner, path, filters);
    HeaderMatcher.Builder asked = HeaderMatcher.newBuilder().setName("X-Gateway-Model-Name");
    asked.getStringMatchBuilder().setExact(model);
    route.getMatchBuilder().addHeaders(asked);
    return add(route.build(), true);
  }

  /** A route that asks for none. */
  SharedHost plain(String owner, String path, String... filters) {
    return add(route(owner, path, filters).build(), false);
  }

  private SharedHost add(Route route, boolean known) {
    try {
      planned.add(
          known
              ? new PlannedRoute(
                  route.toByteString(),
                  Optional.of(RouteFacts.of(route.toByteString())),
                  Optional.empty(),
                  PolicyPlan.NONE,
                  false,
                  true)
              : PlannedRoute.passThrough(route.toByteString()));
    } catch (InvalidProtocolBufferException impossible) {
      throw new IllegalStateException(impossible);
    }
    return this;
  }

  private Route.Builder route(String owner, String path, String... filters) {
    Route.Builder route = Route.newBuilder().setName(owner + "/" + planned.size());
    route.setMatch(match(path));
    route.getRouteBuilder().setCluster(route.getName());
    for (String filter : filters) {
      route.putTypedPerFilterConfig(filter, DisabledFilters.ON);
    }
    route.setMetadata(EnvoyGatewayMetadata.of(owner(owner)));
    return route;
  }

  /** {@code namespace/name}. */
  static ObjectRef owner(String owner) {
    int slash = owner.indexOf('/');
    return new ObjectRef("HTTPRoute", owner.substring(0, slash), owner.substring(slash + 1));
  }

  /** {@code kind:value}, or a path prefix as Envoy Gateway writes it. */
  static RouteMatch match(String path) {
    RouteMatch.Builder match = RouteMatch.newBuilder();
    if (path.startsWith("exact:")) {
      match.setPath(path.substring("exact:".length()));
    } else if (path.startsWith("regex:")) {
      match.getSafeRegexBuilder().setRegex(path.substring("regex:".length()));
    } else if (path.equals("/")) {
      match.setPrefix(path);
    } else {
      match.setPathSeparatedPrefix(path);
    }
    return match.build();
  }

  Arrangement arrange() {
    HostModels models =
        new HostModels(extraction, Optional.empty(), BODY_LIMIT, true, ModelListing.OFF, sources);
    List<HttpFilter> disabled = new ArrayList<>();
    disabled.add(disabled(AUTHORIZER, ExtAuthz.getDefaultInstance()));
    PASSWORDS.forEach(name -> disabled.add(disabled(name, BasicAuth.getDefaultInstance())));
    return VirtualHosts.of(
            List.of(PlannedRoutes.of(planned)),
            new HostSettings(
                new LoopTokens(LoopSecret.PUBLIC, "table", "host"),
                new GatewayFilters(disabled, false, 0, false, Optional.empty()),
                models))
        .arrange(new Precedence(created));
  }

  private static HttpFilter disabled(String name, Message config) {
    return HttpFilter.newBuilder()
        .setName(name)
        .setTypedConfig(Any.pack(config))
        .setDisabled(true)
        .build();
  }

  List<Route> routes() {
    return RequestWalk.routes(arrange());
  }
}
