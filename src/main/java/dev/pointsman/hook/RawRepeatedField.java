package dev.pointsman.hook;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A serialized message taken split at one repeated field.
 *
 * @param others all other fields, as they came
 * @param parts the field's values, in order
 */
record RawRepeatedField(ByteString others, List<Element> parts) {
  /**
   * A value and the place of its field, tag included, in the message.
   *
   * @param bytes shares the message's memory
   */
  record Element(ByteString bytes, int from, int to) {}

  /**
   * Takes a message split.
   *
   * @param field the number of a repeated field of bytes or messages
   * @throws InvalidProtocolBufferException when the bytes are no message
   */
  static RawRepeatedField of(ByteString message, int field) throws InvalidProtocolBufferException {
    List<Element> parts = new ArrayList<>();
    ByteString others = walk(
        message,
        field,
        (start, value, end) -> parts.add(new Element(message.substring(value, end), start, end)));
    return new RawRepeatedField(others, parts);
  }

  /**
   * All other fields of a message, as they came.
   *
   * @throws InvalidProtocolBufferException when the bytes are no message
   */
  static ByteString others(ByteString message, int field) throws InvalidProtocolBufferException {
    return walk(message, field, (_, _, _) -> {});
  }

  private interface Values {
    void add(int start, int value, int end);
  }

  private static ByteString walk(ByteString message, int field, Values values)
      throws InvalidProtocolBufferException {
    CodedInputStream input = message.newCodedInput();
    int required = field << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    MessageSplicer others = new MessageSplicer();
    try {
      int start = 0;
      for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
        if (tag == required) {
          int length = input.readRawVarint32();
          int value = input.getTotalBytesRead();
          input.skipRawBytes(length);
          values.add(start, value, input.getTotalBytesRead());
        } else if (input.skipField(tag)) {
          others.addRange(message, start, input.getTotalBytesRead());
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
    return others.toByteString();
  }
}
