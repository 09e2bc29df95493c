package dev.pointsman.hook;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A serialized message taken apart at one repeated field.
 *
 * @param others all other fields, as they came
 * @param parts the field's values, in order
 */
record Parts(ByteString others, List<Part> parts) {
  /**
   * A value and the place of its field, tag included, in the message.
   *
   * @param bytes shares the message's memory
   */
  record Part(ByteString bytes, int from, int to) {}

  /**
   * Takes a message apart.
   *
   * @param field the number of a repeated field of bytes or messages
   * @throws InvalidProtocolBufferException when the bytes are no message
   */
  static Parts of(ByteString message, int field) throws InvalidProtocolBufferException {
    CodedInputStream input = message.newCodedInput();
    input.enableAliasing(true);
    int wanted = field << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    List<Part> parts = new ArrayList<>();
    Pieces others = new Pieces();
    try {
      int from = 0;
      for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
        if (tag == wanted) {
          ByteString bytes = input.readBytes();
          parts.add(new Part(bytes, from, input.getTotalBytesRead()));
        } else if (input.skipField(tag)) {
          others.addRun(message, from, input.getTotalBytesRead());
        } else {
          throw new InvalidProtocolBufferException("unexpected end of group");
        }
        from = input.getTotalBytesRead();
      }
    } catch (InvalidProtocolBufferException malformed) {
      throw malformed;
    } catch (IOException impossible) {
      throw new InvalidProtocolBufferException(impossible);
    }
    return new Parts(others.together(), parts);
  }
}
