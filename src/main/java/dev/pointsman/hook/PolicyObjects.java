package dev.pointsman.hook;

import dev.pointsman.extension.ExtensionResource;
import dev.pointsman.model.CarriedPolicy;
import dev.pointsman.model.PolicyParser;
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

  /** The policies of one route. Two of them have effect, one on the rule and one on the whole HTTPRoute. */
  private static final int MOST = 16;

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
   * The policies of a route that may have effect or be told that they have none: where there are very many, the oldest,
   * which have effect where there are several.
   */
  static List<ObjectNode> effective(List<ExtensionResource> resources) {
    List<ObjectNode> policies = read(resources);
    return policies.size() <= MOST
        ? policies
        : policies.stream().sorted(AGE).limit(MOST).toList();
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
