package dev.pointsman.golden;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import dev.pointsman.wire.FieldReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Resources by their names, in their order. */
final class Named {
  /** The bytes are not what they should be. */
  static final class Unreadable extends RuntimeException {
    Unreadable(InvalidProtocolBufferException why) {
      super(why);
    }
  }

  private Named() {}

  static Map<String, ByteString> of(List<ByteString> resources) {
    Map<String, ByteString> byName = new LinkedHashMap<>();
    for (ByteString resource : resources) {
      String name = nameOf(resource);
      if (byName.put(name, resource) != null) {
        throw new IllegalStateException("two resources are called " + name);
      }
    }
    return byName;
  }

  static String nameOf(ByteString resource) {
    try {
      return FieldReader.name(resource);
    } catch (InvalidProtocolBufferException e) {
      throw new Unreadable(e);
    }
  }

  static <T> List<T> read(Parser<T> parser, List<ByteString> resources) {
    return resources.stream().map(bytes -> read(parser, bytes)).toList();
  }

  static <T> T read(Parser<T> parser, ByteString bytes) {
    try {
      return parser.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new Unreadable(e);
    }
  }

  /** The message; empty when the bytes are none. */
  static <T> Optional<T> readIfPossible(Parser<T> parser, ByteString bytes) {
    try {
      return Optional.of(parser.parseFrom(bytes));
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
  }
}
