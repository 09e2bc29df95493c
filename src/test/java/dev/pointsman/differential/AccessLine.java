package dev.pointsman.differential;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of Envoy's access log.
 *
 * @param id of the ask's copy
 * @param flags why Envoy answered, in its letters
 * @param route the rule's name; empty when none of the situation's took it
 */
record AccessLine(String id, int status, String flags, int attempts, String route) {
  /** Envoy's format of these lines. */
  static final String FORMAT =
      "%REQ(X-ASK)% %RESPONSE_CODE% %RESPONSE_FLAGS% %UPSTREAM_REQUEST_ATTEMPT_COUNT% %ROUTE_NAME%";

  private static final Pattern ROUTE =
      Pattern.compile("(?:.*/)?httproute/s\\d+/r(\\d+)/rule/(\\d+)/.*");

  /** Reads one. */
  static AccessLine parse(String line) {
    String[] words = line.split(" ", 5);
    Matcher route = ROUTE.matcher(words[4]);
    return new AccessLine(
        words[0],
        Integer.parseInt(words[1]),
        words[2],
        words[3].equals("-") ? 0 : Integer.parseInt(words[3]),
        route.matches() ? rule(route) : "");
  }

  /** An HTTPRoute has the name of its first rule, and the next ones follow it. */
  private static String rule(Matcher route) {
    return "r" + (Integer.parseInt(route.group(1)) + Integer.parseInt(route.group(2)));
  }
}
