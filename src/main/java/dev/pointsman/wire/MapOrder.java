package dev.pointsman.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
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
      new Sorter(bytes).sort(this, bytes.length);
    } catch (Malformed unreadable) {
      return message; // its reader reports it
    }
    return UnsafeByteOperations.unsafeWrap(bytes); // the array is not shared
  }

  /** Sorts a message in place. It allocates nothing for a message: a translation has tens of thousands. */
  private static final class Sorter {
    /** The numbers of an entry in {@link #entries}: the positions of its tag, of its key, and after each of both. */
    private static final int NUMBERS = 4;

    private final byte[] bytes;
    private int at;

    /** A stack of the entries of the maps that are being read. */
    private int[] entries = new int[64 * NUMBERS];

    private int used;

    Sorter(byte[] bytes) {
      this.bytes = bytes;
    }

    /** Sorts the maps of the message between this position and the end. */
    void sort(MapOrder order, int end) throws Malformed {
      int first = used;
      int map = 0;
      while (at < end) {
        int from = at;
        int tag = varint(end);
        int number = tag >>> 3;
        Field field = number < order.fields.length ? order.fields[number] : null;
        if (field == null || (tag & 7) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
          skip(tag, end);
          continue;
        }
        int to = endOfValue(end);
        if (field.isMap) {
          if (used > first && (number != map || entries[used - 1] != from)) {
            sortEntries(first);
          }
          map = number;
          addEntry(field, from, to);
        } else {
          sort(field.message, to);
        }
      }
      sortEntries(first);
    }

    private void addEntry(Field map, int from, int to) throws Malformed {
      int key = at;
      int afterKey = at;
      while (at < to) {
        int start = at;
        int tag = varint(to);
        if (map.message.fields.length > 0
            && tag == (VALUE << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
          sort(map.message, endOfValue(to));
        } else {
          skip(tag, to);
        }
        if (tag >>> 3 == KEY) {
          key = start;
          afterKey = at;
        }
      }
      if (used == entries.length) {
        entries = Arrays.copyOf(entries, 2 * used);
      }
      entries[used++] = from;
      entries[used++] = key;
      entries[used++] = afterKey;
      entries[used++] = to;
    }

    /** Sorts the entries of one map, and takes them from the stack. */
    private void sortEntries(int first) {
      for (int entry = first + NUMBERS; entry < used; entry += NUMBERS) {
        if (compare(entry - NUMBERS, entry) > 0) {
          move(first);
          break;
        }
      }
      used = first;
    }

    private int compare(int one, int other) {
      return Arrays.compareUnsigned(
          bytes, entries[one + 1], entries[one + 2], bytes, entries[other + 1], entries[other + 2]);
    }

    /** Moves the entries. Of two with one key the last still has effect, because the sort is stable. */
    private void move(int first) {
      int from = entries[first];
      byte[] before = Arrays.copyOfRange(bytes, from, entries[used - 1]);
      int next = from;
      for (int entry : IntStream.range(0, (used - first) / NUMBERS)
          .map(number -> first + number * NUMBERS)
          .boxed()
          .sorted(this::compare)
          .toList()) {
        int size = entries[entry + 3] - entries[entry];
        System.arraycopy(before, entries[entry] - from, bytes, next, size);
        next += size;
      }
    }

    private int varint(int end) throws Malformed {
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

    /** Reads a size. Returns the position after the value of this size, which begins here. */
    private int endOfValue(int end) throws Malformed {
      int size = varint(end);
      if (size < 0 || size > end - at) {
        throw new Malformed();
      }
      return at + size;
    }

    private void skip(int tag, int end) throws Malformed {
      switch (tag & 7) {
        case WireFormat.WIRETYPE_VARINT -> {
          int _ = varint(end);
        }
        case WireFormat.WIRETYPE_FIXED64 -> skipBytes(8, end);
        case WireFormat.WIRETYPE_FIXED32 -> skipBytes(4, end);
        case WireFormat.WIRETYPE_LENGTH_DELIMITED -> at = endOfValue(end);
        default -> throw new Malformed(); // groups, which proto3 does not have
      }
    }

    private void skipBytes(int count, int end) throws Malformed {
      if (count > end - at) {
        throw new Malformed();
      }
      at += count;
    }
  }
}
