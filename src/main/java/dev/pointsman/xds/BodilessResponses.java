package dev.pointsman.xds;

import com.github.xds.type.matcher.v3.Matcher.MatcherList.FieldMatcher;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLogFilter;
import io.envoyproxy.envoy.config.accesslog.v3.ComparisonFilter;
import io.envoyproxy.envoy.config.accesslog.v3.OrFilter;
import io.envoyproxy.envoy.config.accesslog.v3.StatusCodeFilter;
import io.envoyproxy.envoy.config.core.v3.RuntimeUInt32;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.LocalReplyConfig;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.ResponseMapper;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps answers without a body without one: those to HEAD, 204 and 304. Envoy writes whatever body a picker gives them,
 * and on a connection that is used again HTTP/1.1 takes these bytes for the next answer, which is another client's.
 */
final class BodilessResponses {
  private static final int[] STATUSES = {204, 304};

  private BodilessResponses() {}

  /** The conditions under which an exchange has such an answer. */
  static List<FieldMatcher> exchanges() {
    List<FieldMatcher> exchanges = new ArrayList<>();
    exchanges.add(SkippableFilter.request(":method", "HEAD"));
    for (int status : STATUSES) {
      exchanges.add(SkippableFilter.answer(":status", Integer.toString(status)));
    }
    return exchanges;
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
}
