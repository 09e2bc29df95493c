package dev.pointsman.xds;

import com.github.xds.type.matcher.v3.Matcher.MatcherList.FieldMatcher;
import com.google.protobuf.Any;
import dev.pointsman.envoy.setfilterstate.Config;
import io.envoyproxy.envoy.extensions.filters.common.set_filter_state.v3.FilterStateValue;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;

/**
 * Keeps answers from the picker that the gateway gave before the picker was asked: a 401 of an authentication filter, a
 * 429, a timeout. Envoy sends each answer of its own through all filters, and ext_proc opens a stream for one whose request
 * it has not seen. A picker that is down would turn a 401 into a 503, one that hangs would withhold it without a limit, and
 * any would be told of requests that never came in. So requests leave a mark where the picker's filter begins.
 */
final class EarlyAnswers {
  private static final String YES = "yes";

  private EarlyAnswers() {}

  /** The filter of a listener that leaves the mark, directly before the picker's. */
  static HttpFilter mark() {
    FilterStateValue.Builder value = FilterStateValue.newBuilder()
        .setObjectKey(XdsNames.REACHED_PICKER)
        .setFactoryKey("envoy.string");
    value.getFormatStringBuilder().getTextFormatSourceBuilder().setInlineString(YES);
    return HttpFilter.newBuilder()
        .setName(XdsNames.REACHED_PICKER_FILTER)
        .setTypedConfig(Any.pack(Config.newBuilder().addOnRequestHeaders(value).build()))
        .build();
  }

  /** The condition under which an exchange has such an answer. */
  static FieldMatcher exchanges() {
    return SkippableFilter.unmarked(XdsNames.REACHED_PICKER, YES);
  }
}
