package dev.pointsman.xds;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.pointsman.envoy.setfilterstate.Config;
import dev.pointsman.model.ModelSettings.Source;
import dev.pointsman.model.UserStrings;
import io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation;
import io.envoyproxy.envoy.config.route.v3.FilterConfig;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.extensions.filters.common.set_filter_state.v3.FilterStateValue;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.Mutations;
import io.envoyproxy.envoy.extensions.filters.http.json_to_metadata.v3.JsonToMetadata;
import io.envoyproxy.envoy.extensions.filters.http.json_to_metadata.v3.JsonToMetadata.KeyValuePair;
import io.envoyproxy.envoy.extensions.filters.http.json_to_metadata.v3.JsonToMetadata.MatchRules;
import io.envoyproxy.envoy.extensions.filters.http.json_to_metadata.v3.JsonToMetadata.Rule;
import io.envoyproxy.envoy.extensions.filters.http.json_to_metadata.v3.JsonToMetadata.Selector;
import io.envoyproxy.envoy.extensions.filters.http.json_to_metadata.v3.JsonToMetadata.ValueType;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.type.matcher.v3.FilterStateMatcher;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;

/**
 * Copies the model's name from a JSON body to the request header {@link XdsNames#MODEL_HEADER} and selects the route
 * again, with Envoy's own filters. Stores the size of the body as a filter state object, which routes can match.
 *
 * <p>The filters are {@code disabled} on the listener and enabled on initial routes. Envoy enables filters by the
 * request's first route, which is the initial route. All other requests are neither buffered nor parsed.
 */
final class ModelExtraction {
  /** The content types of JSON. */
  private static final RegexMatcher JSON =
      RegexMatcher.newBuilder().setRegex(XdsNames.JSON_TYPES).build();

  /** The metadata key of a route whose requests are buffered, with the limit in bytes. */
  static final String BODY_LIMIT = "body-limit";

  /** The dynamic metadata with the model's name under {@link #KEY}. The script for large bodies names both, too. */
  static final String NAMESPACE = "pointsman.model";

  static final String KEY = "model";

  private static final List<String> FILTERS = List.of(
      XdsNames.MODEL_SCAN_FILTER,
      XdsNames.MODEL_FILTER,
      XdsNames.MODEL_HEADER_FILTER,
      XdsNames.REROUTE_FILTER);

  private static final String STATE = "state";
  private static final String UNREADABLE = "unreadable";

  /** The condition that the body could not be parsed, as a CEL expression. */
  static final String IS_UNREADABLE = hasState(UNREADABLE);

  /** The condition that a form has no model, as a CEL expression. */
  static final String IS_FORM = hasState("form");

  /** The condition that a form could not be parsed, as a CEL expression. */
  static final String IS_UNREADABLE_FORM = hasState("form-unreadable");

  private static String hasState(String state) {
    return "metadata.filter_metadata['" + NAMESPACE + "']['" + STATE + "'] == '" + state + "'";
  }

  /** One byte more than the limit for a model's name, so that a longer name matches nothing. */
  private static final int MAX_NAME_BYTES = UserStrings.LONGEST_MODEL + 1;

  private static final Any ON =
      Any.pack(FilterConfig.newBuilder().setConfig(Any.getDefaultInstance()).build());

  private ModelExtraction() {}

  /**
   * The filters of a listener. They are the first filters, before all filters with per-route configurations.
   *
   * @param headers additional headers for the model's name
   */
  static List<HttpFilter> filters(SortedSet<String> headers) {
    return List.of(
        ModelScan.filter(),
        SkippableFilter.filter(
            filter(XdsNames.MODEL_FILTER, modelToMetadata()),
            Upgrades.requestsAnd(ModelScan.hasFound())),
        ModelSources.filter(),
        filter(XdsNames.MODEL_HEADER_FILTER, metadataToHeaders(headers)),
        filter(
            XdsNames.REROUTE_FILTER,
            Config.newBuilder()
                .addOnRequestHeaders(bodyBytes())
                .setClearRouteCache(true)
                .build()));
  }

  /**
   * The condition that a body has been read and has this size.
   *
   * @param bytes a regular expression for the size in decimal digits
   */
  static FilterStateMatcher hasRead(String bytes) {
    FilterStateMatcher.Builder matcher =
        FilterStateMatcher.newBuilder().setKey(XdsNames.BODY_BYTES);
    matcher.getStringMatchBuilder().getSafeRegexBuilder().setRegex(bytes);
    return matcher.build();
  }

  /** The size of the body, which has been received completely, in any framing. */
  private static FilterStateValue bodyBytes() {
    FilterStateValue.Builder value = FilterStateValue.newBuilder()
        .setObjectKey(XdsNames.BODY_BYTES)
        .setFactoryKey("envoy.string");
    value.getFormatStringBuilder().getTextFormatSourceBuilder().setInlineString("%BYTES_RECEIVED%");
    return value.build();
  }

  /**
   * The route with the extraction enabled, and with a buffer limit for the bodies.
   *
   * @param sources of models
   */
  static Route on(Route route, long bodyLimit, Set<Source> sources) {
    Route.Builder on = ModelSources.on(route, sources).toBuilder();
    for (String filter : FILTERS) {
      on.putTypedPerFilterConfig(filter, ON);
    }
    if (!route.hasRequestBodyBufferLimit()) {
      on.getRequestBodyBufferLimitBuilder().setValue(bodyLimit);
    }
    if (!route.containsTypedPerFilterConfig(RequestLimits.BUFFER)) { // it has a limit of its own
      String limit = Long.toString(on.getRequestBodyBufferLimit().getValue());
      on.getMetadataBuilder().putFilterMetadata(XdsNames.METADATA, Structs.text(BODY_LIMIT, limit));
    }
    return on.build();
  }

  /** The route with answers to requests without a model. */
  static Route answered(Route route) {
    Route.Builder answered = route.toBuilder();
    Struct facts = route.getMetadata().getFilterMetadataOrThrow(XdsNames.METADATA);
    answered
        .getMetadataBuilder()
        .putFilterMetadata(
            XdsNames.METADATA,
            facts.toBuilder().mergeFrom(Structs.text(XdsNames.ANSWERS, "yes")).build());
    return answered.build();
  }

  private static JsonToMetadata modelToMetadata() {
    return JsonToMetadata.newBuilder()
        .setRequestRules(MatchRules.newBuilder()
            .addRules(Rule.newBuilder()
                .addSelectors(Selector.newBuilder().setKey("model"))
                .setOnPresent(KeyValuePair.newBuilder()
                    .setMetadataNamespace(NAMESPACE)
                    .setKey(KEY)
                    .setType(ValueType.STRING))
                .setOnError(KeyValuePair.newBuilder()
                    .setMetadataNamespace(NAMESPACE)
                    .setKey(STATE)
                    .setValue(Value.newBuilder().setStringValue(UNREADABLE))))
            .setAllowContentTypesRegex(JSON))
        .build();
  }

  private static Message metadataToHeaders(SortedSet<String> headers) {
    Mutations.Builder mutations = Mutations.newBuilder();
    mutations.addRequestMutations(metadataTo(XdsNames.MODEL_HEADER));
    headers.forEach(header -> mutations.addRequestMutations(metadataTo(header)));
    return io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutation
        .newBuilder()
        .setMutations(mutations)
        .build();
  }

  private static HeaderMutation metadataTo(String header) {
    String model = "%DYNAMIC_METADATA(" + NAMESPACE + ":" + KEY + "):" + MAX_NAME_BYTES + "%";
    return HeaderMutation.newBuilder().setAppend(Protos.header(header, model)).build();
  }

  /** A filter that is enabled on initial routes. */
  static HttpFilter filter(String name, Message config) {
    return HttpFilter.newBuilder()
        .setName(name)
        .setTypedConfig(Any.pack(config))
        .setDisabled(true)
        .build();
  }
}
