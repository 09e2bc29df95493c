package dev.pointsman.xds;

import com.github.xds.core.v3.TypedExtensionConfig;
import com.github.xds.type.matcher.v3.Matcher;
import com.github.xds.type.matcher.v3.Matcher.MatcherList;
import com.github.xds.type.matcher.v3.Matcher.MatcherList.FieldMatcher;
import com.github.xds.type.matcher.v3.Matcher.MatcherList.Predicate;
import com.github.xds.type.matcher.v3.Matcher.MatcherList.Predicate.PredicateList;
import com.github.xds.type.matcher.v3.Matcher.MatcherList.Predicate.SinglePredicate;
import com.github.xds.type.matcher.v3.Matcher.OnMatch;
import com.github.xds.type.matcher.v3.RegexMatcher;
import com.github.xds.type.matcher.v3.StringMatcher;
import com.google.protobuf.Any;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.extensions.common.matching.v3.ExtensionWithMatcher;
import io.envoyproxy.envoy.extensions.filters.common.matcher.action.v3.SkipFilter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.matching.common_inputs.network.v3.DynamicMetadataInput;
import io.envoyproxy.envoy.extensions.matching.common_inputs.network.v3.FilterStateInput;
import io.envoyproxy.envoy.extensions.matching.input_matchers.metadata.v3.Metadata;
import io.envoyproxy.envoy.type.matcher.v3.HttpRequestHeaderMatchInput;
import io.envoyproxy.envoy.type.matcher.v3.HttpResponseHeaderMatchInput;
import io.envoyproxy.envoy.type.matcher.v3.ValueMatcher;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Filters that some exchanges skip. The decision is made for each exchange when it reaches the filter, on any route.
 */
final class SkippableFilter {
  private static final TypedExtensionConfig SKIP =
      extension("skip", SkipFilter.getDefaultInstance());

  private SkippableFilter() {}

  /** The filter, which an exchange skips if one of the conditions is true. Conditions on requests are first. */
  static HttpFilter filter(HttpFilter filter, List<FieldMatcher> when) {
    ExtensionWithMatcher wrapped = ExtensionWithMatcher.newBuilder()
        .setXdsMatcher(
            Matcher.newBuilder().setMatcherList(MatcherList.newBuilder().addAllMatchers(when)))
        .setExtensionConfig(io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig.newBuilder()
            .setName(filter.getName())
            .setTypedConfig(filter.getTypedConfig()))
        .build();
    return filter.toBuilder().setTypedConfig(Any.pack(wrapped)).build();
  }

  /** Matches requests with this value of a header. */
  static FieldMatcher request(String header, String value) {
    return request(header, StringMatcher.newBuilder().setExact(value).build());
  }

  /** Matches requests with such a value of a header. */
  static FieldMatcher request(String header, StringMatcher value) {
    return when(predicate(requestHeader(header), value));
  }

  /** Matches responses with this value of a header. */
  static FieldMatcher answer(String header, String value) {
    return when(predicate(
        extension(
            "header",
            HttpResponseHeaderMatchInput.newBuilder().setHeaderName(header).build()),
        StringMatcher.newBuilder().setExact(value).build()));
  }

  /** Matches requests without such a value of a header. */
  static FieldMatcher requestWithout(String header, StringMatcher value) {
    return unless(predicate(requestHeader(header), value));
  }

  /**
   * Matches requests that meet none of the conditions.
   *
   * @param conditions at least two; each has regular expressions for headers that all have to match, by the header's name
   */
  static FieldMatcher requestWithoutAny(List<Map<String, String>> conditions) {
    PredicateList.Builder any = PredicateList.newBuilder();
    conditions.forEach(condition -> any.addPredicate(all(condition)));
    return unless(Predicate.newBuilder().setOrMatcher(any));
  }

  private static Predicate.Builder all(Map<String, String> condition) {
    List<Predicate> all = new TreeMap<>(condition)
        .entrySet().stream()
            .map(one ->
                predicate(requestHeader(one.getKey()), regex(one.getValue())).build())
            .toList();
    return all.size() == 1
        ? all.getFirst().toBuilder()
        : Predicate.newBuilder().setAndMatcher(PredicateList.newBuilder().addAllPredicate(all));
  }

  /** Matches exchanges without this value of a filter state object. */
  static FieldMatcher unmarked(String key, String value) {
    return unless(predicate(
        extension("filter-state", FilterStateInput.newBuilder().setKey(key).build()),
        StringMatcher.newBuilder().setExact(value).build()));
  }

  /** Matches exchanges with this dynamic metadata, whatever its value is. */
  static FieldMatcher known(String namespace, String key) {
    return when(metadata(namespace, key));
  }

  /** Matches exchanges without this dynamic metadata. */
  static FieldMatcher unknown(String namespace, String key) {
    return unless(metadata(namespace, key));
  }

  private static Predicate.Builder metadata(String namespace, String key) {
    DynamicMetadataInput input = DynamicMetadataInput.newBuilder()
        .setFilter(namespace)
        .addPath(DynamicMetadataInput.PathSegment.newBuilder().setKey(key))
        .build();
    Metadata present = Metadata.newBuilder()
        .setValue(ValueMatcher.newBuilder().setPresentMatch(true))
        .build();
    return Predicate.newBuilder()
        .setSinglePredicate(SinglePredicate.newBuilder()
            .setInput(extension("metadata", input))
            .setCustomMatch(extension("metadata", present)));
  }

  /** Matches values that the expression of RE2 matches as a whole. */
  static StringMatcher regex(String regex) {
    return StringMatcher.newBuilder()
        .setSafeRegex(RegexMatcher.newBuilder()
            .setGoogleRe2(RegexMatcher.GoogleRE2.getDefaultInstance())
            .setRegex(regex))
        .build();
  }

  private static TypedExtensionConfig requestHeader(String name) {
    return extension(
        "header", HttpRequestHeaderMatchInput.newBuilder().setHeaderName(name).build());
  }

  private static FieldMatcher unless(Predicate.Builder predicate) {
    return when(Predicate.newBuilder().setNotMatcher(predicate));
  }

  private static FieldMatcher when(Predicate.Builder predicate) {
    return FieldMatcher.newBuilder()
        .setPredicate(predicate)
        .setOnMatch(OnMatch.newBuilder().setAction(SKIP))
        .build();
  }

  private static Predicate.Builder predicate(TypedExtensionConfig input, StringMatcher value) {
    return Predicate.newBuilder()
        .setSinglePredicate(SinglePredicate.newBuilder().setInput(input).setValueMatch(value));
  }

  private static TypedExtensionConfig extension(String name, Message config) {
    return TypedExtensionConfig.newBuilder()
        .setName(name)
        .setTypedConfig(Any.pack(config))
        .build();
  }
}
