package dev.pointsman.hook;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts a serialized message toByteString from pieces, each of them some whole fields. Nothing is copied, and what stood
 * side by side in one message stays one piece.
 */
final class MessageSplicer {
  private final List<ByteString> pieces = new ArrayList<>();
  private ByteString message = ByteString.EMPTY;
  private int from;
  private int to;

  /** Adds some fields. */
  void add(ByteString fields) {
    endRun();
    pieces.add(fields);
  }

  /** Adds some fields of a message. */
  void addRange(ByteString of, int start, int end) {
    if (of != message || start != to) {
      endRun();
      message = of;
      from = start;
    }
    to = end;
  }

  /** Adds a field of bytes or of a message. */
  void addField(int number, ByteString value) {
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

  /** The message. */
  ByteString toByteString() {
    endRun();
    return ByteString.copyFrom(pieces);
  }

  private void endRun() {
    if (to > from) {
      pieces.add(message.substring(from, to));
    }
    message = ByteString.EMPTY;
    from = 0;
    to = 0;
  }
}
