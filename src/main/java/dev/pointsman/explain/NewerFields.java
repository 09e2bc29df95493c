package dev.pointsman.explain;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.util.JsonFormat;
import dev.pointsman.envoy.newer.CookieMatcher;
import dev.pointsman.envoy.newer.NewerDirectResponse;
import dev.pointsman.envoy.newer.NewerRouteMatch;
import dev.pointsman.xds.KnownTypes;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Fields of routes that Envoy has and the messages of the API jar do not: they are in the unknown fields. */
final class NewerFields {
  /** The number of the mark for a field that only its name in JSON is known of: the largest, which no message uses. */
  private static final int UNKNOWN = (1 << 29) - 1;

  private NewerFields() {}

  /** The conditions on cookies. */
  static List<CookieMatcher> cookies(RouteMatch match) {
    return of(match).map(NewerRouteMatch::getCookiesList).orElse(List.of());
  }

  private static Optional<NewerRouteMatch> of(RouteMatch match) {
    try {
      return Optional.of(NewerRouteMatch.parseFrom(match.getUnknownFields().toByteString()));
    } catch (InvalidProtocolBufferException unreadable) {
      return Optional.empty();
    }
  }

  /** Whether the match has a field that this build does not know, itself or in one of its conditions. */
  static boolean hasUnknown(RouteMatch match) {
    return hasUnknownInside(match) || of(match).map(NewerFields::hasUnknown).orElse(true);
  }

  private static boolean hasUnknown(Message message) {
    return KnownTypes.hasUnknownFields(message) || hasUnknownInside(message);
  }

  private static boolean hasUnknownInside(Message message) {
    for (Object value : message.getAllFields().values()) {
      List<?> all = value instanceof List<?> list ? list : List.of(value);
      for (Object one : all) {
        if (one instanceof Message inside && hasUnknown(inside)) {
          return true;
        }
      }
    }
    return false;
  }

  /** The text of a direct response's body, in which commands are not replaced. */
  static String body(DirectResponseAction response) {
    try {
      NewerDirectResponse newer =
          NewerDirectResponse.parseFrom(response.getUnknownFields().toByteString());
      return newer.hasBodyFormat()
          ? text(newer.getBodyFormat().getTextFormatSource())
          : text(response.getBody());
    } catch (InvalidProtocolBufferException unreadable) {
      return text(response.getBody());
    }
  }

  private static String text(DataSource source) {
    return source.hasInlineBytes()
        ? source.getInlineBytes().toStringUtf8()
        : source.getInlineString();
  }

  /** Adds the fields of a dump that the jar's parser has ignored. */
  static void add(JsonNode table, RouteConfiguration.Builder into, JsonFormat.Parser parser)
      throws InvalidProtocolBufferException {
    JsonNode hosts = field(table, "virtual_hosts", "virtualHosts");
    for (int i = 0; i < hosts.size(); i++) {
      JsonNode routes = hosts.path(i).path("routes");
      for (int j = 0; j < routes.size(); j++) {
        Route.Builder route = into.getVirtualHostsBuilder(i).getRoutesBuilder(j);
        JsonNode match = routes.path(j).path("match");
        if (match.isObject()) {
          add(match, route.getMatchBuilder(), NewerRouteMatch.newBuilder(), parser);
        }
        JsonNode response = field(routes.path(j), "direct_response", "directResponse");
        if (response.isObject()) {
          add(response, route.getDirectResponseBuilder(), NewerDirectResponse.newBuilder(), parser);
        }
      }
    }
  }

  private static void add(
      JsonNode dumped, Message.Builder into, Message.Builder newer, JsonFormat.Parser parser)
      throws InvalidProtocolBufferException {
    parser.merge(dumped.toString(), newer);
    UnknownFieldSet.Builder fields =
        UnknownFieldSet.newBuilder().mergeFrom(newer.build().toByteString());
    boolean isKnown = dumped
        .propertyStream()
        .map(Map.Entry::getKey)
        .allMatch(name ->
            has(into.getDescriptorForType(), name) || has(newer.getDescriptorForType(), name));
    if (!isKnown) {
      fields.mergeVarintField(UNKNOWN, 1);
    }
    into.setUnknownFields(fields.build());
  }

  private static boolean has(Descriptor type, String name) {
    return type.getFields().stream()
        .anyMatch(field -> field.getName().equals(name) || field.getJsonName().equals(name));
  }

  private static JsonNode field(JsonNode node, String name, String jsonName) {
    return node.has(name) ? node.path(name) : node.path(jsonName);
  }
}
