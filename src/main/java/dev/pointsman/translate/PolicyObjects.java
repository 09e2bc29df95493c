package dev.pointsman.translate;

import com.google.protobuf.ByteString;
import dev.pointsman.model.CarriedPolicy;
import dev.pointsman.model.PolicyParser;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The InferencePolicies among the objects of a hook's request, reduced to the relevant fields. */
public final class PolicyObjects {
  private static final JsonMapper JSON = JsonMapper.shared();

  /**
   * The limit for the policies of one route. Two of them have effect, one on the rule and one on the whole HTTPRoute.
   */
  private static final int MAX_POLICIES = 16;

  /** The order of {@code PolicyPrecedence}. */
  private static final Comparator<ObjectNode> AGE = Comparator.comparing(
          (ObjectNode policy) -> policy.at("/metadata/creationTimestamp").asString(""))
      .thenComparing(policy -> policy.at("/metadata/namespace").asString(""))
      .thenComparing(policy -> policy.at("/metadata/name").asString(""));

  private PolicyObjects() {}

  /** The policies. Other objects, and bytes that are not JSON, are ignored. */
  public static List<ObjectNode> read(List<ByteString> objects) {
    return objects.stream().map(PolicyObjects::read).flatMap(Optional::stream).toList();
  }

  /** The policy; empty for another object, and for bytes that are not JSON. */
  public static Optional<ObjectNode> read(ByteString bytes) {
    try {
      JsonNode object = JSON.readTree(bytes.toByteArray());
      return PolicyParser.isPolicy(object)
          ? Optional.of(CarriedPolicy.of(object))
          : Optional.empty();
    } catch (JacksonException unreadable) {
      return Optional.empty();
    }
  }

  /** Policies on one route. Above the limit, only the oldest are kept, which have effect if there are several. */
  public static <P> List<P> oldest(List<P> policies, Function<P, ObjectNode> object) {
    return policies.size() <= MAX_POLICIES
        ? policies
        : policies.stream()
            .sorted(Comparator.comparing(object, AGE))
            .limit(MAX_POLICIES)
            .toList();
  }
}
