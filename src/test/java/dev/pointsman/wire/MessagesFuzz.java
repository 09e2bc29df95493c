package dev.pointsman.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import dev.pointsman.fuzz.FuzzInput;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** Serialized messages that are read without decoding: the same as with protobuf's own reader, for any bytes. */
public final class MessagesFuzz {
  private static final MapOrder MAPS = MapOrder.of(VirtualHost.getDescriptor());
  private static final String[] TEXTS = {"inferencepool", "x-gateway-", "pointsman.dev"};
  private static final MultiPatternSearch SEARCH = new MultiPatternSearch(TEXTS);

  private MessagesFuzz() {}

  /** One input. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    FuzzInput input = new FuzzInput(bytes);
    int field = 1 + input.below(15);
    ByteString message = ByteString.copyFrom(input.rest());
    Optional<UnknownFieldSet> read = fields(message);
    split(message, field, read);
    name(message, read);
    ByteString sorted = MAPS.sorted(message);
    require(sorted.size() == message.size(), "sorting changes the size");
    require(MAPS.sorted(sorted).equals(sorted), "sorting twice is not sorting once");
    require(host(sorted).equals(host(message)), "sorting changes the message");
    String text = message.toString(StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    boolean isThere = false;
    for (String one : TEXTS) {
      isThere |= text.contains(one);
    }
    require(SEARCH.in(message) == isThere, "the search misses or invents a text");
  }

  private static void split(ByteString message, int field, Optional<UnknownFieldSet> read) {
    RawRepeatedField split;
    try {
      split = RawRepeatedField.of(message, field);
    } catch (InvalidProtocolBufferException malformed) {
      require(read.isEmpty(), "a readable message is malformed: " + malformed.getMessage());
      return;
    }
    MessageSplicer again = new MessageSplicer();
    again.add(split.others());
    split.elements().forEach(element -> again.addField(field, element.bytes()));
    read.ifPresent(fields -> require(
        fields(again.toByteString()).equals(Optional.of(fields))
            || fields.getField(field).getLengthDelimitedList().isEmpty(),
        "splitting loses a field"));
  }

  private static void name(ByteString message, Optional<UnknownFieldSet> read) {
    try {
      String name = FieldReader.name(message);
      read.ifPresent(fields -> require(
          fields.getField(1).getLengthDelimitedList().isEmpty()
              || name.equals(
                  fields.getField(1).getLengthDelimitedList().getFirst().toStringUtf8()),
          "another name"));
    } catch (InvalidProtocolBufferException malformed) {
      require(read.isEmpty(), "the name of a readable message");
    }
  }

  /** Skipped too: protobuf-java parses some overlong varints that it does not skip. */
  private static Optional<UnknownFieldSet> fields(ByteString message) {
    try {
      message.newCodedInput().skipMessage();
      return Optional.of(UnknownFieldSet.parseFrom(message));
    } catch (IOException malformed) {
      return Optional.empty();
    }
  }

  private static Optional<VirtualHost> host(ByteString message) {
    try {
      return Optional.of(VirtualHost.parseFrom(message));
    } catch (InvalidProtocolBufferException malformed) {
      return Optional.empty();
    }
  }

  private static void require(boolean isHeld, String otherwise) {
    if (!isHeld) {
      throw new AssertionError(otherwise);
    }
  }
}
