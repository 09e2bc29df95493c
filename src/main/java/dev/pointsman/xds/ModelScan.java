package dev.pointsman.xds;

import com.github.xds.type.matcher.v3.Matcher.MatcherList.FieldMatcher;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;

/**
 * Finds the model in large JSON bodies with a script that looks at structure and names only. Envoy's parser takes 2.8 ms
 * for a prompt of 200 kB, the script 0.3 ms; for 2 kB both take the same. Where the script is not certain, the parser
 * behind it reads the body as if there were no script.
 */
final class ModelScan {
  /** Lengths that the parser reads faster. The script itself measures a body in chunks. */
  private static final String SHORT = "[0-9]{1,4}";

  private static final HttpFilter FILTER = SkippableFilter.filter(
      ModelExtraction.filter(
          XdsNames.MODEL_SCAN_FILTER,
          Lua.newBuilder()
              .setDefaultSourceCode(LuaScripts.files("json-string.lua", "model-scan.lua"))
              .build()),
      Upgrades.requestsAnd(
          SkippableFilter.request("content-length", SkippableFilter.regex(SHORT)),
          SkippableFilter.requestWithout(
              "content-type", SkippableFilter.regex(XdsNames.JSON_TYPES))));

  private ModelScan() {}

  /** The filter of a listener, directly before the parser. */
  static HttpFilter filter() {
    return FILTER;
  }

  /** The condition that the parser has nothing to do. */
  static FieldMatcher hasFound() {
    return SkippableFilter.known(ModelExtraction.NAMESPACE, ModelExtraction.KEY);
  }
}
