package dev.pointsman.xds;

import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Conversion between JSON and protobuf's Struct. Numbers become doubles, as in JSON. */
public final class Structs {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private Structs() {}

  /** The object as a Struct. */
  public static Struct of(JsonNode object) {
    Struct.Builder struct = Struct.newBuilder();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      struct.putFields(field.getKey(), value(field.getValue()));
    }
    return struct.build();
  }

  /** A Struct with one field. */
  public static Struct text(String name, String value) {
    return Struct.newBuilder()
        .putFields(name, Value.newBuilder().setStringValue(value).build())
        .build();
  }

  /** The Struct as an object; whole numbers become integers. */
  public static ObjectNode json(Struct struct) {
    ObjectNode object = JSON.objectNode();
    struct.getFieldsMap().forEach((name, value) -> object.set(name, json(value)));
    return object;
  }

  private static Value value(JsonNode node) {
    Value.Builder value = Value.newBuilder();
    return switch (node.getNodeType()) {
      case OBJECT, POJO -> value.setStructValue(of(node)).build();
      case ARRAY -> {
        ListValue.Builder list = ListValue.newBuilder();
        node.forEach(one -> list.addValues(value(one)));
        yield value.setListValue(list).build();
      }
      case NUMBER -> value.setNumberValue(node.asDouble()).build();
      case BOOLEAN -> value.setBoolValue(node.asBoolean()).build();
      case STRING, BINARY -> value.setStringValue(node.asString()).build();
      case NULL, MISSING -> value.setNullValue(NullValue.NULL_VALUE).build();
    };
  }

  private static JsonNode json(Value value) {
    return switch (value.getKindCase()) {
      case STRUCT_VALUE -> json(value.getStructValue());
      case LIST_VALUE -> {
        ArrayNode array = JSON.arrayNode();
        value.getListValue().getValuesList().forEach(one -> array.add(json(one)));
        yield array;
      }
      case NUMBER_VALUE -> number(value.getNumberValue());
      case BOOL_VALUE -> JSON.booleanNode(value.getBoolValue());
      case STRING_VALUE -> JSON.stringNode(value.getStringValue());
      case NULL_VALUE, KIND_NOT_SET -> JSON.nullNode();
    };
  }

  private static JsonNode number(double number) {
    long whole = (long) number;
    return whole == number ? JSON.numberNode(whole) : JSON.numberNode(number);
  }
}
