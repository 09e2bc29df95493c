package dev.pointsman.explain;

import com.github.xds.core.v3.TypedExtensionConfig;
import com.github.xds.type.matcher.v3.Matcher;
import com.github.xds.type.matcher.v3.Matcher.MatcherList.FieldMatcher;
import com.github.xds.type.matcher.v3.Matcher.MatcherList.Predicate;
import com.github.xds.type.matcher.v3.Matcher.MatcherList.Predicate.SinglePredicate;
import com.github.xds.type.matcher.v3.StringMatcher;
import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.extensions.common.matching.v3.ExtensionWithMatcher;
import io.envoyproxy.envoy.extensions.filters.common.matcher.action.v3.SkipFilter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.matching.common_inputs.network.v3.FilterStateInput;
import io.envoyproxy.envoy.type.matcher.v3.HttpRequestHeaderMatchInput;
import java.util.Optional;

/** Filters that some requests skip. Conditions on responses are not met while the request is on its way. */
final class SkipConditions {
  private SkipConditions() {}

  /** The configuration of the filter itself; empty if the request skips it. */
  static Optional<Any> config(HttpFilter filter, RequestState request)
      throws InvalidProtocolBufferException {
    if (!filter.getTypedConfig().is(ExtensionWithMatcher.class)) {
      return Optional.of(filter.getTypedConfig());
    }
    ExtensionWithMatcher wrapped = filter.getTypedConfig().unpack(ExtensionWithMatcher.class);
    return skips(wrapped.getXdsMatcher(), request)
        ? Optional.empty()
        : Optional.of(wrapped.getExtensionConfig().getTypedConfig());
  }

  private static boolean skips(Matcher matcher, RequestState request)
      throws InvalidProtocolBufferException {
    for (FieldMatcher field : matcher.getMatcherList().getMatchersList()) {
      if (isMet(field.getPredicate(), request)) {
        return field.getOnMatch().getAction().getTypedConfig().is(SkipFilter.class);
      }
    }
    return false;
  }

  private static boolean isMet(Predicate predicate, RequestState request)
      throws InvalidProtocolBufferException {
    switch (predicate.getMatchTypeCase()) {
      case SINGLE_PREDICATE -> {
        return isMet(predicate.getSinglePredicate(), request);
      }
      case NOT_MATCHER -> {
        return !isMet(predicate.getNotMatcher(), request);
      }
      case OR_MATCHER -> {
        for (Predicate one : predicate.getOrMatcher().getPredicateList()) {
          if (isMet(one, request)) {
            return true;
          }
        }
        return false;
      }
      case AND_MATCHER -> {
        for (Predicate one : predicate.getAndMatcher().getPredicateList()) {
          if (!isMet(one, request)) {
            return false;
          }
        }
        return true;
      }
      default -> {
        return false;
      }
    }
  }

  private static boolean isMet(SinglePredicate predicate, RequestState request)
      throws InvalidProtocolBufferException {
    return value(predicate.getInput(), request)
        .filter(value -> meets(predicate.getValueMatch(), value))
        .isPresent();
  }

  private static Optional<String> value(TypedExtensionConfig input, RequestState request)
      throws InvalidProtocolBufferException {
    Any config = input.getTypedConfig();
    if (config.is(HttpRequestHeaderMatchInput.class)) {
      return request.header(config.unpack(HttpRequestHeaderMatchInput.class).getHeaderName());
    }
    return config.is(FilterStateInput.class)
        ? request.filterState(config.unpack(FilterStateInput.class).getKey())
        : Optional.empty();
  }

  private static boolean meets(StringMatcher matcher, String value) {
    return switch (matcher.getMatchPatternCase()) {
      case EXACT -> value.equals(matcher.getExact());
      case PREFIX -> value.startsWith(matcher.getPrefix());
      case SUFFIX -> value.endsWith(matcher.getSuffix());
      case CONTAINS -> value.contains(matcher.getContains());
      case SAFE_REGEX -> StringConditions.isWhole(matcher.getSafeRegex().getRegex(), value);
      default -> false;
    };
  }
}
