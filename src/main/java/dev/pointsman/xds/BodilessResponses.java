package dev.pointsman.xds;

import com.github.xds.core.v3.TypedExtensionConfig;
import com.github.xds.type.matcher.v3.Matcher;
import com.github.xds.type.matcher.v3.Matcher.MatcherList.FieldMatcher;
import com.github.xds.type.matcher.v3.Matcher.MatcherList.Predicate.SinglePredicate;
import com.github.xds.type.matcher.v3.StringMatcher;
import com.google.protobuf.Any;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLogFilter;
import io.envoyproxy.envoy.config.accesslog.v3.ComparisonFilter;
import io.envoyproxy.envoy.config.accesslog.v3.OrFilter;
import io.envoyproxy.envoy.config.accesslog.v3.StatusCodeFilter;
import io.envoyproxy.envoy.config.core.v3.RuntimeUInt32;
import io.envoyproxy.envoy.extensions.common.matching.v3.ExtensionWithMatcher;
import io.envoyproxy.envoy.extensions.filters.common.matcher.action.v3.SkipFilter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.LocalReplyConfig;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.ResponseMapper;
import io.envoyproxy.envoy.type.matcher.v3.HttpRequestHeaderMatchInput;
import io.envoyproxy.envoy.type.matcher.v3.HttpResponseHeaderMatchInput;

/**
 * Keeps answers without a body without one: those to HEAD, 204 and 304. Envoy writes whatever body a picker gives them,
 * and on a connection that is used again HTTP/1.1 takes these bytes for the next answer, which is another client's.
 */
final class BodilessResponses {
  private static final int[] STATUSES = {204, 304};

  private BodilessResponses() {}

  /**
   * The picker's filter, which does not meet HEAD requests, nor the answers of pods with these statuses.
   *
   * @param filter the filter
   */
  static HttpFilter keptFrom(HttpFilter filter) {
    TypedExtensionConfig skip = extension("skip", SkipFilter.getDefaultInstance());
    Matcher.Builder matcher = Matcher.newBuilder();
    matcher
        .getMatcherListBuilder()
        .addMatchers(when(
            HttpRequestHeaderMatchInput.newBuilder().setHeaderName(":method").build(),
            "HEAD",
            skip));
    for (int status : STATUSES) {
      matcher
          .getMatcherListBuilder()
          .addMatchers(when(
              HttpResponseHeaderMatchInput.newBuilder().setHeaderName(":status").build(),
              Integer.toString(status),
              skip));
    }
    ExtensionWithMatcher wrapped = ExtensionWithMatcher.newBuilder()
        .setXdsMatcher(matcher)
        .setExtensionConfig(io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig.newBuilder()
            .setName(filter.getName())
            .setTypedConfig(filter.getTypedConfig()))
        .build();
    return filter.toBuilder().setTypedConfig(Any.pack(wrapped)).build();
  }

  /** The answers of a connection manager itself, with those of pickers (ImmediateResponse) among them. */
  static LocalReplyConfig localReplies(LocalReplyConfig given) {
    OrFilter.Builder statuses = OrFilter.newBuilder();
    for (int status : STATUSES) {
      statuses.addFilters(AccessLogFilter.newBuilder()
          .setStatusCodeFilter(StatusCodeFilter.newBuilder()
              .setComparison(ComparisonFilter.newBuilder()
                  .setOp(ComparisonFilter.Op.EQ)
                  .setValue(RuntimeUInt32.newBuilder()
                      .setDefaultValue(status)
                      .setRuntimeKey("pointsman.status-" + status)))));
    }
    ResponseMapper.Builder empty = ResponseMapper.newBuilder();
    empty.getFilterBuilder().setOrFilter(statuses);
    empty.getBodyFormatOverrideBuilder().getTextFormatSourceBuilder().setInlineString("");
    // The first that matches counts.
    return given.toBuilder()
        .clearMappers()
        .addMappers(empty)
        .addAllMappers(given.getMappersList())
        .build();
  }

  private static FieldMatcher when(Message input, String value, TypedExtensionConfig action) {
    FieldMatcher.Builder matcher = FieldMatcher.newBuilder();
    matcher
        .getPredicateBuilder()
        .setSinglePredicate(SinglePredicate.newBuilder()
            .setInput(extension("header", input))
            .setValueMatch(StringMatcher.newBuilder().setExact(value)));
    matcher.getOnMatchBuilder().setAction(action);
    return matcher.build();
  }

  private static TypedExtensionConfig extension(String name, Message config) {
    return TypedExtensionConfig.newBuilder()
        .setName(name)
        .setTypedConfig(Any.pack(config))
        .build();
  }
}
