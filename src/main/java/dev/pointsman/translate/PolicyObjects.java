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

/** The InferencePolicies among the objects that a hook is given, without what does not matter to us. */
public final class PolicyObjects {
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

  /** Policies on one route; where there are very many, the oldest, which have effect where there are several. */
  public static <P> List<P> oldest(List<P> policies, Function<P, ObjectNode> object) {
    return policies.size() <= MOST
        ? policies
        : policies.stream()
            .sorted(Comparator.comparing(object, AGE))
            .limit(MOST)
            .toList();
  }
}
