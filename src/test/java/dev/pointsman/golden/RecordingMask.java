package dev.pointsman.golden;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.pointsman.extension.ExtensionResource;
import dev.pointsman.extension.PostClusterModifyRequest;
import dev.pointsman.extension.PostEndpointsModifyRequest;
import dev.pointsman.extension.PostHTTPListenerModifyRequest;
import dev.pointsman.extension.PostRouteModifyRequest;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.extension.PostVirtualHostModifyRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Masks what differs from one recording to the next in the objects that Envoy Gateway sends along: {@code uid},
 * {@code resourceVersion}, {@code creationTimestamp}, times in the status, {@code managedFields} and kubectl's copy of
 * what was applied. All else stays the bytes that were recorded.
 */
final class RecordingMask {
  private static final String TIME = "2026-01-01T00:00:00Z";
  private static final Map<String, String> FIXED = Map.of(
      "uid",
      "00000000-0000-0000-0000-000000000000",
      "resourceVersion",
      "1",
      "creationTimestamp",
      TIME);
  private static final String APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
  private static final JsonMapper JSON = JsonMapper.shared();

  private static final Map<String, Message> REQUESTS = Map.of(
      "PostRouteModify", PostRouteModifyRequest.getDefaultInstance(),
      "PostVirtualHostModify", PostVirtualHostModifyRequest.getDefaultInstance(),
      "PostHTTPListenerModify", PostHTTPListenerModifyRequest.getDefaultInstance(),
      "PostClusterModify", PostClusterModifyRequest.getDefaultInstance(),
      "PostEndpointsModify", PostEndpointsModifyRequest.getDefaultInstance(),
      "PostTranslateModify", PostTranslateModifyRequest.getDefaultInstance());

  private RecordingMask() {}

  /** Copies the recorded requests of one folder into another, masked. Usage: FROM TO. */
  public static void main(String[] folders) throws IOException {
    Path to = Path.of(folders[1]);
    Files.createDirectories(to);
    for (RecordedRequest request : RecordedRequest.in(Path.of(folders[0]))) {
      Files.write(to.resolve(request.file()), mask(request).toByteArray());
    }
  }

  static ByteString mask(RecordedRequest request) {
    Message message = request.as(empty(request).getParserForType());
    return mask(message).toByteString();
  }

  /** The request's message, without content. */
  static Message empty(RecordedRequest request) {
    Message empty = REQUESTS.get(request.hook());
    if (empty == null) {
      throw new IllegalArgumentException(request.file() + " is no hook that we know");
    }
    return empty;
  }

  private static Message mask(Message message) {
    if (message instanceof ExtensionResource resource) {
      return resource.toBuilder()
          .setUnstructuredBytes(object(resource.getUnstructuredBytes()))
          .build();
    }
    Message.Builder masked = message.toBuilder();
    for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
      if (field.getKey().getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
        continue;
      }
      if (field.getKey().isRepeated()) {
        List<Message> all = ((List<?>) field.getValue())
            .stream().map(one -> mask((Message) one)).toList();
        masked.setField(field.getKey(), all);
      } else {
        masked.setField(field.getKey(), mask((Message) field.getValue()));
      }
    }
    return masked.build();
  }

  private static ByteString object(ByteString json) {
    JsonNode object = JSON.readTree(json.toByteArray());
    if (object.path("metadata") instanceof ObjectNode metadata) {
      FIXED.forEach((field, value) -> {
        if (metadata.has(field)) {
          metadata.put(field, value);
        }
      });
      metadata.remove("managedFields");
      if (metadata.path("annotations") instanceof ObjectNode annotations) {
        annotations.remove(APPLIED);
      }
    }
    for (JsonNode condition : object.path("status").findParents("lastTransitionTime")) {
      ((ObjectNode) condition).put("lastTransitionTime", TIME);
    }
    String end = json.endsWith(ByteString.copyFromUtf8("\n")) ? "\n" : ""; // as Go writes it
    return ByteString.copyFrom(JSON.writeValueAsString(object) + end, StandardCharsets.UTF_8);
  }
}
