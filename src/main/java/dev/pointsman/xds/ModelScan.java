package dev.pointsman.xds;

import com.github.xds.type.matcher.v3.Matcher.MatcherList.FieldMatcher;
import com.github.xds.type.matcher.v3.RegexMatcher;
import com.github.xds.type.matcher.v3.StringMatcher;
import com.google.protobuf.Any;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.stream.Stream;

/**
 * Finds the model in large JSON bodies with a script that looks at structure and names only. Envoy's parser takes 2.8 ms
 * for a prompt of 200 kB, the script 0.3 ms; for 2 kB both take the same. Where the script is not certain, the parser
 * behind it reads the body as if there were no script.
 */
final class ModelScan {
  /** Lengths that the parser reads faster. The script itself measures a body in chunks. */
  private static final String SHORT = "[0-9]{1,4}";

  private ModelScan() {}

  /** The filter of a listener, directly before the parser. */
  static HttpFilter filter() {
    Lua script =
        Lua.newBuilder().setDefaultSourceCode(LuaScripts.file("model-scan.lua")).build();
    HttpFilter filter = HttpFilter.newBuilder()
        .setName(XdsNames.MODEL_SCAN_FILTER)
        .setTypedConfig(Any.pack(script))
        .setDisabled(true)
        .build();
    return SkippableFilter.filter(
        filter,
        Stream.concat(
                Upgrades.requests().stream(),
                Stream.of(
                    SkippableFilter.request("content-length", regex(SHORT)),
                    SkippableFilter.requestWithout(
                        "content-type", regex(ModelExtraction.JSON.getRegex()))))
            .toList());
  }

  /** The condition that the parser has nothing to do. */
  static FieldMatcher hasFound() {
    return SkippableFilter.known(ModelExtraction.NAMESPACE, ModelExtraction.KEY);
  }

  private static StringMatcher regex(String regex) {
    return StringMatcher.newBuilder()
        .setSafeRegex(RegexMatcher.newBuilder()
            .setGoogleRe2(RegexMatcher.GoogleRE2.getDefaultInstance())
            .setRegex(regex))
        .build();
  }
}
