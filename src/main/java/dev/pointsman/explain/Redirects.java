package dev.pointsman.explain;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.pointsman.explain.ListenerSearch.Entrance;
import io.envoyproxy.envoy.config.route.v3.RedirectAction;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import java.util.regex.Matcher;

/** The location to which a route redirects a request, as Envoy writes it. */
final class Redirects {
  private static final java.util.regex.Pattern GROUP = java.util.regex.Pattern.compile("\\\\(\\d)");

  private Redirects() {}

  static RequestEnd of(Route route, Entrance entrance, RequestState request) {
    RedirectAction redirect = route.getRedirect();
    int status = switch (redirect.getResponseCode()) {
      case FOUND -> 302;
      case SEE_OTHER -> 303;
      case TEMPORARY_REDIRECT -> 307;
      case PERMANENT_REDIRECT -> 308;
      default -> 301;
    };
    String own = entrance.isSecure() ? "https" : "http";
    String scheme = !redirect.getSchemeRedirect().isEmpty()
        ? redirect.getSchemeRedirect()
        : redirect.getHttpsRedirect() ? "https" : own;
    int port = redirect.getPortRedirect();
    String host = redirect.getHostRedirect().isEmpty()
        ? host(request, own, scheme, port)
        : redirect.getHostRedirect();
    return new RequestEnd.Redirected(
        status,
        scheme + "://" + host + (port == 0 ? "" : ":" + Integer.toUnsignedString(port))
            + path(route, request));
  }

  /** The request's host without its port, if the redirect has another one, or the scheme's usual one changes. */
  private static String host(RequestState request, String own, String scheme, int port) {
    String host = request.header(":authority").orElse("");
    int colon = host.lastIndexOf(':');
    if (colon <= host.lastIndexOf(']')) {
      return host;
    }
    String usual = own.equals("https") ? ":443" : ":80";
    boolean isUsual = !scheme.equals(own) && host.substring(colon).equals(usual);
    return port != 0 || isUsual ? host.substring(0, colon) : host;
  }

  private static String path(Route route, RequestState request) {
    RedirectAction redirect = route.getRedirect();
    String whole = request.header(":path").orElse("/");
    String query = whole.substring(request.path().length());
    String path = redirect.getPathRedirect();
    if (path.contains("?")) {
      return path;
    }
    if (path.isEmpty()) {
      path = rewritten(route.getMatch(), redirect, request.path());
    }
    return path + (redirect.getStripQuery() ? "" : query);
  }

  private static String rewritten(RouteMatch match, RedirectAction redirect, String path) {
    if (redirect.hasRegexRewrite()) {
      String substitution = redirect.getRegexRewrite().getSubstitution().replace("$", "\\$");
      try {
        return Pattern.compile(redirect.getRegexRewrite().getPattern().getRegex())
            .matcher(path)
            .replaceAll(
                GROUP.matcher(substitution).replaceAll(Matcher.quoteReplacement("$") + "$1"));
      } catch (PatternSyntaxException _) {
        return path; // Envoy refuses the route
      }
    }
    if (redirect.getPrefixRewrite().isEmpty()) {
      return path;
    }
    int matched = switch (match.getPathSpecifierCase()) {
      case PREFIX -> match.getPrefix().length();
      case PATH_SEPARATED_PREFIX -> match.getPathSeparatedPrefix().length();
      default -> path.length();
    };
    return redirect.getPrefixRewrite() + path.substring(Math.min(matched, path.length()));
  }
}
