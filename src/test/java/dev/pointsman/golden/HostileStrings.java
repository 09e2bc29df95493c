package dev.pointsman.golden;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** Strings that a user may write to do harm. */
final class HostileStrings {
  /** Built apart from the checks under test. */
  static final List<String> ALL = List.of(
      "",
      " ",
      "a\nb",
      "a\r\nx-injected: 1\r\n\r\n",
      "\u0000",
      "nul\u0000inside",
      "\u007f",
      "\u0085",
      "tab\t",
      "%",
      "%REQ(authorization)%",
      "%%%DYNAMIC_METADATA(a:b)%",
      "\"",
      "'",
      "\\",
      "\\Q.*\\E",
      "\\C*",
      ".*",
      "(",
      "(((((a+)+)+)+)+)+$",
      "[",
      "a{1000}{1000}",
      "(?i)x|y",
      "*",
      "../../../etc/passwd",
      "pointsman/large/default",
      "pointsman/unrouted",
      "pointsman-eds",
      "@abstract",
      "]]--[[",
      "]==] os.execute('x') --[==[",
      "{\"model\":\"x\"}",
      "\"}],\"x\":[{",
      "- a\n- b: {c: *d}",
      "a: &a [*a]",
      "\u202eevil\u202c",
      "\u6a21\u578b\ud83e\udd99",
      "\ud800",
      "x\udfff",
      "\ufeff",
      "a/b/c",
      "default/llm",
      "a_b",
      "-a-",
      "A.B",
      "a".repeat(63),
      "a".repeat(64),
      "a".repeat(253),
      "a".repeat(254),
      "a".repeat(256),
      "a".repeat(257),
      "\u6a21".repeat(86),
      "%".repeat(8_193),
      "x".repeat(20_000),
      ".".repeat(253),
      "${jndi:ldap://x}",
      "<script>",
      "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
      "true",
      "1e999",
      "null");

  private final Random random;
  private final List<String> strings;

  /** Any of some strings. */
  HostileStrings(Random random, List<String> strings) {
    this.random = random;
    this.strings = strings;
  }

  String any() {
    return strings.get(random.nextInt(strings.size()));
  }

  /** One in so many places is struck. */
  boolean strikes(int oneIn) {
    return random.nextInt(oneIn) == 0;
  }

  /** The value with some of the strings in it replaced. */
  JsonNode in(JsonNode value, int oneIn) {
    return switch (value) {
      case ObjectNode object -> {
        ObjectNode struck = object.objectNode();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
          struck.set(strikes(20 * oneIn) ? any() : field.getKey(), in(field.getValue(), oneIn));
        }
        yield struck;
      }
      case ArrayNode array -> {
        ArrayNode struck = array.arrayNode();
        array.forEach(item -> struck.add(in(item, oneIn)));
        if (strikes(4 * oneIn)) {
          for (int i = random.nextInt(100); i > 0; i--) {
            struck.add(any());
          }
        }
        yield struck;
      }
      default -> value.isString() && strikes(oneIn) ? StringNode.valueOf(any()) : value;
    };
  }

  /** Every string of a message with one text replaced by another. */
  static Message renamed(Message message, String from, String to) {
    Message.Builder renamed = message.toBuilder();
    message.getAllFields().forEach((field, value) -> {
      if (field.isRepeated()) {
        renamed.clearField(field);
        ((List<?>) value)
            .forEach(one -> renamed.addRepeatedField(field, renamed(field, one, from, to)));
      } else {
        renamed.setField(field, renamed(field, value, from, to));
      }
    });
    return renamed.build();
  }

  private static Object renamed(FieldDescriptor field, Object value, String from, String to) {
    return switch (field.getJavaType()) {
      case STRING -> ((String) value).replace(from, to);
      case MESSAGE -> renamed((Message) value, from, to);
      case INT, LONG, FLOAT, DOUBLE, BOOLEAN, BYTE_STRING, ENUM -> value;
    };
  }
}
