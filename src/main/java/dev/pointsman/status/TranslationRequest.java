package dev.pointsman.status;

import dev.pointsman.model.TranslationDemand.Cause;
import dev.pointsman.status.ObjectStatus.Entry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * The statuses that make Envoy Gateway translate each Gateway again without another change. Envoy Gateway compares
 * pools (as backends of rules) and policies including their {@code resourceVersion}, so for each Gateway some of them
 * get an additional condition in their statuses.
 */
public final class TranslationRequest {
  /** The name of the temporary InferencePolicy that starts the translation, and of its target, which does not exist. */
  public static final String TRIGGER = "pointsman-request-translation";

  static final String REQUESTED = "pointsman.dev/TranslationRequested";

  /**
   * The maximum number of objects per Gateway. One would be enough, but Envoy Gateway drops the backends of a rule that
   * it rejects for another reason.
   */
  private static final int MOST_OBJECTS = 3;

  private static final Comparator<ObjectStatus.Key> ORDER =
      Comparator.comparing(ObjectStatus.Key::kind).thenComparing(ObjectStatus.Key::toString);

  private TranslationRequest() {}

  /**
   * The statuses to write.
   *
   * @param plan the plan for the same objects
   * @param message the message of the condition; unique, so the objects change
   */
  public static List<ObjectStatus> of(
      StatusInputs inputs, StatusPlan plan, Cause cause, String message) {
    Condition requested = new Condition(REQUESTED, true, cause.reason(), message);
    Set<ObjectStatus.Key> chosen = new HashSet<>();
    objectsByGateway(inputs, plan).values().forEach(objects -> chosen.addAll(some(objects)));
    return plan.statuses().stream()
        .filter(status -> chosen.contains(status.object()))
        .map(status -> new ObjectStatus(
            status.object(),
            status.generation(),
            status.entries().stream().map(entry -> with(requested, entry)).toList()))
        .toList();
  }

  /** Some of a Gateway's objects, of different namespaces if there are: all of one may fail. */
  private static List<ObjectStatus.Key> some(SortedSet<ObjectStatus.Key> objects) {
    Map<String, Integer> inNamespace = new HashMap<>();
    SortedMap<Integer, List<ObjectStatus.Key>> inTurn = new TreeMap<>();
    for (ObjectStatus.Key object : objects) {
      int turn = inNamespace.merge(object.namespace(), 1, Integer::sum);
      inTurn.computeIfAbsent(turn, _ -> new ArrayList<>()).add(object);
    }
    return inTurn.values().stream().flatMap(List::stream).limit(MOST_OBJECTS).toList();
  }

  private static Entry with(Condition condition, Entry entry) {
    return new Entry(
        entry.ref(),
        Stream.concat(entry.conditions().stream(), Stream.of(condition)).toList());
  }

  /** The objects that Envoy Gateway stores for each Gateway, status included; pools first. */
  private static SortedMap<ParentRef, SortedSet<ObjectStatus.Key>> objectsByGateway(
      StatusInputs inputs, StatusPlan plan) {
    SortedMap<ParentRef, SortedSet<ObjectStatus.Key>> objects = new TreeMap<>();
    Gateways gateways = new Gateways(inputs);
    for (JsonNode object : inputs.routes()) {
      AttachedRoute route = AttachedRoute.of(object, gateways);
      List<ObjectStatus.Key> pools = route
          .pools(inputs.snapshot())
          .filter(pool -> pool.weight() > 0) // Envoy Gateway drops the others
          .map(pool -> ObjectStatus.Key.of(pool.pool()))
          .toList();
      route.gateways().forEach((gateway, attachment) -> {
        if (attachment.accepted()) {
          objects.computeIfAbsent(gateway, _ -> new TreeSet<>(ORDER)).addAll(pools);
        }
      });
    }
    for (ObjectStatus status : plan.statuses()) {
      if (status.object().kind() == StatusKind.POLICY) {
        status.entries().stream()
            .map(Entry::ref)
            .filter(ref -> ref.isGateway() && gateways.mayExist(ref))
            .forEach(gateway ->
                objects.computeIfAbsent(gateway, _ -> new TreeSet<>(ORDER)).add(status.object()));
      }
    }
    return objects;
  }
}
