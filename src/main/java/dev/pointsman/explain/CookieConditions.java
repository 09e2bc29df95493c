package dev.pointsman.explain;

import dev.pointsman.envoy.newer.CookieMatcher;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Envoy's conditions on cookies. Values are not shown: they may be credentials. */
final class CookieConditions {
  private CookieConditions() {}

  /** The conditions that the request does not meet, in words. */
  static List<String> unmet(RouteMatch match, RequestState request) {
    List<CookieMatcher> conditions = NewerFields.cookies(match);
    if (conditions.isEmpty()) {
      return List.of();
    }
    Map<String, String> cookies = cookies(request);
    return conditions.stream()
        .filter(one -> meets(one, cookies) == one.getInvertMatch())
        .map(one -> "cookie " + one.getName()
            + (one.getInvertMatch()
                ? " must differ"
                : cookies.containsKey(one.getName()) ? " differs" : " is absent"))
        .toList();
  }

  private static boolean meets(CookieMatcher condition, Map<String, String> cookies) {
    return Optional.ofNullable(cookies.get(condition.getName()))
        .filter(value -> StringConditions.meets(condition.getStringMatch(), value))
        .isPresent();
  }

  /** The conditions in words. */
  static List<String> words(RouteMatch match) {
    return NewerFields.cookies(match).stream()
        .map(one -> "cookie " + one.getName()
            + (one.getInvertMatch() ? " must not have a value" : " must have a value"))
        .toList();
  }

  /** The cookies with their first value, as Envoy reads them: with spaces after it, without quotes around it. */
  private static Map<String, String> cookies(RequestState request) {
    Map<String, String> cookies = new HashMap<>();
    for (String cookie : request.header("cookie").orElse("").split(";", -1)) {
      int equals = cookie.indexOf('=');
      if (equals >= 0) {
        String value = cookie.substring(equals + 1);
        boolean isQuoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        cookies.putIfAbsent(
            cookie.substring(0, equals).replaceFirst("^ +", ""),
            isQuoted ? value.substring(1, value.length() - 1) : value);
      }
    }
    return cookies;
  }
}
