package dev.pointsman.xds;

import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The answers to {@code GET /v1/models} and {@code GET /v1/models/{id}}, in OpenAI's format. A script answers with the
 * list in the route's metadata; one route does for all models of a host.
 *
 * @param leftOut the number of omitted models: the list has a limit, because each host has one
 */
record ModelList(Route route, int leftOut) {
  /** The name of the script. */
  static final String SCRIPT = "models";

  /** The largest list, in bytes: some 13,000 models. */
  private static final int MAX_BYTES = 1 << 20;

  private static final String LIST = "list";
  private static final String HEAD = "{\"object\":\"list\",\"data\":[";
  private static final String TAIL = "]}";
  private static final String TAIL_OF_ENTRY =
      ",\"object\":\"model\",\"created\":0,\"owned_by\":\"pointsman\"}";

  /**
   * The script contains no user's text. An entry of the list is made again from the id in the path, and is answered only
   * if the list has it: quotes in a name are escaped in both, so that no part of a name is taken for an entry.
   */
  static final DataSource SOURCE = DataSource.newBuilder()
      .setInlineString(
          """
      function envoy_on_request(handle)
        local list = handle:metadata():get("%s")
        local path = string.match(handle:headers():get(":path"), "^[^?]*")
        local id = string.match(path, "^/v1/models/(.+)$")
        local status, body = "200", list
        if id then
          id = string.gsub(id, "%%%%(%%x%%x)", function(hex) return string.char(tonumber(hex, 16)) end)
          id = string.gsub(id, '["\\\\]', "\\\\%%0")
          body = '{"id":"' .. id .. '"%s'
          if not string.find(list, body, 1, true) then
            status, body = "404", '%s'
          end
        end
        handle:respond({[":status"] = status, ["content-type"] = "application/json"}, body)
      end
      """.formatted(LIST, TAIL_OF_ENTRY, ModelRoutes.notFound("").json()))
      .build();

  /**
   * The list of a host.
   *
   * @param models each once; the first of them are listed
   */
  static ModelList of(List<String> models) {
    StringBuilder body = new StringBuilder(HEAD);
    int bytes = HEAD.length() + TAIL.length();
    int listed = 0;
    for (String model : models) {
      String entry = (listed == 0 ? "" : ",") + entry(model);
      bytes += entry.getBytes(StandardCharsets.UTF_8).length;
      if (bytes > MAX_BYTES) {
        break;
      }
      body.append(entry);
      listed++;
    }
    return new ModelList(route(body.append(TAIL).toString()), models.size() - listed);
  }

  private static String entry(String model) {
    return "{\"id\":" + JsonStrings.quoted(model) + TAIL_OF_ENTRY;
  }

  private static Route route(String list) {
    HeaderMatcher.Builder get = HeaderMatcher.newBuilder().setName(":method");
    get.getStringMatchBuilder().setExact("GET");
    RouteMatch.Builder match = RouteMatch.newBuilder().addHeaders(get);
    match.getSafeRegexBuilder().setRegex("/v1/models(/.+)?");
    Route.Builder route = Route.newBuilder().setName(XdsNames.MODEL_LIST_ROUTE).setMatch(match);
    return Answers.scripted(route, SCRIPT, Structs.text(LIST, list));
  }
}
