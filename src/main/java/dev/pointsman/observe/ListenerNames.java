package dev.pointsman.observe;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.pointsman.extension.PostTranslateModifyRequest;
import java.io.IOException;
import java.util.TreeSet;

/**
 * What to call the gateway of a translation: its listeners' names, for Envoy Gateway does not say its own. Only for
 * log lines.
 */
final class GatewayName {
  private static final int NAME_TAG = 1 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

  private GatewayName() {}

  static String of(PostTranslateModifyRequest request) {
    TreeSet<String> names = new TreeSet<>();
    for (ByteString listener : request.getListenersList()) {
      String name = firstName(listener);
      if (!name.startsWith("envoy-gateway-proxy-")) { // Envoy Gateway's own, on every proxy
        names.add(name);
      }
    }
    return String.join(", ", names);
  }

  /** A listener's name: its first field, read without the rest. */
  private static String firstName(ByteString listener) {
    CodedInputStream input = listener.newCodedInput();
    try {
      return input.readTag() == NAME_TAG ? input.readStringRequireUtf8() : "";
    } catch (IOException e) {
      return "";
    }
  }
}
