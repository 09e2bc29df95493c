package dev.pointsman.hook;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;

/** What comes and what is kept, compared and copied in one go. */
final class Bytes {
  private Bytes() {}

  /** Whether they are the same, many compared at once. */
  static boolean same(ByteString one, ByteString other) {
    return one.size() == other.size()
        && one.asReadOnlyByteBuffer().equals(other.asReadOnlyByteBuffer());
  }

  /** The same in one piece, sharing no memory with the message that they came with, which they may outlive. */
  static ByteString copy(ByteString bytes) {
    return UnsafeByteOperations.unsafeWrap(bytes.toByteArray()); // nobody else has the array
  }
}
