package dev.pointsman.xds;

import com.github.xds.type.matcher.v3.Matcher.MatcherList.FieldMatcher;
import com.google.protobuf.Any;
import dev.pointsman.envoy.setfilterstate.Config;
import io.envoyproxy.envoy.extensions.filters.common.set_filter_state.v3.FilterStateValue;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;

/**
 * Keeps responses from the picker that the gateway gave before the picker's filter saw the request: a 401 of an
 * authentication filter, a 429, a timeout. Envoy sends each local reply through all filters, and ext_proc opens a
 * stream even if it has not seen the request. A failed picker would turn a 401 into a 503, a hanging picker would
 * withhold it without a limit, and every picker would see requests that were rejected. So requests get a mark before
 * the picker's filter.
 */
final class EarlyAnswers {
  private static final String YES = "yes";

  private EarlyAnswers() {}

  /** The filter of a listener that sets the mark, directly before the picker's filter. */
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

  /** The condition for exchanges with such a response. */
  static FieldMatcher exchanges() {
    return SkippableFilter.unmarked(XdsNames.REACHED_PICKER, YES);
  }
}
