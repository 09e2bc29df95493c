package dev.pointsman.xds;

import com.google.protobuf.Any;
import com.google.protobuf.Struct;
import dev.pointsman.plan.Fallback;
import dev.pointsman.plan.Fallback.Stage;
import dev.pointsman.plan.PickerSettings;
import io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy.RetryBackOff;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutationPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.Mutations;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Hands a request that a pool cannot serve to the next pool, whose own picker is asked. Each try of the front copy is a
 * stage: its cluster counts the tries in a header, and each stage has a route in the loop. So a picker's refusal, an
 * empty pool and a full circuit breaker are responses to the front copy, which it retries before the first byte of a
 * response.
 *
 * <pre>
 * listener: filters of the gateway → front copy, sets the token, retries → cluster, sets the stage
 *                                                                             ↓ unix socket
 * loop listener: token removed → picker's filters → copy of the stage, matched by token and stage → the stage's pool
 * </pre>
 *
 * The user's own retries are those of a stage's copy, within its pool.
 */
record Stages(
    Fallback fallback,
    StagesCluster cluster,
    PickerSettings picker,
    boolean canEjectHosts,
    LoopTokens tokens) {
  private static final int UNAVAILABLE = 503;
  private static final int OVERLOADED = 429;

  private static final RetryBackOff AT_ONCE = RetryBackOff.newBuilder()
      .setBaseInterval(Protos.millis(1))
      .setMaxInterval(Protos.millis(1))
      .build();

  /** Removes the stage beside the token, which the filter of the loop's listener removes. */
  private static final Any WITHOUT_STAGE = without(XdsNames.STAGE_HEADER);

  /** Removes the first stage's hint, too. */
  private static final Any WITHOUT_HINT = without(XdsNames.STAGE_HEADER, SubsetHint.HEADER);

  private static Any without(String... headers) {
    Mutations.Builder mutations = Mutations.newBuilder();
    for (String header : headers) {
      mutations.addRequestMutations(HeaderMutation.newBuilder().setRemove(header));
    }
    return Any.pack(HeaderMutationPerRoute.newBuilder().setMutations(mutations).build());
  }

  /**
   * The routes that replace a route. Bodies of any size pass the loop.
   *
   * @param reading the extraction, if it may have read the bodies
   */
  List<Route> beforeLoop(Route route, Optional<BodyReading> reading) {
    List<Route> routes = new ArrayList<>();
    Route own = Sessions.beforeRouter(route);
    Route front = front(own, bodyLimit(reading));
    reading.flatMap(read -> read.limits().refusing(own, read.bodyLimit())).ifPresent(routes::add);
    BodyProcessors processors = processors(reading);
    if (processors.needLoop(own)) {
      routes.add(LargeBodies.front(own, tokens, processors));
    } else if (processors.beforeLoop(front) != front) {
      routes.add(LargeBodies.only(processors.beforeLoop(front)));
    }
    routes.add(Upgrades.copy(own));
    routes.add(front);
    return routes;
  }

  /** The copies of a route in the loop. */
  List<Route> inLoop(Route route, Optional<BodyReading> reading) {
    List<Route> routes = new ArrayList<>();
    Route own = Sessions.beforeRouter(route);
    long bodyLimit = bodyLimit(reading);
    BodyProcessors processors = processors(reading);
    if (processors.needLoop(own)) {
      routes.add(LargeBodies.processed(own, tokens, processors));
      routes.add(afterProcessors(front(own, bodyLimit)));
    }
    routes.addAll(stages(own, bodyLimit));
    return routes;
  }

  private static long bodyLimit(Optional<BodyReading> reading) {
    return reading.map(BodyReading::bodyLimit).orElse(RouteChange.RETRY_BUFFER_BYTES);
  }

  private static BodyProcessors processors(Optional<BodyReading> reading) {
    return reading.map(BodyReading::processors).orElse(BodyProcessors.NONE);
  }

  /** The route that sends its requests to the stages. */
  private Route front(Route route, long bodyLimit) {
    Route.Builder front = LargeBodies.into(
        cluster.name(tokens.routeConfiguration()), route, tokens.stages(route.getName()))
        .toBuilder();
    if (!fallback.stages().isEmpty()) {
      front.getRouteBuilder().setRetryPolicy(retries());
    }
    Struct models = models();
    if (!front.hasRequestBodyBufferLimit()) {
      int longer = models.getFieldsCount() > 0 ? OtherNames.LONGER : 0;
      front.getRequestBodyBufferLimitBuilder().setValue(bodyLimit + longer);
    }
    if (models.getFieldsCount() > 0) {
      front.getMetadataBuilder().putFilterMetadata(XdsNames.STAGES_FILTER, models);
    }
    return front.build();
  }

  /** The copy of the front copy in the loop, for the large bodies that pass processors there. */
  private Route afterProcessors(Route front) {
    return front.toBuilder()
        .setName(XdsNames.stagesRoute(front.getName()))
        .setMatch(RouteMatch.newBuilder()
            .setPrefix("/")
            .addHeaders(LoopTokens.match(tokens.route(front.getName()))))
        .clearTypedPerFilterConfig()
        .build();
  }

  /** The copies with the route's own action and with the stages, in their order. */
  private List<Route> stages(Route route, long bodyLimit) {
    String token = tokens.stages(route.getName());
    List<Route> routes = new ArrayList<>();
    routes.add(route);
    for (Stage stage : fallback.stages()) {
      routes.add(PoolRoutes.stage(route, stage.share(), picker, canEjectHosts));
    }
    boolean hints = cluster.hint().isPresent();
    List<Route> inLoop = new ArrayList<>();
    for (Route stage : routes) {
      int number = inLoop.size() + 1;
      Route.Builder inner = LargeBodies.innermost(stage, token, bodyLimit).toBuilder()
          .setName(XdsNames.stageRoute(route.getName(), number))
          .putTypedPerFilterConfig(
              XdsNames.TOKEN_FILTER, number > 1 && hints ? WITHOUT_HINT : WITHOUT_STAGE);
      if (number == 1 && hints) {
        inner.addRequestHeadersToRemove(SubsetHint.HEADER); // of the shares without a picker
      }
      if (number < routes.size()) { // the last also serves tries that a client's headers have added
        inner.getMatchBuilder().addHeaders(isStage(number));
      }
      inLoop.add(inner.build());
    }
    return inLoop;
  }

  private static HeaderMatcher isStage(int number) {
    HeaderMatcher.Builder matcher = HeaderMatcher.newBuilder().setName(XdsNames.STAGE_HEADER);
    matcher.getStringMatchBuilder().setExact(Integer.toString(number));
    return matcher.build();
  }

  private RetryPolicy retries() {
    List<String> on = new ArrayList<>(List.of("retriable-status-codes"));
    RetryPolicy.Builder retries = RetryPolicy.newBuilder();
    if (fallback.onUnavailable()) {
      on.addAll(List.of("connect-failure", "reset-before-request"));
      retries.addRetriableStatusCodes(UNAVAILABLE);
    }
    if (fallback.onOverloaded()) {
      on.add("envoy-ratelimited");
      retries.addRetriableStatusCodes(OVERLOADED);
    }
    return retries
        .setRetryOn(String.join(",", on))
        .setNumRetries(Protos.uint32(fallback.stages().size()))
        .setRetryBackOff(AT_ONCE)
        .build();
  }

  /** The models' names by the number of the stage, which the cluster's script reads. */
  private Struct models() {
    Struct.Builder models = Struct.newBuilder();
    for (int i = 0; i < fallback.stages().size(); i++) {
      String number = Integer.toString(i + 2); // the route's own backends are stage 1
      fallback
          .stages()
          .get(i)
          .model()
          .ifPresent(model -> models.putAllFields(Structs.text(number, model).getFieldsMap()));
    }
    return models.build();
  }
}
