package dev.pointsman.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds a serialized message from ranges of whole fields without copying them one by one. Adjacent ranges of one source
 * are joined.
 */
public final class MessageSplicer {
  private final List<ByteString> ranges = new ArrayList<>();
  private ByteString message = ByteString.EMPTY;
  private int from;
  private int to;

  /** Adds whole fields. */
  public void add(ByteString fields) {
    endRange();
    ranges.add(fields);
  }

  /**
   * Adds a range of whole fields of a message.
   *
   * @param start the index of the first byte
   * @param end the index after the last byte
   */
  public void addRange(ByteString of, int start, int end) {
    if (of != message || start != to) {
      endRange();
      message = of;
      from = start;
    }
    to = end;
  }

  /** Adds a field of type bytes or message. */
  public void addField(int number, ByteString value) {
    byte[] header = new byte[2 * Integer.BYTES + 2]; // two varints of 32 bits
    CodedOutputStream output = CodedOutputStream.newInstance(header);
    try {
      output.writeTag(number, WireFormat.WIRETYPE_LENGTH_DELIMITED);
      output.writeUInt32NoTag(value.size());
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    add(ByteString.copyFrom(header, 0, output.getTotalBytesWritten()));
    add(value);
  }

  /** The message so far. */
  public ByteString toByteString() {
    endRange();
    return ByteString.copyFrom(ranges);
  }

  private void endRange() {
    if (to > from) {
      ranges.add(message.substring(from, to));
    }
    message = ByteString.EMPTY;
    from = 0;
    to = 0;
  }
}
