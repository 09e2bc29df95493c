package dev.pointsman.hook;

import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/** A serialized route as a key: hashed by its ends, where its match and its name are, and compared as a whole. */
final class RouteBytes {
  private static final int END = 48;

  private final ByteString bytes;
  private final int hash;

  RouteBytes(ByteString bytes) {
    this.bytes = bytes;
    int size = bytes.size();
    hash = 31 * (31 * size + bytes.substring(0, Math.min(END, size)).hashCode())
        + bytes.substring(Math.max(0, size - END)).hashCode();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RouteBytes route
        && hash == route.hash
        && Bytes.same(bytes, route.bytes);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
