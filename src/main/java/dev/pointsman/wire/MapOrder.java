package dev.pointsman.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sorts the entries of the maps in serialized messages. Go, and so Envoy Gateway, writes the entries of a map in another
 * order each time: without this, half of the routes of an unchanged Gateway have other bytes in each translation.
 *
 * <p>The size of a message and the positions of its fields do not change. Messages inside {@code Any} stay as they are.
 */
public final class MapOrder {
  private static final int KEY = 1;
  private static final int VALUE = 2;

  /** By field number; null for a field without maps. */
  private @Nullable Field[] fields = new Field[0];

  /**
   * A field with a map, or with a message that has one.
   *
   * @param message the order of the maps in the field's message, or in the values of the map
   */
  private record Field(boolean isMap, MapOrder message) {}

  /** An entry of a map: the position of its tag, of its key and of the end. */
  private record Entry(int field, int from, int key, int keyTo, int to) {}

  private static final class Malformed extends Exception {
    private static final long serialVersionUID = 1;

    Malformed() {
      super(null, null, false, false);
    }
  }

  private MapOrder() {}

  /** The order of the maps in messages of a type. */
  public static MapOrder of(Descriptor type) {
    return of(type, new HashMap<>());
  }

  private static MapOrder of(Descriptor type, Map<Descriptor, MapOrder> all) {
    MapOrder known = all.get(type);
    if (known != null) {
      return known;
    }
    MapOrder order = new MapOrder();
    all.put(type, order);
    List<FieldDescriptor> messages = type.getFields().stream()
        .filter(field -> field.getJavaType() == FieldDescriptor.JavaType.MESSAGE)
        .filter(field -> hasMaps(field.getMessageType(), new HashMap<>()))
        .toList();
    int last = messages.stream().mapToInt(FieldDescriptor::getNumber).max().orElse(-1);
    order.fields = new Field[last + 1];
    for (FieldDescriptor field : messages) {
      order.fields[field.getNumber()] = field.isMapField()
          ? new Field(true, ofValues(field, all))
          : new Field(false, of(field.getMessageType(), all));
    }
    return order;
  }

  private static MapOrder ofValues(FieldDescriptor map, Map<Descriptor, MapOrder> all) {
    FieldDescriptor value = map.getMessageType().findFieldByNumber(VALUE);
    return value.getJavaType() == FieldDescriptor.JavaType.MESSAGE
            && hasMaps(value.getMessageType(), new HashMap<>())
        ? of(value.getMessageType(), all)
        : new MapOrder();
  }

  private static boolean hasMaps(Descriptor type, Map<Descriptor, Boolean> visited) {
    if (type.getOptions().getMapEntry()) {
      return true;
    }
    Boolean known = visited.putIfAbsent(type, false); // a recursive message has no other maps
    return known == null
        && type.getFields().stream()
            .filter(field -> field.getJavaType() == FieldDescriptor.JavaType.MESSAGE)
            .anyMatch(field -> hasMaps(field.getMessageType(), visited));
  }

  /** The message with its maps sorted, in memory of its own; the same instance if it cannot be read. */
  public ByteString sorted(ByteString message) {
    byte[] bytes = message.toByteArray();
    try {
      sort(new Cursor(bytes, 0, bytes.length));
    } catch (Malformed unreadable) {
      return message; // its reader reports it
    }
    return UnsafeByteOperations.unsafeWrap(bytes); // the array is not shared
  }

  private void sort(Cursor message) throws Malformed {
    List<Entry> entries = List.of();
    while (message.hasMore()) {
      int from = message.at;
      int tag = message.varint();
      int number = tag >>> 3;
      Field field = number < fields.length ? fields[number] : null;
      if (field == null || (tag & 7) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
        message.skip(tag);
        continue;
      }
      Cursor value = message.message();
      if (!field.isMap) {
        field.message.sort(value);
        continue;
      }
      if (entries.isEmpty()) {
        entries = new ArrayList<>();
      }
      entries.add(entry(field, number, from, value));
    }
    if (entries.size() > 1) {
      sort(message.bytes, entries);
    }
  }

  private static Entry entry(Field map, int number, int from, Cursor entry) throws Malformed {
    int key = entry.at;
    int keyTo = entry.at;
    int end = entry.end;
    while (entry.hasMore()) {
      int start = entry.at;
      int tag = entry.varint();
      if (map.message.fields.length > 0
          && tag == (VALUE << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
        map.message.sort(entry.message());
      } else {
        entry.skip(tag);
      }
      if (tag >>> 3 == KEY) {
        key = start;
        keyTo = entry.at;
      }
    }
    return new Entry(number, from, key, keyTo, end);
  }

  /** Sorts the entries of each map of a message. */
  private static void sort(byte[] bytes, List<Entry> entries) {
    int start = 0;
    while (start < entries.size()) {
      int end = start + 1;
      while (end < entries.size()
          && entries.get(end).field == entries.get(start).field
          && entries.get(end).from == entries.get(end - 1).to) {
        end++;
      }
      sortMap(bytes, entries.subList(start, end));
      start = end;
    }
  }

  private static void sortMap(byte[] bytes, List<Entry> entries) {
    Comparator<Entry> byKey = (one, other) ->
        Arrays.compareUnsigned(bytes, one.key, one.keyTo, bytes, other.key, other.keyTo);
    boolean isSorted = true;
    for (int i = 1; i < entries.size() && isSorted; i++) {
      isSorted = byKey.compare(entries.get(i - 1), entries.get(i)) <= 0;
    }
    if (isSorted) {
      return;
    }
    // Stable, so that the last one of two entries with one key still has effect.
    List<Entry> sorted = entries.stream().sorted(byKey).toList();
    int from = entries.getFirst().from;
    byte[] moved = new byte[entries.getLast().to - from];
    int at = 0;
    for (Entry entry : sorted) {
      System.arraycopy(bytes, entry.from, moved, at, entry.to - entry.from);
      at += entry.to - entry.from;
    }
    System.arraycopy(moved, 0, bytes, from, moved.length);
  }

  /** A position in a message. */
  private static final class Cursor {
    private final byte[] bytes;
    private final int end;
    private int at;

    Cursor(byte[] bytes, int at, int end) {
      this.bytes = bytes;
      this.at = at;
      this.end = end;
    }

    boolean hasMore() {
      return at < end;
    }

    int varint() throws Malformed {
      long value = 0;
      for (int shift = 0; shift < 64; shift += 7) {
        if (at >= end) {
          throw new Malformed();
        }
        byte next = bytes[at++];
        value |= (long) (next & 0x7f) << shift;
        if (next >= 0) {
          return (int) value;
        }
      }
      throw new Malformed();
    }

    private void move(int count) throws Malformed {
      if (count < 0 || count > end - at) {
        throw new Malformed();
      }
      at += count;
    }

    /** The length-delimited value at this position, which is skipped. */
    Cursor message() throws Malformed {
      int size = varint();
      int from = at;
      move(size);
      return new Cursor(bytes, from, at);
    }

    void skip(int tag) throws Malformed {
      switch (tag & 7) {
        case WireFormat.WIRETYPE_VARINT -> {
          int _ = varint();
        }
        case WireFormat.WIRETYPE_FIXED64 -> move(8);
        case WireFormat.WIRETYPE_FIXED32 -> move(4);
        case WireFormat.WIRETYPE_LENGTH_DELIMITED -> move(varint());
        default -> throw new Malformed(); // groups, which proto3 does not have
      }
    }
  }
}
