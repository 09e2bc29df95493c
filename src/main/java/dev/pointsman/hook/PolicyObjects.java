package dev.pointsman.hook;

import com.google.protobuf.Struct;
import dev.pointsman.extension.ExtensionResource;
import dev.pointsman.model.PolicyParser;
import dev.pointsman.xds.Structs;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The InferencePolicies among the objects that a hook is given, without what does not matter to us. */
final class PolicyObjects {
  private static final JsonMapper JSON = JsonMapper.shared();

  private PolicyObjects() {}

  /** The policies, each as it was written; other objects, and what is not JSON, are passed over. */
  static List<Struct> read(List<ExtensionResource> resources) {
    return resources.stream()
        .map(PolicyObjects::policy)
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<Struct> policy(ExtensionResource resource) {
    try {
      JsonNode object = JSON.readTree(resource.getUnstructuredBytes().toByteArray());
      if (!PolicyParser.isPolicy(object)) {
        return Optional.empty();
      }
      ObjectNode kept = JSON.createObjectNode();
      kept.set("apiVersion", object.path("apiVersion"));
      kept.set("kind", object.path("kind"));
      ObjectNode metadata = kept.putObject("metadata");
      for (String field : List.of("name", "namespace", "creationTimestamp")) {
        if (object.path("metadata").has(field)) {
          metadata.set(field, object.path("metadata").path(field));
        }
      }
      kept.set("spec", object.path("spec"));
      return Optional.of(Structs.of(kept));
    } catch (JacksonException unreadable) {
      return Optional.empty();
    }
  }
}
