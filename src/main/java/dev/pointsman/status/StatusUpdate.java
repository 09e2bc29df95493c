package dev.pointsman.status;

import dev.pointsman.status.ObjectStatus.Entry;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Merges our entries into an object's status. Entries of other controllers stay unchanged.
 *
 * <p>An entry is ours when it names us as its controller. If the API has no such field (v1alpha2, and v1 before Gateway
 * API Inference Extension v1.1.0), a condition of ours marks it, because the API server drops unknown fields.
 *
 * @param marked whether our entries have the marking condition
 */
public record StatusUpdate(ObjectStatus wanted, boolean marked) {
  /** Our controller name in statuses. */
  public static final String CONTROLLER = "pointsman.dev/inference";

  private static final String MARK = "pointsman.dev/Controller";

  /** The default entry of a pool without a controller. */
  private static final ParentRef NO_CONTROLLER =
      new ParentRef(ParentRef.GATEWAY_API, "Status", "", "default");

  /** The update for an object; entries are marked if the API or the existing entries require it. */
  public static StatusUpdate of(ObjectStatus wanted, JsonNode object) {
    return new StatusUpdate(
        wanted,
        wanted.object().kind() == StatusKind.POOL_V1ALPHA2
            || entries(wanted, object).stream()
                .anyMatch(entry -> isMarked(entry) && !entry.has("controllerName")));
  }

  /** Whether an entry names its controller, so that the API has a field for it. */
  public boolean hasNames(JsonNode object) {
    return entries(wanted, object).stream().anyMatch(entry -> entry.has("controllerName"));
  }

  /** Whether the entries that were written are marked if, and only if, the API server drops the controller's name. */
  public boolean hasRightMark(JsonNode written) {
    return wanted.object().kind() != StatusKind.POOL
        || wanted.entries().isEmpty()
        || marked != hasNames(written);
  }

  /**
   * Returns the object with the desired status.
   *
   * @return empty when the object has it already
   */
  public Optional<ObjectNode> apply(JsonNode object, Instant now) {
    List<JsonNode> before = entries(wanted, object);
    List<JsonNode> after = merge(before, now);
    if (after.equals(before)) {
      return Optional.empty();
    }
    ObjectNode updated = (ObjectNode) object.deepCopy();
    ObjectNode status =
        updated.path("status") instanceof ObjectNode there ? there : updated.putObject("status");
    ArrayNode list = status.putArray(kind().list());
    after.forEach(list::add);
    return Optional.of(updated);
  }

  private StatusKind kind() {
    return wanted.object().kind();
  }

  private static List<JsonNode> entries(ObjectStatus wanted, JsonNode object) {
    return List.copyOf(object.path("status").path(wanted.object().kind().list()).values());
  }

  /** Merges the entries in their present order, new ones last, up to the API's limit. */
  private List<JsonNode> merge(List<JsonNode> before, Instant now) {
    Map<ParentRef, Entry> missing = new LinkedHashMap<>();
    wanted.entries().forEach(entry -> missing.put(entry.ref(), entry));
    List<JsonNode> after = new ArrayList<>();
    boolean removed = false;
    for (JsonNode there : before) {
      if (isOurs(there)) {
        Entry entry = missing.remove(ref(there));
        if (entry != null) {
          after.add(isSame(there, entry) ? there : write(entry, Optional.of(there), now));
        } else {
          removed = true;
        }
      } else if (wanted.entries().isEmpty() || !isNobody(there)) {
        after.add(there);
      }
    }
    missing.values().stream()
        .limit(Math.max(0, kind().most() - after.size()))
        .forEach(entry -> after.add(write(entry, Optional.empty(), now)));
    if (removed && after.isEmpty() && kind() == StatusKind.POOL_V1ALPHA2) {
      after.add(defaultEntry());
    }
    return after;
  }

  private static boolean isOurs(JsonNode entry) {
    return entry.has("controllerName")
        ? entry.path("controllerName").asString("").equals(CONTROLLER)
        : isMarked(entry);
  }

  private static boolean isMarked(JsonNode entry) {
    return Condition.find(entry, MARK).isPresent();
  }

  private boolean isNobody(JsonNode entry) {
    return ParentRef.of(entry.path(kind().ref()), "").equals(NO_CONTROLLER);
  }

  private ParentRef ref(JsonNode entry) {
    return ParentRef.of(entry.path(kind().ref()), wanted.object().namespace());
  }

  private List<Condition> conditions(Entry entry) {
    List<Condition> conditions = new ArrayList<>(entry.conditions());
    if (marked) {
      conditions.add(new Condition(
          MARK,
          true,
          "WrittenByPointsman",
          CONTROLLER + " writes this entry; the API has no field that could say so"));
    }
    return conditions;
  }

  /** Whether the existing entry equals the desired one, ignoring times. */
  private boolean isSame(JsonNode there, Entry entry) {
    List<Condition> conditions = conditions(entry);
    return there.path("conditions").size() == conditions.size()
        && conditions.stream()
            .allMatch(one -> Condition.find(there, one.type())
                .filter(found -> status(one).equals(found.path("status").asString(""))
                    && one.reason().equals(found.path("reason").asString(""))
                    && one.message().equals(found.path("message").asString(""))
                    && found.path("observedGeneration").asLong(-1) == wanted.generation())
                .isPresent());
  }

  private static String status(Condition condition) {
    return condition.holds() ? "True" : "False";
  }

  private JsonNode write(Entry entry, Optional<JsonNode> there, Instant now) {
    ObjectNode written = JsonMapper.shared().createObjectNode();
    entry.ref().writeTo(written.putObject(kind().ref()));
    if (kind() != StatusKind.POOL_V1ALPHA2) {
      written.put("controllerName", CONTROLLER);
    }
    ArrayNode conditions = written.putArray("conditions");
    for (Condition condition : conditions(entry)) {
      String since = there
          .flatMap(before -> Condition.find(before, condition.type()))
          .filter(before -> before.path("status").asString("").equals(status(condition)))
          .map(before -> before.path("lastTransitionTime").asString(""))
          .filter(time -> !time.isEmpty())
          .orElse(now.truncatedTo(ChronoUnit.SECONDS).toString());
      conditions
          .addObject()
          .put("type", condition.type())
          .put("status", status(condition))
          .put("observedGeneration", wanted.generation())
          .put("lastTransitionTime", since)
          .put("reason", condition.reason())
          .put("message", condition.message());
    }
    return written;
  }

  /** The default entry of the API. */
  private JsonNode defaultEntry() {
    ObjectNode entry = JsonMapper.shared().createObjectNode();
    entry.putObject(kind().ref()).put("kind", "Status").put("name", "default");
    entry
        .putArray("conditions")
        .addObject()
        .put("type", Condition.ACCEPTED)
        .put("status", "Unknown")
        .put("lastTransitionTime", Instant.EPOCH.toString())
        .put("reason", "Pending")
        .put("message", "Waiting for controller");
    return entry;
  }
}
