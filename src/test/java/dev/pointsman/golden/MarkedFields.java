package dev.pointsman.golden;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import dev.pointsman.envoy.overridehost.OverrideHost;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * Gives a message, and each message inside, a field of an API newer than ours, and finds such fields again. It looks
 * into the {@code Any}s that we take apart.
 */
final class MarkedFields {
  private static final int NUMBER = 50_000;
  private static final List<Message> OPENED =
      List.of(HttpConnectionManager.getDefaultInstance(), OverrideHost.getDefaultInstance());

  private MarkedFields() {}

  /** The message with marks, each with the path at which it stands. */
  static Message mark(Message message) {
    return mark(message, message.getDescriptorForType().getName());
  }

  /** The marks in the message, wherever they stand now. */
  static Set<String> in(Message message) {
    Set<String> found = new TreeSet<>();
    find(message, found);
    return found;
  }

  private static Message mark(Message message, String path) {
    Message.Builder marked = message.toBuilder();
    for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
      FieldDescriptor field = entry.getKey();
      if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE || field.isMapField()) {
        continue;
      }
      String inside = path + "." + field.getName();
      if (!field.isRepeated()) {
        marked.setField(field, mark((Message) entry.getValue(), inside));
        continue;
      }
      List<?> all = (List<?>) entry.getValue();
      for (int i = 0; i < all.size(); i++) {
        marked.setRepeatedField(field, i, mark((Message) all.get(i), inside + "[" + i + "]"));
      }
    }
    if (message instanceof Any any) {
      return opened(any, content -> mark(content, path + ".(any)"));
    }
    ByteString here = ByteString.copyFromUtf8(path);
    return marked
        .setUnknownFields(UnknownFieldSet.newBuilder()
            .addField(NUMBER, Field.newBuilder().addLengthDelimited(here).build())
            .build())
        .build();
  }

  private static void find(Message message, Set<String> found) {
    message
        .getUnknownFields()
        .getField(NUMBER)
        .getLengthDelimitedList()
        .forEach(path -> found.add(path.toStringUtf8()));
    message.getAllFields().values().forEach(value -> {
      List<?> all = value instanceof List<?> list ? list : List.of(value);
      all.stream()
          .filter(Message.class::isInstance)
          .forEach(inside -> find((Message) inside, found));
    });
    if (message instanceof Any any) {
      Any _ = opened(any, content -> {
        find(content, found);
        return content;
      });
    }
  }

  private static Any opened(Any any, UnaryOperator<Message> change) {
    for (Message type : OPENED) {
      if (any.getTypeUrl().endsWith("/" + type.getDescriptorForType().getFullName())) {
        try {
          Message content = type.newBuilderForType().mergeFrom(any.getValue()).build();
          return any.toBuilder().setValue(change.apply(content).toByteString()).build();
        } catch (InvalidProtocolBufferException e) {
          throw new Named.Unreadable(e);
        }
      }
    }
    return any;
  }
}
