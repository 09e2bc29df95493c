package dev.pointsman.xds;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * Tells whether serialized messages mention one of a few texts, letter case aside, without decoding them (Horspool's
 * search, for all texts at once). A mention is a reason to decode; its absence is proof that there is nothing for us
 * inside.
 */
public final class Mention {
  private final byte[][] texts;
  /** How far to look at once: the shortest text's length. */
  private final int window;
  /** How far the window may go on, by its last byte. */
  private final int[] shift = new int[256];
  /** The bytes with which the window ends where a text stands. */
  private final boolean[] ends = new boolean[256];

  /** A search for ASCII texts, none of them empty. */
  public Mention(String... texts) {
    this.texts = Arrays.stream(texts)
        .map(text -> text.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII))
        .toArray(byte[][]::new);
    window = Arrays.stream(this.texts).mapToInt(text -> text.length).min().orElseThrow();
    Arrays.fill(shift, window);
    for (byte[] text : this.texts) {
      for (int i = 0; i < window - 1; i++) {
        int upper = Character.toUpperCase(text[i]);
        shift[text[i]] = Math.min(shift[text[i]], window - 1 - i);
        shift[upper] = Math.min(shift[upper], window - 1 - i);
      }
      ends[text[window - 1]] = true;
      ends[Character.toUpperCase(text[window - 1])] = true;
    }
  }

  /** Whether the bytes contain one of the texts. */
  public boolean in(ByteString bytes) {
    return first(bytes) >= 0;
  }

  /** Where the first of the texts begins in the bytes; -1 when there is none. */
  public int first(ByteString bytes) {
    Scan scan = new Scan();
    try {
      // Hands over the array behind the bytes without a copy; we only read it.
      UnsafeByteOperations.unsafeWriteTo(bytes, scan);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return scan.chunks == 1 ? scan.found : find(bytes.toByteArray(), 0, bytes.size());
  }

  private int find(byte[] bytes, int from, int length) {
    int end = from + length;
    int last = window - 1;
    int at = from;
    while (at + last < end) {
      int ending = bytes[at + last] & 0xff;
      if (ends[ending] && isAnyAt(bytes, at, end)) {
        return at - from;
      }
      at += shift[ending];
    }
    return -1;
  }

  private boolean isAnyAt(byte[] bytes, int at, int end) {
    for (byte[] text : texts) {
      if (at + text.length <= end && isAt(text, bytes, at)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isAt(byte[] text, byte[] bytes, int at) {
    int i = text.length - 1;
    while (i >= 0 && lower(bytes[at + i]) == text[i]) {
      i--;
    }
    return i < 0;
  }

  private static byte lower(byte letter) {
    return letter >= 'A' && letter <= 'Z' ? (byte) (letter + 32) : letter;
  }

  private final class Scan extends ByteOutput {
    private int chunks;
    private int found;

    @Override
    public void write(byte value) {
      chunks += 2; // never seen: search a copy
    }

    @Override
    public void write(byte[] value, int offset, int length) {
      chunks++;
      found = find(value, offset, length);
    }

    @Override
    public void writeLazy(byte[] value, int offset, int length) {
      write(value, offset, length);
    }

    @Override
    public void write(ByteBuffer value) {
      chunks += 2;
    }

    @Override
    public void writeLazy(ByteBuffer value) {
      chunks += 2;
    }
  }
}
