package dev.pointsman.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.UnsafeByteOperations;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Sorts the entries of the maps in serialized messages. Go, and so Envoy Gateway, writes the entries of a map in another
 * order each time: without this, half of the routes of an unchanged Gateway have other bytes in each translation.
 *
 * <p>The size of a message and the positions of its fields do not change. Messages inside {@code Any} stay as they are.
 */
public final class MapOrder {
  /** By field number; null for a field without maps. */
  private @Nullable Field[] fields = new Field[0];

  /**
   * A field with a map, or with a message that has one.
   *
   * @param message the order of the maps in the field's message, or in the values of the map
   */
  record Field(boolean isMap, MapOrder message) {}

  private MapOrder() {}

  /** The order of the maps in messages of a type. */
  public static MapOrder of(Descriptor type) {
    Map<Descriptor, MapOrder> orders = new HashMap<>();
    typesWithMaps(type).forEach(one -> orders.put(one, new MapOrder()));
    orders.forEach((one, order) -> order.fields = fields(one, orders));
    return orders.getOrDefault(type, new MapOrder());
  }

  private static @Nullable Field[] fields(Descriptor type, Map<Descriptor, MapOrder> orders) {
    List<FieldDescriptor> messages = messages(type)
        .filter(field -> field.isMapField() || orders.containsKey(field.getMessageType()))
        .toList();
    int last = messages.stream().mapToInt(FieldDescriptor::getNumber).max().orElse(0);
    @Nullable Field[] fields = new Field[last + 1];
    for (FieldDescriptor field : messages) {
      Descriptor message = field.getMessageType();
      Stream<Descriptor> contents = field.isMapField()
          ? messages(message).map(FieldDescriptor::getMessageType) // the values
          : Stream.of(message);
      fields[field.getNumber()] = new Field(
          field.isMapField(),
          contents
              .filter(orders::containsKey)
              .map(orders::get)
              .findFirst()
              .orElseGet(MapOrder::new));
    }
    return fields;
  }

  /** The types of a message and of the messages in it that have maps, or messages with maps. */
  private static Set<Descriptor> typesWithMaps(Descriptor type) {
    Set<Descriptor> all = new LinkedHashSet<>();
    addTypes(type, all);
    Set<Descriptor> withMaps = new HashSet<>();
    boolean found = true;
    while (found) { // types may contain each other
      found = withMaps.addAll(all.stream()
          .filter(one -> messages(one)
              .anyMatch(field -> field.isMapField() || withMaps.contains(field.getMessageType())))
          .toList());
    }
    return withMaps;
  }

  private static void addTypes(Descriptor type, Set<Descriptor> all) {
    if (all.add(type)) {
      messages(type).forEach(field -> addTypes(field.getMessageType(), all));
    }
  }

  private static Stream<FieldDescriptor> messages(Descriptor type) {
    return type.getFields().stream()
        .filter(field -> field.getJavaType() == FieldDescriptor.JavaType.MESSAGE);
  }

  /** The field of this number; null if it has no maps. */
  @Nullable
  Field field(int number) {
    return number < fields.length ? fields[number] : null;
  }

  /** Whether messages of the type have maps. */
  boolean hasMaps() {
    return fields.length > 0;
  }

  /** The message with its maps sorted, in memory of its own; the same instance if it cannot be read. */
  public ByteString sorted(ByteString message) {
    byte[] bytes = message.toByteArray();
    try {
      new MapSorter(bytes).sort(this, bytes.length);
    } catch (MapSorter.Malformed unreadable) {
      return message; // its reader reports it
    }
    return UnsafeByteOperations.unsafeWrap(bytes); // the array is not shared
  }
}
