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
 * Keeps responses to HEAD, 204 and 304 without a body. Envoy writes any body that a picker adds, and on a reused
 * HTTP/1.1 connection a client reads these bytes as the next response, which may be another client's.
 */
final class BodilessResponses {
  private static final int[] STATUSES = {204, 304};

  private BodilessResponses() {}

  /** The conditions for exchanges with such a response. */
  static List<FieldMatcher> exchanges() {
    List<FieldMatcher> exchanges = new ArrayList<>();
    exchanges.add(SkippableFilter.request(":method", "HEAD"));
    for (int status : STATUSES) {
      exchanges.add(SkippableFilter.answer(":status", Integer.toString(status)));
    }
    return exchanges;
  }

  /** The local replies of a connection manager, including those of pickers (ImmediateResponse). */
  static LocalReplyConfig localReplies(LocalReplyConfig original) {
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
    // The first matching mapper is applied.
    return original.toBuilder()
        .clearMappers()
        .addMappers(empty)
        .addAllMappers(original.getMappersList())
        .build();
  }
}
