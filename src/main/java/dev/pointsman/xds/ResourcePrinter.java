package dev.pointsman.xds;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.StringValue;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import io.envoyproxy.envoy.type.tracing.v3.CustomTag;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Converts xDS to the protobuf JSON mapping with {@code Any}s expanded. JSON cannot contain fields and types that are
 * unknown to this build; {@link #lost} names them.
 */
public final class ResourcePrinter {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final TreeSet<String> lost = new TreeSet<>();

  /** The message as a JSON tree. */
  public JsonNode tree(Message message) {
    TreeMap<String, Descriptor> types = new TreeMap<>();
    Message printable = KnownTypes.everywhere(message, inside -> printable(inside, types));
    TypeRegistry registry = TypeRegistry.newBuilder().add(types.values()).build();
    try {
      String json =
          JsonFormat.printer().usingTypeRegistry(registry).sortingMapKeys().print(printable);
      return TagFormats.restored(JSON.readTree(json));
    } catch (InvalidProtocolBufferException impossible) {
      throw new IllegalStateException(
          "unprintable " + message.getDescriptorForType().getFullName(), impossible);
    }
  }

  /** The missing parts of the JSON, one line each; empty when it is complete. */
  public Iterable<String> lost() {
    return lost;
  }

  private Message printable(Message inside, TreeMap<String, Descriptor> types) {
    if (inside instanceof CustomTag tag && TagFormats.isIn(tag)) {
      return TagFormats.printable(tag);
    }
    if (KnownTypes.hasUnknownFields(inside)) {
      lost.add(inside.getDescriptorForType().getFullName() + " has fields "
          + inside.getUnknownFields().asMap().keySet() + " that this build does not know");
    }
    if (inside instanceof Any any && !any.equals(Any.getDefaultInstance())) {
      boolean isUrl = any.getTypeUrl().contains("/"); // the JSON mapping refuses others
      Optional<Message> known = isUrl ? KnownTypes.unpack(any) : Optional.empty();
      if (known.isEmpty()) {
        lost.add((any.getTypeUrl().isEmpty() ? "a message without a type" : any.getTypeUrl())
            + " is not known to this build");
        types.put(StringValue.getDescriptor().getFullName(), StringValue.getDescriptor());
        return Any.pack(StringValue.of(any.getTypeUrl()));
      }
      Descriptor type = known.get().getDescriptorForType();
      types.put(type.getFullName(), type);
    }
    return inside;
  }
}
