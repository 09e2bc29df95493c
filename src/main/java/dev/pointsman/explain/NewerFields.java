package dev.pointsman.explain;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
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
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Fields of routes that Envoy has and the messages of the API jar do not: they are in the unknown fields. */
final class NewerFields {
  /** The number of the mark for a field that only its name in JSON is known of: the largest, which no message uses. */
  private static final int UNKNOWN = (1 << 29) - 1;

  /** The messages with the newer fields by those of the jar. */
  private static final Map<Descriptor, Message> NEWER = Map.of(
      RouteMatch.getDescriptor(), NewerRouteMatch.getDefaultInstance(),
      DirectResponseAction.getDescriptor(), NewerDirectResponse.getDefaultInstance());

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

  /** Adds the fields of a dump that the jar's parser has ignored, to all messages but those in {@code Any}s. */
  static void add(JsonNode dumped, Message.Builder into, JsonFormat.Parser parser)
      throws InvalidProtocolBufferException {
    Set<String> unknown = addInside(dumped, into, parser);
    if (unknown.isEmpty()) {
      return;
    }
    UnknownFieldSet.Builder fields = UnknownFieldSet.newBuilder();
    Message newer = NEWER.get(into.getDescriptorForType());
    if (newer != null) {
      Message.Builder more = newer.newBuilderForType();
      parser.merge(dumped.toString(), more);
      unknown.retainAll(addInside(dumped, more, parser));
      fields.mergeFrom(more.build().toByteString());
    }
    if (!unknown.isEmpty()) {
      fields.mergeVarintField(UNKNOWN, 1);
    }
    into.setUnknownFields(fields.build());
  }

  /** Adds them to the messages inside; the names that the message itself has no field for. */
  private static Set<String> addInside(
      JsonNode dumped, Message.Builder into, JsonFormat.Parser parser)
      throws InvalidProtocolBufferException {
    Set<String> unknown = new HashSet<>();
    for (Map.Entry<String, JsonNode> one : dumped.properties()) {
      JsonNode value = one.getValue();
      Optional<FieldDescriptor> field = field(into.getDescriptorForType(), one.getKey());
      if (field.isEmpty()) {
        unknown.add(one.getKey());
      } else if (isObject(field.get())) {
        if (value.isObject()) {
          add(value, into.getFieldBuilder(field.get()), parser);
        }
        for (int i = 0; value.isArray() && i < value.size(); i++) {
          add(value.path(i), into.getRepeatedFieldBuilder(field.get(), i), parser);
        }
      }
    }
    return unknown;
  }

  private static Optional<FieldDescriptor> field(Descriptor type, String name) {
    return type.getFields().stream()
        .filter(field -> field.getName().equals(name) || field.getJsonName().equals(name))
        .findFirst();
  }

  /** Whether JSON has an object with the message's fields for it; durations, for instance, are texts. */
  private static boolean isObject(FieldDescriptor field) {
    return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
        && !field.isMapField()
        && !field.getMessageType().getFullName().startsWith("google.protobuf.");
  }
}
