package dev.pointsman.incremental;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.pointsman.incremental.Chunk.Range;
import dev.pointsman.wire.ByteKey;
import dev.pointsman.wire.Bytes;
import dev.pointsman.wire.MessageSplicer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Cuts the values of a repeated field into chunks, and reuses the chunks of the previous split. A chunk ends after a
 * value whose hash is 0 modulo 64, or at the end of the field. An edit therefore changes only the chunk around it; all
 * others are reused.
 *
 * @param <C> the content of chunks
 */
public final class Chunker<C> {
  /** The average number of values in a chunk. */
  private static final int AVERAGE_LENGTH = 64;

  private final ByteString message;
  private final int tagOfField;
  private final List<Chunk<C>> last;
  private final Reader<C> reader;
  private final Map<ByteKey, Integer> lastByFirstValue = new HashMap<>();
  private final MessageSplicer others = new MessageSplicer();
  private final List<Chunk<C>> chunks = new ArrayList<>();
  private final List<Range> open = new ArrayList<>();
  private int expected; // an index of last

  /** Reads new chunks. */
  public interface Reader<C> {
    /**
     * The content of a chunk.
     *
     * @param bytes in a separate array
     * @param values of the field
     * @param replaced the contents of the previous chunks that this one most likely replaces
     */
    C read(ByteString bytes, List<Range> values, List<C> replaced);
  }

  /**
   * The result of a split.
   *
   * @param others all fields but the repeated one, unchanged
   */
  public record SplitMessage<C>(ByteString others, List<Chunk<C>> chunks) {}

  private Chunker(ByteString message, int field, List<Chunk<C>> last, Reader<C> reader) {
    this.message = message;
    tagOfField = field << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    this.last = last;
    this.reader = reader;
  }

  /**
   * Splits a message.
   *
   * @param field the number of a repeated field of bytes or messages
   * @param last the chunks of the previous split
   * @throws InvalidProtocolBufferException when the bytes are not a message
   */
  public static <C> SplitMessage<C> split(
      ByteString message, int field, List<Chunk<C>> last, Reader<C> reader)
      throws InvalidProtocolBufferException {
    Chunker<C> chunker = new Chunker<>(message, field, last, reader);
    try {
      chunker.read(message.newCodedInput());
    } catch (InvalidProtocolBufferException malformed) {
      throw malformed;
    } catch (IOException impossible) {
      throw new InvalidProtocolBufferException(impossible);
    }
    return new SplitMessage<>(chunker.others.toByteString(), chunker.chunks);
  }

  private void read(CodedInputStream input) throws IOException {
    while (true) {
      int start = input.getTotalBytesRead();
      // An edit may have joined the expected chunk with the one before it.
      if (open.isEmpty() && (reuse(start, expected) || reuse(start, expected + 1))) {
        input.skipRawBytes(chunks.getLast().bytes().size());
        continue;
      }
      int tag = input.readTag();
      if (tag == tagOfField) {
        int length = input.readRawVarint32();
        int value = input.getTotalBytesRead();
        input.skipRawBytes(length);
        Range range = new Range(start, value, input.getTotalBytesRead());
        if (open.isEmpty() && reuse(start, startingWith(range))) {
          input.skipRawBytes(chunks.getLast().bytes().size() - (range.to() - start));
        } else {
          add(range);
        }
        continue;
      }
      close(false);
      if (tag == 0) {
        return;
      }
      if (!input.skipField(tag)) {
        throw new InvalidProtocolBufferException("unexpected end of group");
      }
      others.addRange(message, start, input.getTotalBytesRead());
    }
  }

  /** Reuses a previous chunk if its bytes and its end match at this position. */
  private boolean reuse(int start, int index) {
    if (index >= last.size()) {
      return false;
    }
    Chunk<C> chunk = last.get(index);
    int end = start + chunk.bytes().size();
    if (end > message.size()
        || !Bytes.same(message.substring(start, end), chunk.bytes())
        || !chunk.isCutByHash() && isFollowed(end)) {
      return false;
    }
    chunks.add(chunk);
    expected = index + 1;
    return true;
  }

  /** Whether another value of the field follows. The tags of the fields in question take one byte. */
  private boolean isFollowed(int end) {
    return end < message.size() && message.byteAt(end) == tagOfField;
  }

  /** The index of the previous chunk that begins with the value; the number of chunks when there is none. */
  private int startingWith(Range value) {
    if (lastByFirstValue.isEmpty()) {
      for (int i = 0; i < last.size(); i++) {
        lastByFirstValue.put(new ByteKey(last.get(i).firstValue()), i);
      }
    }
    return lastByFirstValue.getOrDefault(key(value), last.size());
  }

  private ByteKey key(Range range) {
    return new ByteKey(message.substring(range.value(), range.to()));
  }

  private void add(Range range) {
    open.add(range);
    int mixed = key(range).hashCode() * 0x9E3779B9;
    if (Integer.remainderUnsigned(mixed >>> 16, AVERAGE_LENGTH) == 0) {
      close(true);
    }
  }

  /** Completes the open chunk, if there is one. */
  private void close(boolean byHash) {
    if (open.isEmpty()) {
      return;
    }
    int start = open.getFirst().from();
    ByteString bytes = Bytes.copy(message.substring(start, open.getLast().to()));
    List<Range> values = open.stream().map(range -> range.minus(start)).toList();
    List<C> replaced =
        last.subList(Math.min(expected, last.size()), Math.min(expected + 2, last.size())).stream()
            .map(Chunk::content)
            .toList();
    chunks.add(new Chunk<>(bytes, values.getFirst(), byHash, reader.read(bytes, values, replaced)));
    open.clear();
  }
}
