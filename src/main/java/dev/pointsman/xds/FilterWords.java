package dev.pointsman.xds;

import java.util.Collection;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Descriptions of Envoy Gateway's filters for users, by the objects that define them. Envoy Gateway names a filter
 * {@code envoy.filters.http.<type>}, and a filter of one object
 * {@code envoy.filters.http.<type>/<kind>/<namespace>/<name>[/<part>/<index>]}, usually with an empty kind.
 */
final class FilterWords {
  private static final Pattern NAME =
      Pattern.compile("envoy\\.filters\\.http\\.(?<type>[a-z0-9_]+)(\\.[a-z]+)?"
          + "(/[a-z]*/(?<object>[^/]+/[^/]+)(/[a-z-]+/(?<index>\\d{1,4}))?)?");

  /**
   * The description of a filter's type.
   *
   * @param kind the kind of the objects that define it
   */
  private record Words(String feature, String kind) {}

  private static final Map<String, Words> BY_TYPE = Map.ofEntries(
      Map.entry("api_key_auth", new Words("API keys", "SecurityPolicy")),
      Map.entry("basic_auth", new Words("basic auth", "SecurityPolicy")),
      Map.entry("cors", new Words("CORS", "SecurityPolicy")),
      Map.entry("csrf", new Words("CSRF protection", "SecurityPolicy")),
      Map.entry("ext_authz", new Words("external authorization", "SecurityPolicy")),
      Map.entry("jwt_authn", new Words("JWT", "SecurityPolicy")),
      Map.entry("oauth2", new Words("OIDC", "SecurityPolicy")),
      Map.entry("rbac", new Words("authorization", "SecurityPolicy")),
      Map.entry("dynamic_modules", new Words("dynamic module", "EnvoyExtensionPolicy")),
      Map.entry("ext_proc", new Words("external processor", "EnvoyExtensionPolicy")),
      Map.entry("lua", new Words("Lua", "EnvoyExtensionPolicy")),
      Map.entry("wasm", new Words("Wasm", "EnvoyExtensionPolicy")),
      Map.entry("bandwidth_limit", new Words("bandwidth limit", "BackendTrafficPolicy")),
      Map.entry("buffer", new Words("request buffer", "BackendTrafficPolicy")),
      Map.entry("compressor", new Words("compression", "BackendTrafficPolicy")),
      Map.entry("custom_response", new Words("response override", "BackendTrafficPolicy")),
      Map.entry("fault", new Words("fault injection", "BackendTrafficPolicy")),
      Map.entry("local_ratelimit", new Words("local rate limit", "BackendTrafficPolicy")),
      Map.entry("ratelimit", new Words("global rate limit", "BackendTrafficPolicy")),
      Map.entry("credential_injector", new Words("credential injection", "HTTPRouteFilter")));

  private FilterWords() {}

  /** The descriptions of the filters, ordered by name. */
  static String of(Collection<String> filters) {
    return new TreeSet<>(filters)
        .stream().map(FilterWords::of).distinct().collect(Collectors.joining(", "));
  }

  /** The description of one filter; its name if it is not Envoy Gateway's. */
  static String of(String filter) {
    Matcher name = NAME.matcher(filter);
    if (!name.matches() || !BY_TYPE.containsKey(name.group("type"))) {
      return filter;
    }
    Words words = BY_TYPE.get(name.group("type"));
    if (name.group("object") == null) {
      return words.feature() + " of a " + words.kind();
    }
    String number =
        name.group("index") == null ? "" : " " + (Integer.parseInt(name.group("index")) + 1);
    return words.feature() + number + " of " + words.kind() + " " + name.group("object");
  }
}
