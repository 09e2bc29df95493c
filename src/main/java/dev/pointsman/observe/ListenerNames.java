package dev.pointsman.observe;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.pointsman.extension.PostTranslateModifyRequest;
import java.io.IOException;
import java.util.SortedSet;
import java.util.TreeSet;

/** The names of a translation's listeners, for messages. */
record ListenerNames(SortedSet<String> names) {
  private static final int NAME_TAG = 1 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

  static ListenerNames of(PostTranslateModifyRequest request) {
    SortedSet<String> names = new TreeSet<>();
    for (ByteString listener : request.getListenersList()) {
      String name = firstName(listener);
      if (!name.startsWith("envoy-gateway-proxy-")) { // Envoy Gateway's own, on every proxy
        names.add(name);
      }
    }
    return new ListenerNames(names);
  }

  /** The names for messages. */
  @Override
  public String toString() {
    return names.isEmpty() ? "a gateway without listeners" : String.join(", ", names);
  }

  /** A listener's name, read from its first field only. */
  private static String firstName(ByteString listener) {
    CodedInputStream input = listener.newCodedInput();
    try {
      return input.readTag() == NAME_TAG ? input.readStringRequireUtf8() : "";
    } catch (IOException e) {
      return "";
    }
  }
}
