package dev.pointsman.xds;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import dev.pointsman.model.UserStrings;
import dev.pointsman.plan.PolicyPlan.Mirror;
import dev.pointsman.plan.PoolBackend.ServiceBackend;
import dev.pointsman.plan.RulePlan;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Writes the name by which another server knows the model into the bodies of its requests. The filters are a cluster's:
 * a filter in a listener would hold the body, and Envoy sends a picker a held body as one message.
 */
public final class OtherNames {
  private static final OpenAiError NO_MODEL = OpenAiError.of(
      400,
      "missing_required_parameter",
      "model",
      "The request body needs exactly one model, which the gateway replaces for another server.");

  /** The largest amount by which another name lengthens a body, in bytes: each of its bytes may have an escape. */
  static final int LONGER = 2 * UserStrings.LONGEST_MODEL;

  private OtherNames() {}

  /**
   * The route with room for another name in a body of the largest size, if a backend or a mirror has one.
   *
   * @param bodyLimit the largest body from which a model is read, in bytes
   */
  static Route withRoom(
      Route route, Optional<RulePlan> plan, List<Mirror> mirrors, long bodyLimit) {
    boolean isNeeded = mirrors.stream().anyMatch(mirror -> mirror.model().isPresent())
        || plan.stream()
            .flatMap(one -> one.shares().stream())
            .anyMatch(share -> share.pool() instanceof ServiceBackend service
                && service.model().isPresent());
    if (!isNeeded || route.hasRequestBodyBufferLimit()) {
      return route;
    }
    Route.Builder roomy = route.toBuilder();
    roomy.getRequestBodyBufferLimitBuilder().setValue(bodyLimit + LONGER);
    return roomy.build();
  }

  /** The filters of a cluster whose requests all get the name. */
  static List<HttpFilter> filters(String model) {
    String main = "function envoy_on_request(handle) restore_length(handle) write_model(handle, "
        + quoted(model) + ") end";
    Lua script = Lua.newBuilder()
        .setDefaultSourceCode(LuaScripts.source(functions() + " " + main))
        .build();
    return UpstreamFilters.of(XdsNames.OTHER_NAME_FILTER, script);
  }

  /** Whether a cluster writes another name into bodies. */
  public static boolean isWrittenBy(Cluster cluster) throws InvalidProtocolBufferException {
    for (Any options : cluster.getTypedExtensionProtocolOptionsMap().values()) {
      if (options.is(HttpProtocolOptions.class)
          && options.unpack(HttpProtocolOptions.class).getHttpFiltersList().stream()
              .anyMatch(filter -> filter.getName().equals(XdsNames.OTHER_NAME_FILTER))) {
        return true;
      }
    }
    return false;
  }

  /** Whether another name is written into bodies in this stage of a route. */
  public static boolean isWrittenIn(Route front, int stage) {
    return front
        .getMetadata()
        .getFilterMetadataOrDefault(XdsNames.STAGES_FILTER, Struct.getDefaultInstance())
        .containsFields(Integer.toString(stage));
  }

  /** The functions {@code restore_length} and {@code write_model} of Lua. */
  static String functions() {
    return "local refusal = [=[" + NO_MODEL.json() + "]=] "
        + LuaScripts.files("json-string.lua", "model-name.lua").getInlineString();
  }

  /** A string literal of Lua: each byte is an escape, so that no name can end it. */
  private static String quoted(String text) {
    StringBuilder literal = new StringBuilder("\"");
    for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
      literal.append("\\%03d".formatted(Byte.toUnsignedInt(one)));
    }
    return literal.append('"').toString();
  }
}
