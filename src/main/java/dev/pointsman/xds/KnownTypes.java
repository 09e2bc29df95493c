package dev.pointsman.xds;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import dev.pointsman.envoy.overridehost.OverrideHost;
import dev.pointsman.envoy.setfilterstate.Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Unpacks {@code Any}s by their type, and transforms messages including their {@code Any}s. */
public final class KnownTypes {
  /** Types with a generated class of this build, which is newer than the API jar's. */
  private static final Map<String, Message> OURS = Map.of(
      OverrideHost.getDescriptor().getFullName(), OverrideHost.getDefaultInstance(),
      Config.getDescriptor().getFullName(), Config.getDefaultInstance());

  /** The Java packages of generated classes by the prefix of the type's name. */
  private static final Map<String, String> PACKAGES = Map.of(
      "envoy.", "io.envoyproxy.envoy.",
      "xds.", "com.github.xds.",
      "udpa.", "com.github.udpa.udpa.",
      "google.protobuf.", "com.google.protobuf.",
      "opentelemetry.", "io.opentelemetry.");

  private KnownTypes() {}

  /** The type of an {@code Any} by its URL; empty if it is unknown. */
  public static Optional<Descriptor> descriptor(String typeUrl) {
    return prototype(name(typeUrl)).map(Message::getDescriptorForType);
  }

  private static String name(String typeUrl) {
    return typeUrl.substring(typeUrl.lastIndexOf('/') + 1);
  }

  /** The message in the {@code Any}; empty when its type or its bytes are unknown. */
  public static Optional<Message> unpack(Any any) {
    try {
      Optional<Message> prototype = prototype(name(any.getTypeUrl()));
      return prototype.isEmpty()
          ? Optional.empty()
          : Optional.of(
              prototype.get().newBuilderForType().mergeFrom(any.getValue()).build());
    } catch (InvalidProtocolBufferException unreadable) {
      return Optional.empty();
    }
  }

  private static Optional<Message> prototype(String type) {
    if (OURS.containsKey(type)) {
      return Optional.of(OURS.get(type));
    }
    for (Map.Entry<String, String> entry : PACKAGES.entrySet()) {
      if (type.startsWith(entry.getKey())) {
        String name = entry.getValue() + type.substring(entry.getKey().length());
        try {
          return Optional.of(
              (Message) Class.forName(name).getMethod("getDefaultInstance").invoke(null));
        } catch (ReflectiveOperationException | LinkageError unknown) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  /** Applies a change to every nested message, {@code Any}s included, innermost first, and to the message. */
  public static Message everywhere(Message message, UnaryOperator<Message> change) {
    Message.Builder changed = message.toBuilder();
    for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
      if (field.getKey().getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        setChanged(changed, field.getKey(), field.getValue(), change);
      }
    }
    Message result = changed.build();
    if (result instanceof Any any) {
      Optional<Message> inside = unpack(any);
      if (inside.isPresent()) {
        Message after = everywhere(inside.get(), change);
        result = after.equals(inside.get())
            ? any
            : any.toBuilder().setValue(after.toByteString()).build();
      }
    }
    return change.apply(result);
  }

  /**
   * The message with the entries of all maps in one order, those in {@code Any}s included, so that messages with the same
   * contents are equal. Unknown fields are kept.
   */
  public static Message ordered(Message message) {
    return everywhere(
        message,
        inside -> inside instanceof Any any
            ? unpack(any)
                .<Message>map(
                    known -> any.toBuilder().setValue(deterministic(known)).build())
                .orElse(any)
            : inside);
  }

  private static ByteString deterministic(Message message) {
    ByteString.Output bytes = ByteString.newOutput(message.getSerializedSize());
    CodedOutputStream output = CodedOutputStream.newInstance(bytes);
    output.useDeterministicSerialization();
    try {
      message.writeTo(output);
      output.flush();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteString();
  }

  private static void setChanged(
      Message.Builder builder, FieldDescriptor field, Object value, UnaryOperator<Message> change) {
    if (!field.isRepeated()) {
      builder.setField(field, everywhere((Message) value, change));
      return;
    }
    List<Object> changed = new ArrayList<>();
    for (Object one : (List<?>) value) {
      changed.add(everywhere((Message) one, change));
    }
    builder.setField(field, changed);
  }

  /** Whether the message itself, without nested ones, has fields that are unknown to this build. */
  public static boolean hasUnknownFields(MessageOrBuilder message) {
    return !message.getUnknownFields().asMap().isEmpty();
  }
}
