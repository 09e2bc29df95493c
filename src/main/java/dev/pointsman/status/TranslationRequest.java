package dev.pointsman.status;

import dev.pointsman.status.ObjectStatus.Entry;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * What makes Envoy Gateway translate each of its Gateways again although nothing has changed: it does so when an object
 * that it holds whole, {@code resourceVersion} included, is another one. Those are the pools that rules name as backends,
 * and policies; so for each Gateway some of them get a condition more in their statuses.
 */
public final class TranslationRequest {
  static final String REQUESTED = "pointsman.dev/TranslationRequested";

  /** For each Gateway: one would do, but Envoy Gateway drops what a rule names that it refuses for another reason. */
  private static final int MOST_OBJECTS = 3;

  private static final Comparator<ObjectStatus.Key> ORDER =
      Comparator.comparing(ObjectStatus.Key::kind).thenComparing(ObjectStatus.Key::toString);

  private TranslationRequest() {}

  /** Why a translation is asked for. */
  public enum Cause {
    /** A call that another replica had under way may be lost. */
    STARTED(
        "ReplicaStarted",
        "%s has started at %s and asks Envoy Gateway to translate again: what another replica had under way may be"
            + " lost"),
    /** The connection on which the Endpoints hook was called was another one than the Translation hook's. */
    UNTOLD(
        "ConnectionLost",
        "%s was not told at %s what a translation needs and asks Envoy Gateway to translate again: a connection was"
            + " lost in its middle");

    private final String reason;
    private final String message;

    Cause(String reason, String message) {
      this.reason = reason;
      this.message = message;
    }

    /** A format string with the replica's name and the time. */
    public String message() {
      return message;
    }
  }

  /**
   * The statuses to write.
   *
   * @param plan of the same objects
   * @param message why it is asked; another one each time, so that the objects change
   */
  public static List<ObjectStatus> of(
      StatusInputs inputs, StatusPlan plan, Cause cause, String message) {
    Condition requested = new Condition(REQUESTED, true, cause.reason, message);
    Set<ObjectStatus.Key> chosen = new HashSet<>();
    objectsByGateway(inputs, plan)
        .values()
        .forEach(objects -> objects.stream().limit(MOST_OBJECTS).forEach(chosen::add));
    return plan.statuses().stream()
        .filter(status -> chosen.contains(status.object()))
        .map(status -> new ObjectStatus(
            status.object(),
            status.generation(),
            status.entries().stream().map(entry -> with(requested, entry)).toList()))
        .toList();
  }

  private static Entry with(Condition condition, Entry entry) {
    return new Entry(
        entry.ref(),
        Stream.concat(entry.conditions().stream(), Stream.of(condition)).toList());
  }

  /** The objects that Envoy Gateway keeps with each Gateway, status included; pools first. */
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
