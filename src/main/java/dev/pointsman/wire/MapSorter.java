package dev.pointsman.wire;

import com.google.protobuf.WireFormat;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Sorts the maps of a message in place. A nested message costs no object: a translation has tens of thousands. */
final class MapSorter {
  private static final int KEY = 1;
  private static final int VALUE = 2;

  /** The numbers of an entry in {@link #entries}: the positions of its tag, of its key, and after each of both. */
  private static final int NUMBERS = 4;

  /** Up to so many entries, a sort by insertion is the fastest: most maps of routes have one to six. */
  private static final int FEW = 16;

  /** Readers of messages go no deeper, and a deeper message would end the stack. */
  private static final int DEEPEST = 100;

  /** The bytes are no message that can be read. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1;

    Malformed() {
      super(null, null, false, false);
    }
  }

  private final byte[] bytes;
  private int at;

  /** A stack of the entries of the maps that are being read. */
  private int[] entries = new int[64 * NUMBERS];

  private int used;
  private int depth;

  MapSorter(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Sorts the maps of the message between this position and the end. */
  void sort(MapOrder order, int end) throws Malformed {
    if (++depth > DEEPEST) {
      throw new Malformed();
    }
    int first = used;
    int map = 0;
    while (at < end) {
      int from = at;
      int tag = varint(end);
      int number = tag >>> 3;
      MapOrder.Field field = order.field(number);
      if (field == null || (tag & 7) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
        skip(tag, end);
        continue;
      }
      int to = endOfValue(end);
      if (field.isMap()) {
        if (used > first && (number != map || entries[used - 1] != from)) {
          sortEntries(first);
        }
        map = number;
        addEntry(field, from, to);
      } else {
        sort(field.message(), to);
      }
    }
    sortEntries(first);
    depth--;
  }

  private void addEntry(MapOrder.Field map, int from, int to) throws Malformed {
    int key = at;
    int afterKey = at;
    while (at < to) {
      int start = at;
      int tag = varint(to);
      if (map.message().hasMaps() && tag == (VALUE << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
        sort(map.message(), endOfValue(to));
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

  /** Moves the entries. Of two with one key the last still has effect, because the sorts are stable. */
  private void move(int first) {
    int from = entries[first];
    byte[] before = Arrays.copyOfRange(bytes, from, entries[used - 1]);
    if (used - first <= FEW * NUMBERS) {
      sortFew(first);
    } else {
      sortMany(first);
    }
    int next = from;
    for (int entry = first; entry < used; entry += NUMBERS) {
      int size = entries[entry + 3] - entries[entry];
      System.arraycopy(before, entries[entry] - from, bytes, next, size);
      next += size;
    }
  }

  /** Sorts by insertion. */
  private void sortFew(int first) {
    for (int entry = first + NUMBERS; entry < used; entry += NUMBERS) {
      int place = entry;
      while (place > first && compare(place - NUMBERS, entry) > 0) {
        place -= NUMBERS;
      }
      int[] moved = Arrays.copyOfRange(entries, entry, entry + NUMBERS);
      System.arraycopy(entries, place, entries, place + NUMBERS, entry - place);
      System.arraycopy(moved, 0, entries, place, NUMBERS);
    }
  }

  private void sortMany(int first) {
    int[] sorted = IntStream.range(0, (used - first) / NUMBERS)
        .mapToObj(number -> first + number * NUMBERS)
        .sorted(this::compare)
        .flatMapToInt(entry -> Arrays.stream(entries, entry, entry + NUMBERS))
        .toArray();
    System.arraycopy(sorted, 0, entries, first, sorted.length);
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
