package dev.pointsman.hook;

import com.google.protobuf.Struct;
import dev.pointsman.extension.ExtensionResource;
import dev.pointsman.model.CarriedPolicy;
import dev.pointsman.model.PolicyParser;
import dev.pointsman.xds.Structs;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The InferencePolicies among the objects that a hook is given, without what does not matter to us. */
final class PolicyObjects {
  private static final JsonMapper JSON = JsonMapper.shared();

  /** Of the policies of one route: one as large as may be, and small ones. */
  private static final int MOST_BYTES = CarriedPolicy.MOST_BYTES + (4 << 10);

  /** As {@code PolicyPrecedence} has it. */
  private static final Comparator<ObjectNode> AGE = Comparator.comparing(
          (ObjectNode policy) -> policy.at("/metadata/creationTimestamp").asString(""))
      .thenComparing(policy -> policy.at("/metadata/namespace").asString(""))
      .thenComparing(policy -> policy.at("/metadata/name").asString(""));

  private PolicyObjects() {}

  /** The policies; other objects, and what is not JSON, are passed over. */
  static List<ObjectNode> read(List<ExtensionResource> resources) {
    return resources.stream()
        .map(PolicyObjects::policy)
        .flatMap(Optional::stream)
        .toList();
  }

  /**
   * The policies that a route carries: all of them where together they are not too large, else the oldest, which have
   * effect where there are several.
   */
  static List<Struct> carried(List<ExtensionResource> resources) {
    List<ObjectNode> policies = new ArrayList<>(read(resources));
    int bytes = policies.stream().mapToInt(CarriedPolicy::bytes).sum();
    if (bytes > MOST_BYTES) {
      policies.sort(AGE);
      while (bytes > MOST_BYTES) {
        bytes -= CarriedPolicy.bytes(policies.removeLast());
      }
    }
    return policies.stream().map(Structs::of).toList();
  }

  private static Optional<ObjectNode> policy(ExtensionResource resource) {
    try {
      JsonNode object = JSON.readTree(resource.getUnstructuredBytes().toByteArray());
      if (!PolicyParser.isPolicy(object)) {
        return Optional.empty();
      }
      return Optional.of(CarriedPolicy.of(object));
    } catch (JacksonException unreadable) {
      return Optional.empty();
    }
  }
}
