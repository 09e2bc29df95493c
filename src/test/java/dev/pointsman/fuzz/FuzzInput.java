package dev.pointsman.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** The bytes of an input, read from the first to the last as numbers and texts. An input that is used up gives zeros. */
public final class FuzzInput {
  private static final int LONGEST = 1 << 10;

  private final byte[] bytes;
  private int at;

  /** An input that is read from its beginning. */
  public FuzzInput(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Whether bytes are left. */
  public boolean hasMore() {
    return at < bytes.length;
  }

  /** The next byte, from 0 to 255. */
  public int next() {
    return at < bytes.length ? Byte.toUnsignedInt(bytes[at++]) : 0;
  }

  /** A number from 0, less than the bound. */
  public int below(int bound) {
    return bound <= 256 ? next() % bound : (next() << 8 | next()) % bound;
  }

  /** All bytes that are left. */
  public byte[] rest() {
    byte[] rest = Arrays.copyOfRange(bytes, Math.min(at, bytes.length), bytes.length);
    at = bytes.length;
    return rest;
  }

  /** A part of the bytes that are left, with its size in front of it. */
  public byte[] part() {
    int size = Math.min(next() << 8 | next(), bytes.length - at);
    at += size;
    return Arrays.copyOfRange(bytes, at - size, at);
  }

  /** The bytes that are left as text: UTF-8, or UTF-16 in which halves of surrogate pairs may stand alone. */
  public String restAsText() {
    boolean isUtf16 = next() % 4 == 3;
    return text(rest(), isUtf16);
  }

  /** A text of up to 1,024 characters. */
  public String text() {
    int size = Math.min(next() * 4 % LONGEST, bytes.length - at);
    boolean isUtf16 = size > 2 && bytes[at] == (byte) 0xff;
    at += size;
    return text(Arrays.copyOfRange(bytes, at - size, at), isUtf16);
  }

  private static String text(byte[] bytes, boolean isUtf16) {
    if (!isUtf16) {
      return new String(bytes, StandardCharsets.UTF_8);
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i + 1 < bytes.length; i += 2) {
      text.append((char) (Byte.toUnsignedInt(bytes[i]) << 8 | Byte.toUnsignedInt(bytes[i + 1])));
    }
    return text.toString();
  }

  /** A source of decisions that takes the bytes that are left, so that a fuzzer sees which byte decides. */
  public Random random() {
    return new Decisions();
  }

  private final class Decisions extends Random {
    private static final long serialVersionUID = 1;

    @Override
    protected int next(int bits) {
      int value = 0;
      for (int read = 0; read < bits; read += Byte.SIZE) {
        value = value << Byte.SIZE | FuzzInput.this.next();
      }
      return bits == Integer.SIZE ? value : value & ((1 << bits) - 1);
    }
  }
}
