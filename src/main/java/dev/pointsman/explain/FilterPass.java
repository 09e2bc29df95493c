package dev.pointsman.explain;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.envoy.setfilterstate.Config;
import dev.pointsman.explain.Explanation.ModelReading;
import dev.pointsman.explain.ListenerSearch.Entrance;
import dev.pointsman.xds.ListenerFilters;
import dev.pointsman.xds.XdsNames;
import io.envoyproxy.envoy.config.route.v3.FilterConfig;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.common.set_filter_state.v3.FilterStateValue;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutation;
import io.envoyproxy.envoy.extensions.filters.http.json_to_metadata.v3.JsonToMetadata;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.LuaPerRoute;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The filters of a connection manager, passed by a request until the router. */
final class FilterPass {
  private static final Set<String> HARMLESS =
      Set.of("envoy.filters.http.router", "envoy.filters.http.health_check");

  private final Entrance entrance;
  private final VirtualHost host;
  private final Optional<Route> initial;
  private final AskedRequest asked;
  private final RequestState request;
  private Optional<ModelReading> reading = Optional.empty();
  private Optional<RequestEnd> answer = Optional.empty();
  private final List<String> gates = new ArrayList<>();
  private Optional<Route> route;
  private boolean rerouted;
  private boolean waited;

  private FilterPass(
      Entrance entrance,
      VirtualHost host,
      Optional<Route> initial,
      AskedRequest asked,
      RequestState request) {
    this.entrance = entrance;
    this.host = host;
    this.initial = initial;
    this.asked = asked;
    this.request = request;
    route = initial;
  }

  /**
   * The result.
   *
   * @param reading the model in the body, if a filter reads it
   * @param answer of a filter, which ends the way
   * @param rerouted whether the route is chosen again
   * @param gates the users' filters on the way
   */
  record Passed(
      Optional<ModelReading> reading,
      Optional<RequestEnd> answer,
      boolean rerouted,
      List<String> gates) {}

  static Passed of(
      Entrance entrance,
      VirtualHost host,
      Optional<Route> initial,
      AskedRequest asked,
      RequestState request)
      throws InvalidProtocolBufferException {
    FilterPass pass = new FilterPass(entrance, host, initial, asked, request);
    for (HttpFilter filter : entrance.manager().getHttpFiltersList()) {
      if (pass.answer.isEmpty() && pass.isEnabled(filter)) {
        Optional<Any> config = SkipConditions.config(filter, request);
        if (config.isPresent()) {
          pass.through(filter, config.get());
        }
      }
    }
    return new Passed(pass.reading, pass.answer, pass.rerouted, pass.gates);
  }

  /** Envoy decides by the initial route. */
  private boolean isEnabled(HttpFilter filter) throws InvalidProtocolBufferException {
    Optional<Any> config = perRoute(initial, filter.getName());
    if (config.isEmpty() || !config.get().is(FilterConfig.class)) {
      return config.isPresent() || !filter.getDisabled();
    }
    return !config.get().unpack(FilterConfig.class).getDisabled();
  }

  /** The configuration for a route, of the most specific level that has one. */
  private Optional<Any> perRoute(Optional<Route> at, String filter) {
    return at.map(one -> one.getTypedPerFilterConfigMap().get(filter))
        .or(() -> Optional.ofNullable(host.getTypedPerFilterConfigMap().get(filter)))
        .or(() ->
            Optional.ofNullable(entrance.routes().getTypedPerFilterConfigMap().get(filter)));
  }

  private void through(HttpFilter filter, Any config) throws InvalidProtocolBufferException {
    if (filter.getName().equals(XdsNames.MODEL_SOURCES_FILTER)) {
      readSources(perRoute(initial, filter.getName()).orElse(Any.getDefaultInstance()));
    } else if (config.is(JsonToMetadata.class)) {
      read(config.unpack(JsonToMetadata.class));
    } else if (config.is(HeaderMutation.class)) {
      HeaderMutations.apply(
          config.unpack(HeaderMutation.class).getMutations().getRequestMutationsList(), request);
    } else if (config.is(Config.class)) {
      state(config.unpack(Config.class));
    } else if (!XdsNames.isOurs(filter.getName())
        && !HARMLESS.contains(filter.getName())
        && (filter.getDisabled() || perRoute(route, filter.getName()).isPresent())) {
      gates.add(filter.getName());
    }
  }

  private void read(JsonToMetadata filter) {
    waitFor(JsonModel.waits(filter, asked.body(), request));
    if (answer.isEmpty()) {
      reading = Optional.of(JsonModel.apply(filter, asked.body(), request));
    }
  }

  private void readSources(Any perRoute) throws InvalidProtocolBufferException {
    if (perRoute.is(LuaPerRoute.class)) {
      SourcesScript script = new SourcesScript(
          perRoute.unpack(LuaPerRoute.class).getFilterContext().getFieldsMap().keySet(),
          request,
          asked.body());
      waitFor(script.waits());
      if (answer.isEmpty()) {
        switch (script.result()) {
          case SourcesScript.Refused(String code, String cause) ->
            answer = Optional.of(new RequestEnd.Answered(400, code, cause));
          case SourcesScript.Found(String model, String where) ->
            reading = Optional.of(new ModelReading(Optional.of(model), where));
          case SourcesScript.Nothing(String cause) ->
            reading = Optional.of(new ModelReading(Optional.empty(), cause));
          case SourcesScript.Untouched _ -> {}
        }
      }
    }
  }

  /** A filter waits for the body. */
  private void waitFor(boolean waits) {
    waited |= waits;
    if (waits && asked.body().bytes() > limit()) {
      answer = Optional.of(new RequestEnd.Answered(
          413,
          "request_too_large",
          "the body of " + asked.body().bytes() + " bytes is above the limit of " + limit()
              + ", up to which a model is read"));
    }
  }

  /** The largest body that a filter can wait for. A route's limit is applied if the route has a cluster. */
  private long limit() {
    long connection = ListenerFilters.bufferBytes(entrance.listener());
    return initial
        .filter(one -> one.hasRoute() && one.hasRequestBodyBufferLimit())
        .map(one -> Math.max(connection, one.getRequestBodyBufferLimit().getValue()))
        .orElse(connection);
  }

  private void state(Config config) {
    for (FilterStateValue value : config.getOnRequestHeadersList()) {
      String format = value.getFormatString().getTextFormatSource().getInlineString();
      // Without a filter that waits, no byte of the body has been received yet.
      String bytes = Long.toString(waited ? asked.body().bytes() : 0);
      request.setFilterState(value.getObjectKey(), format.replace("%BYTES_RECEIVED%", bytes));
    }
    if (config.getClearRouteCache()) {
      rerouted = true;
      route = RouteSearch.route(host, request);
    }
  }
}
