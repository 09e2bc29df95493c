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
 * @param before the field's first values, tags included, as far as they are of no interest
 * @param parts the field's other values, in order
 */
record Parts(ByteString others, ByteString before, List<Part> parts) {
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
   * @param from where the first value of interest may begin; what ends there or before is not
   * @throws InvalidProtocolBufferException when the bytes are no message
   */
  static Parts of(ByteString message, int field, int from) throws InvalidProtocolBufferException {
    CodedInputStream input = message.newCodedInput();
    int wanted = field << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    List<Part> parts = new ArrayList<>();
    Pieces others = new Pieces();
    Pieces before = new Pieces();
    try {
      int start = 0;
      for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
        if (tag == wanted) {
          int length = input.readRawVarint32();
          int value = input.getTotalBytesRead();
          input.skipRawBytes(length);
          int end = input.getTotalBytesRead();
          if (end <= from) {
            before.addRun(message, start, end);
          } else {
            parts.add(new Part(message.substring(value, end), start, end));
          }
        } else if (input.skipField(tag)) {
          others.addRun(message, start, input.getTotalBytesRead());
        } else {
          throw new InvalidProtocolBufferException("unexpected end of group");
        }
        start = input.getTotalBytesRead();
      }
    } catch (InvalidProtocolBufferException malformed) {
      throw malformed;
    } catch (IOException impossible) {
      throw new InvalidProtocolBufferException(impossible);
    }
    return new Parts(others.together(), before.together(), parts);
  }
}
