package dev.pointsman.differential;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of Envoy's access log.
 *
 * @param id the id of the request
 * @param flags Envoy's response flags
 * @param route the name of the selected rule; empty if it is none of the situation's
 */
record AccessLine(String id, int status, String flags, int attempts, String route) {
  /** The format of these lines in Envoy's configuration. */
  static final String FORMAT =
      "%REQ(X-TEST-REQUEST)% %RESPONSE_CODE% %RESPONSE_FLAGS% %UPSTREAM_REQUEST_ATTEMPT_COUNT% %ROUTE_NAME%";

  private static final Pattern ROUTE =
      Pattern.compile("(?:.*/)?httproute/s\\d+/r(\\d+)/rule/(\\d+)/.*");

  /** Parses a line. */
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

  /** The rule's name: an HTTPRoute has the name of its first rule, and its rules have consecutive numbers. */
  private static String rule(Matcher route) {
    return "r" + (Integer.parseInt(route.group(1)) + Integer.parseInt(route.group(2)));
  }
}
