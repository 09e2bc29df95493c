package dev.pointsman.golden;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.util.JsonFormat;
import dev.pointsman.explain.AskedRequest;
import dev.pointsman.explain.AskedRequest.AskedBody;
import dev.pointsman.explain.Explainer;
import dev.pointsman.explain.Explanation;
import dev.pointsman.explain.GatewayXds;
import dev.pointsman.hook.TranslationResult;
import dev.pointsman.server.ExplainableTranslations;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each field of Envoy's routes is followed by an explanation, has no effect on a request's way, or is named. A new field of the
 * API fails here until somebody has decided which of the three it is.
 */
class RouteFieldsTest {
  private static final TranslationResult ANSWER =
      GoldenCase.named("model-routes-two-pools").answer();
  private static final String ROUTE = "httproute/default/inference-route/rule/0/match/0/*";

  /** A condition by field of a match that the request does not meet. */
  private static final Map<String, String> UNMET = Map.ofEntries(
      Map.entry("prefix", "\"/other\""),
      Map.entry("path", "\"/other\""),
      Map.entry("safe_regex", "{\"regex\":\"/other\"}"),
      Map.entry("connect_matcher", "{}"),
      Map.entry("path_separated_prefix", "\"/other\""),
      Map.entry("path_match_policy", "{\"name\":\"other\"}"),
      Map.entry(
          "runtime_fraction", "{\"defaultValue\":{\"numerator\":0,\"denominator\":\"HUNDRED\"}}"),
      Map.entry("headers", "[{\"name\":\"x-other\",\"stringMatch\":{\"exact\":\"1\"}}]"),
      Map.entry("query_parameters", "[{\"name\":\"other\",\"presentMatch\":true}]"),
      Map.entry("grpc", "{}"),
      Map.entry("tls_context", "{\"presented\":true}"),
      Map.entry(
          "dynamic_metadata",
          "[{\"filter\":\"other\",\"path\":[{\"key\":\"a\"}],\"value\":{\"boolMatch\":false}}]"),
      Map.entry("filter_state", "[{\"key\":\"other\",\"stringMatch\":{\"exact\":\"1\"}}]"));

  /** Changes how another condition is met, and is none itself. */
  private static final Set<String> OF_OTHERS = Set.of("case_sensitive");

  /** Fields that no explanation follows, and each names. */
  private static final Set<String> NAMED = Set.of(
      "VirtualHost.matcher",
      "VirtualHost.require_tls",
      "VirtualHost.retry_policy",
      "VirtualHost.retry_policy_typed_config",
      "VirtualHost.hedge_policy",
      "VirtualHost.per_request_buffer_limit_bytes",
      "VirtualHost.request_body_buffer_limit",
      "VirtualHost.request_mirror_policies",
      "Route.filter_action",
      "Route.non_forwarding_action",
      "Route.per_request_buffer_limit_bytes",
      "RouteAction.cluster_header",
      "RouteAction.cluster_specifier_plugin",
      "RouteAction.inline_cluster_specifier_plugin",
      "RouteAction.metadata_match",
      "RouteAction.retry_policy_typed_config",
      "RouteAction.max_grpc_timeout",
      "RouteAction.grpc_timeout_offset",
      "RouteAction.internal_redirect_policy",
      "RouteAction.internal_redirect_action",
      "RouteAction.max_internal_redirects",
      "RouteAction.hedge_policy");

  private static Explanation explain(Consumer<VirtualHost.Builder> change) throws Exception {
    GatewayXds xds = ExplainableTranslations.of(List.of(ANSWER)).getFirst().xds();
    Map<String, RouteConfiguration> routes = new HashMap<>();
    for (Map.Entry<String, RouteConfiguration> table : xds.routes().entrySet()) {
      RouteConfiguration.Builder changed = table.getValue().toBuilder();
      changed.getVirtualHostsBuilderList().forEach(change);
      routes.put(table.getKey(), changed.build());
    }
    AskedRequest request = new AskedRequest(
        "",
        "localhost",
        "POST",
        "/v1/chat/completions",
        new TreeMap<>(Map.of("content-type", "application/json")),
        AskedBody.of("{\"model\":\"qwen\"}"));
    return new Explainer(
            new GatewayXds(xds.listeners(), routes, xds.clusters()),
            _ -> Optional.empty(),
            List.of())
        .explain(request);
  }

  private static Consumer<VirtualHost.Builder> route(Consumer<Route.Builder> change) {
    return host -> host.getRoutesBuilderList().stream()
        .filter(route -> route.getName().equals(ROUTE))
        .forEach(change);
  }

  private static Set<String> chosen(Explanation explanation) {
    Set<String> routes = new TreeSet<>();
    explanation.choices().forEach(choice -> choice.route().ifPresent(routes::add));
    return routes;
  }

  static Stream<String> conditions() {
    return RouteMatch.getDescriptor().getFields().stream()
        .map(FieldDescriptor::getName)
        .filter(field -> !OF_OTHERS.contains(field));
  }

  @ParameterizedTest
  @MethodSource("conditions")
  void eachConditionOfARouteCanLoseARequest(String field) throws Exception {
    assertThat(UNMET).as("a condition for this field").containsKey(field);
    assertThat(chosen(explain(_ -> {}))).contains(ROUTE);
    String json = "{\"" + field + "\":" + requireNonNull(UNMET.get(field)) + "}";
    assertThat(chosen(explain(route(changed -> merge(json, changed.getMatchBuilder())))))
        .isNotEmpty()
        .doesNotContain(ROUTE);
  }

  @Test
  void aConditionOfATomorrowsEnvoyIsSaidToBeUnknown() throws Exception {
    UnknownFieldSet tomorrow = UnknownFieldSet.newBuilder()
        .addField(9999, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
        .build();
    List<Consumer<Route.Builder>> places = List.of(
        changed -> changed.getMatchBuilder().setUnknownFields(tomorrow),
        changed -> changed.getMatchBuilder().addHeadersBuilder().setUnknownFields(tomorrow));
    for (Consumer<Route.Builder> place : places) {
      Explanation explanation = explain(route(place));
      assertThat(chosen(explanation)).doesNotContain(ROUTE);
      assertThat(explanation.choices().getLast().lost())
          .filteredOn(lost -> lost.route().equals(ROUTE))
          .singleElement()
          .satisfies(lost ->
              assertThat(lost.unmet()).contains("has a condition that this build does not know"));
    }
  }

  @Test
  void aKeyInAQueryIsNotShown() throws Exception {
    Explanation explanation = explain(route(changed -> merge(
        "{\"query_parameters\":[{\"name\":\"api_key\",\"stringMatch\":{\"exact\":\"sk-123\"}}]}",
        changed.getMatchBuilder())));
    assertThat(explanation.choices().getLast().lost())
        .filteredOn(lost -> lost.route().equals(ROUTE))
        .singleElement()
        .satisfies(
            lost -> assertThat(lost.unmet()).containsExactly("query parameter api_key differs"));
  }

  @Test
  void otherFieldsAreFollowedOrNamed() throws Exception {
    Set<String> unread = new TreeSet<>();
    for (Descriptor type :
        List.of(VirtualHost.getDescriptor(), Route.getDescriptor(), RouteAction.getDescriptor())) {
      for (FieldDescriptor field : type.getFields()) {
        String name = type.getName() + "." + field.getName();
        if (explain(with(type, field)).unread().contains(name)) {
          unread.add(name);
        }
      }
    }
    assertThat(unread).isEqualTo(new TreeSet<>(NAMED));
  }

  /** Any value of the field, in the host or in the route. */
  private static Consumer<VirtualHost.Builder> with(Descriptor type, FieldDescriptor field) {
    DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
    Object value = switch (field.getJavaType()) {
      case MESSAGE -> DynamicMessage.getDefaultInstance(field.getMessageType());
      case STRING -> "other";
      case BOOLEAN -> true;
      case ENUM -> field.getEnumType().getValues().getLast();
      default -> 1;
    };
    if (field.isMapField() || field.getName().equals("routes")) {
      return _ -> {}; // no message alone
    }
    Message set = field.isRepeated()
        ? message.addRepeatedField(field, value).build()
        : message.setField(field, value).build();
    return switch (type.getName()) {
      case "VirtualHost" -> host -> merge(set, host);
      case "Route" -> route(one -> merge(set, one));
      default -> route(one -> merge(set, one.getRouteBuilder()));
    };
  }

  private static void merge(Message message, Message.Builder into) {
    try {
      into.mergeFrom(message.toByteString());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private static void merge(String json, RouteMatch.Builder into) {
    RouteMatch.Builder condition = RouteMatch.newBuilder();
    try {
      JsonFormat.parser().merge(json, condition);
      into.mergeFrom(condition.build());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }
}
