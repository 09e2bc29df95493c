package dev.pointsman.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;

/** Compares and copies serialized messages in bulk. */
public final class Bytes {
  private Bytes() {}

  /** Whether both have the same bytes; compares words, not single bytes. */
  public static boolean same(ByteString one, ByteString other) {
    return one.size() == other.size()
        && one.asReadOnlyByteBuffer().equals(other.asReadOnlyByteBuffer());
  }

  /** A contiguous copy without a reference to the memory of a larger message. */
  public static ByteString copy(ByteString bytes) {
    return UnsafeByteOperations.unsafeWrap(bytes.toByteArray()); // the array is not shared
  }
}
