package dev.pointsman.incremental;

import com.google.protobuf.ByteString;

/**
 * Consecutive values of a repeated field and the content that was read from them. Chunks are compared by identity.
 *
 * @param <C> the content
 */
public final class Chunk<C> {
  private final ByteString bytes;
  private final Range first;
  private final boolean isCutByHash;
  private final C content;

  /**
   * A value of the field in a chunk.
   *
   * @param from the index of the field's tag
   * @param value the index of the value
   * @param to the index after both
   */
  public record Range(int from, int value, int to) {
    Range minus(int offset) {
      return new Range(from - offset, value - offset, to - offset);
    }
  }

  /**
   * A chunk.
   *
   * @param bytes whole fields, tags included, in a separate array
   * @param isCutByHash whether the hash of its last value ends it, not the end of the field
   */
  Chunk(ByteString bytes, Range first, boolean isCutByHash, C content) {
    this.bytes = bytes;
    this.first = first;
    this.isCutByHash = isCutByHash;
    this.content = content;
  }

  ByteString bytes() {
    return bytes;
  }

  ByteString firstValue() {
    return bytes.substring(first.value, first.to);
  }

  boolean isCutByHash() {
    return isCutByHash;
  }

  /** The content that the reader returned. */
  public C content() {
    return content;
  }
}
