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
 * Tells whether serialized messages mention a text, letter case aside, without decoding them (Horspool's search). A
 * mention is a reason to decode; its absence is proof that there is nothing for us inside.
 */
public final class Mention {
  private final byte[] text;
  private final int[] shift = new int[256];

  /** A search for the ASCII text. */
  public Mention(String text) {
    this.text = text.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
    Arrays.fill(shift, this.text.length);
    for (int i = 0; i < this.text.length - 1; i++) {
      shift[this.text[i]] = this.text.length - 1 - i;
      shift[Character.toUpperCase(this.text[i])] = this.text.length - 1 - i;
    }
  }

  /** Whether the bytes contain the text. */
  public boolean in(ByteString bytes) {
    Scan scan = new Scan();
    try {
      // Hands over the array behind the bytes without a copy; we only read it.
      UnsafeByteOperations.unsafeWriteTo(bytes, scan);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return scan.chunks == 1 ? scan.found : find(bytes.toByteArray(), 0, bytes.size());
  }

  private boolean find(byte[] bytes, int from, int length) {
    int last = text.length - 1;
    for (int at = from; at + last < from + length; at += shift[bytes[at + last] & 0xff]) {
      int i = last;
      while (i >= 0 && lower(bytes[at + i]) == text[i]) {
        i--;
      }
      if (i < 0) {
        return true;
      }
    }
    return false;
  }

  private static byte lower(byte letter) {
    return letter >= 'A' && letter <= 'Z' ? (byte) (letter + 32) : letter;
  }

  private final class Scan extends ByteOutput {
    private int chunks;
    private boolean found;

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
