package dev.pointsman.xds;

import com.google.protobuf.Any;
import com.google.protobuf.Struct;
import dev.pointsman.model.ModelSettings.Source;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.LuaPerRoute;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Finds the model that a request names in a multipart form, in its query or in its path, with a script behind the parser
 * of JSON bodies. The script compares the places, and refuses a request that names several models. Requests that name
 * none in these places skip it.
 */
final class ModelSources {
  private static final String SCRIPT = "sources";

  private static final String FORM_TYPE = "(?i)multipart/form-data.*";

  /** The paths on which forms have a model. */
  private static final String FORM_PATH = "[^?]*/(audio|images|videos)([/?].*)?";

  /** A parameter whose name is {@code model} after decoding. */
  private static final String IN_QUERY =
      "[^?]*\\?(.*&)?(m|%6[dD])(o|%6[fF])(d|%64)(e|%65)(l|%6[cC])([=&].*)?";

  private static final String IN_PATH =
      "[^?]*(/openai/deployments/[^/?]+/|/v1(beta)?/models/[^?]).*";

  private static final HttpFilter FILTER = SkippableFilter.filter(
      ModelExtraction.filter(
          XdsNames.MODEL_SOURCES_FILTER,
          Lua.newBuilder()
              .putSourceCodes(SCRIPT, LuaScripts.files("model-sources.lua"))
              .setClearRouteCache(Protos.bool(false))
              .build()),
      List.of(SkippableFilter.requestWithoutAny(List.of(
          Map.of("content-type", FORM_TYPE, ":path", FORM_PATH),
          Map.of(":path", IN_QUERY),
          Map.of(":path", IN_PATH)))));

  private ModelSources() {}

  /** The filter of a listener, behind the parser. */
  static HttpFilter filter() {
    return FILTER;
  }

  /** The route on which the script reads these sources. */
  static Route on(Route route, Set<Source> sources) {
    Struct.Builder read = Struct.newBuilder();
    for (Source source : sources) {
      if (source != Source.BODY) {
        read.mergeFrom(Structs.text(source.name().toLowerCase(Locale.ROOT), "yes"));
      }
    }
    LuaPerRoute script =
        LuaPerRoute.newBuilder().setName(SCRIPT).setFilterContext(read).build();
    return read.getFieldsCount() == 0
        ? route
        : route.toBuilder()
            .putTypedPerFilterConfig(XdsNames.MODEL_SOURCES_FILTER, Any.pack(script))
            .build();
  }

  /** The conditions of requests that may name their model in this place. */
  static List<HeaderMatcher> mayName(Source source) {
    return switch (source) {
      case BODY -> List.of(matches("content-type", XdsNames.JSON_TYPES));
      case FORM -> List.of(matches("content-type", FORM_TYPE), matches(":path", FORM_PATH));
      case QUERY -> List.of(matches(":path", IN_QUERY));
      case PATH -> List.of(matches(":path", IN_PATH));
    };
  }

  private static HeaderMatcher matches(String header, String regex) {
    HeaderMatcher.Builder matcher = HeaderMatcher.newBuilder().setName(header);
    matcher.getStringMatchBuilder().getSafeRegexBuilder().setRegex(regex);
    return matcher.build();
  }

  /** The condition of requests without such a value. */
  static HeaderMatcher not(HeaderMatcher matcher) {
    return matcher.toBuilder()
        .setInvertMatch(true)
        .setTreatMissingHeaderAsEmpty(true)
        .build();
  }
}
