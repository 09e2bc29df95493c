package dev.pointsman.wire;

import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A serialized message as a key of a map. The hash covers both ends, which hold a route's name and match; equality
 * covers every byte.
 */
public final class ByteKey {
  private static final int END = 48;

  private final ByteString bytes;
  private final int hash;

  /** A key that shares the memory of the bytes. */
  public ByteKey(ByteString bytes) {
    this.bytes = bytes;
    int size = bytes.size();
    hash = 31 * (31 * size + bytes.substring(0, Math.min(END, size)).hashCode())
        + bytes.substring(Math.max(0, size - END)).hashCode();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ByteKey key && hash == key.hash && Bytes.same(bytes, key.bytes);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
