package dev.pointsman.xds;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.type.tracing.v3.CustomTag;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Adds the facts of the access log to the spans of requests to pools, where Envoy Gateway traces. The tags belong to the
 * connection manager: tags of a route would come with a sampling of their own, which replaces that of the EnvoyProxy,
 * and would take their bytes again for each route. A tag without a value is absent.
 */
final class SpanTags {
  /** The field of a tag with a format of access logs, which the API jar does not have. */
  private static final int VALUE = 6;

  private static final List<CustomTag> TAGS = tags();

  private SpanTags() {}

  private static List<CustomTag> tags() {
    Map<String, String> facts = LoopFacts.expressions();
    List<CustomTag> tags = new ArrayList<>();
    tags.add(tag("model", "%REQ(" + XdsNames.MODEL_HEADER + ")%"));
    tags.add(tag("route", "xds.route_name", facts));
    for (String fact : List.of("base_model", "pool", "picker", "picked", "served", "overruled")) {
      tags.add(tag(fact, "", facts));
    }
    return List.copyOf(tags);
  }

  private static CustomTag tag(String fact, String otherwise, Map<String, String> facts) {
    return tag(
        fact,
        "%CEL(" + LoopFacts.ON_POOL + " ? (" + facts.getOrDefault(fact, otherwise) + ") : "
            + LoopFacts.NOTHING + ")%");
  }

  private static CustomTag tag(String fact, String format) {
    UnknownFieldSet.Field value = UnknownFieldSet.Field.newBuilder()
        .addLengthDelimited(ByteString.copyFromUtf8(format))
        .build();
    return CustomTag.newBuilder()
        .setTag(XdsNames.METADATA + "." + fact)
        .setUnknownFields(UnknownFieldSet.newBuilder().addField(VALUE, value).build())
        .build();
  }

  /** Adds the tags to a connection manager that traces. A user's tag of the same name has precedence. */
  static void add(HttpConnectionManager.Builder manager) {
    if (!manager.hasTracing()) {
      return;
    }
    Set<String> users = manager.getTracing().getCustomTagsList().stream()
        .map(CustomTag::getTag)
        .collect(Collectors.toUnmodifiableSet());
    TAGS.stream()
        .filter(tag -> !users.contains(tag.getTag()))
        .forEach(manager.getTracingBuilder()::addCustomTags);
  }
}
