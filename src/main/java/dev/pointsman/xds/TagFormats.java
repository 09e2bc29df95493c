package dev.pointsman.xds;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.envoyproxy.envoy.type.tracing.v3.CustomTag;
import io.envoyproxy.envoy.type.tracing.v3.CustomTag.Literal;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Prints the field {@code value} of spans' tags, a format of access logs: the API jar is older than the field. In the
 * message a marked literal takes its place, and in the JSON the field takes the place of the literal.
 */
final class TagFormats {
  private static final int VALUE = 6;
  private static final String MARK = "\0value\0";
  private static final String LITERAL = "literal";
  private static final String FIELD = "value";

  private TagFormats() {}

  /** Whether the tag has the field, and nothing else that is unknown to this build. */
  static boolean isIn(CustomTag tag) {
    return tag.getUnknownFields().asMap().keySet().equals(Set.of(VALUE))
        && formats(tag).size() == 1;
  }

  private static List<ByteString> formats(CustomTag tag) {
    return tag.getUnknownFields().getField(VALUE).getLengthDelimitedList();
  }

  /** The tag with a marked literal in place of the field. */
  static CustomTag printable(CustomTag tag) {
    return tag.toBuilder()
        .setUnknownFields(UnknownFieldSet.getDefaultInstance())
        .setLiteral(Literal.newBuilder().setValue(MARK + formats(tag).getFirst().toStringUtf8()))
        .build();
  }

  /** The JSON with the field in place of marked literals. */
  static JsonNode restored(JsonNode json) {
    for (JsonNode tag : json.findParents(LITERAL)) {
      String value = tag.path(LITERAL).path(FIELD).asString("");
      if (value.startsWith(MARK) && tag instanceof ObjectNode object) {
        object.remove(LITERAL);
        object.put(FIELD, value.substring(MARK.length()));
      }
    }
    return json;
  }
}
