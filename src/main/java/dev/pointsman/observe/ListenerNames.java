package dev.pointsman.observe;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.model.ObjectRef;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** The names of a translation's listeners, for messages, and for the Gateways if no other field has them. */
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

  /**
   * The Gateways, several if their listeners are merged. A listener is called {@code namespace/gateway/listener}; with
   * Envoy Gateway's XDSNameSchemeV2, {@code tcp-80} and the like, the names of all listeners together stand for the
   * Gateways.
   */
  Set<ObjectRef> gateways() {
    Set<ObjectRef> gateways = new HashSet<>();
    for (String name : names) {
      String[] parts = name.split("/", 3);
      if (parts.length < 3) {
        gateways.clear();
        break;
      }
      gateways.add(new ObjectRef("Gateway", parts[0], parts[1]));
    }
    return gateways.isEmpty()
        ? Set.of(new ObjectRef("listeners", "", toString()))
        : Set.copyOf(gateways);
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
