package dev.pointsman.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;

/** Reads one field of a serialized message and skips the others, which costs less than decoding the message. */
public final class FieldReader {
  private static final int NAME = 1;

  private FieldReader() {}

  /**
   * The name of a cluster, listener, secret or route configuration: their first field.
   *
   * @throws InvalidProtocolBufferException when the bytes are none of these
   */
  public static String name(ByteString resource) throws InvalidProtocolBufferException {
    int length = resource.size() > 1 ? resource.byteAt(1) : -1;
    boolean isFirst = length >= 0
        && resource.byteAt(0) == (NAME << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED)
        && resource.size() >= 2 + length;
    return isFirst // the layout that Envoy Gateway writes: no stream is needed
        ? resource.substring(2, 2 + length).toStringUtf8()
        : field(resource, NAME).toStringUtf8();
  }

  /**
   * The first value of a field of bytes or a message, which shares the memory of the message; empty when there is none.
   *
   * @throws InvalidProtocolBufferException when the bytes are not a message
   */
  public static ByteString message(ByteString message, int number)
      throws InvalidProtocolBufferException {
    return field(message, number);
  }

  private static ByteString field(ByteString message, int number)
      throws InvalidProtocolBufferException {
    CodedInputStream input = message.newCodedInput();
    input.enableAliasing(true); // a virtual host may have megabytes
    try {
      for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
        if (tag == (number << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
          return input.readBytes();
        }
        if (!input.skipField(tag)) {
          throw new InvalidProtocolBufferException("unexpected end of group");
        }
      }
      return ByteString.EMPTY;
    } catch (InvalidProtocolBufferException malformed) {
      throw malformed;
    } catch (IOException impossible) {
      throw new InvalidProtocolBufferException(impossible);
    }
  }
}
