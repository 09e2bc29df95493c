package dev.pointsman.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The undecoded values of one repeated field of a serialized message.
 *
 * @param others the other fields, unchanged
 * @param elements the field's values, in order
 */
public record RawRepeatedField(ByteString others, List<Element> elements) {
  /**
   * A value, and the range of its field in the message, tag included.
   *
   * @param bytes shares the memory of the message
   */
  public record Element(ByteString bytes, int from, int to) {}

  /**
   * Splits a message.
   *
   * @param field the number of a repeated field of bytes or messages
   * @throws InvalidProtocolBufferException when the bytes are no message
   */
  public static RawRepeatedField of(ByteString message, int field)
      throws InvalidProtocolBufferException {
    List<Element> elements = new ArrayList<>();
    ByteString others = walk(
        message,
        field,
        (start, value, end) ->
            elements.add(new Element(message.substring(value, end), start, end)));
    return new RawRepeatedField(others, elements);
  }

  /**
   * The message without the field.
   *
   * @throws InvalidProtocolBufferException when the bytes are no message
   */
  public static ByteString others(ByteString message, int field)
      throws InvalidProtocolBufferException {
    return walk(message, field, (_, _, _) -> {});
  }

  private interface Values {
    void add(int start, int value, int end);
  }

  private static ByteString walk(ByteString message, int field, Values values)
      throws InvalidProtocolBufferException {
    CodedInputStream input = message.newCodedInput();
    int expected = field << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    MessageSplicer others = new MessageSplicer();
    try {
      int start = 0;
      for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
        if (tag == expected) {
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
