package dev.pointsman.kube.api;

import dev.pointsman.kube.api.Query.Selection.WithName;
import dev.pointsman.model.ClusterObjects;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.InferencePool;
import dev.pointsman.model.Parsed;
import dev.pointsman.model.PoolParser;
import dev.pointsman.status.Condition;
import dev.pointsman.status.ObjectStatus;
import dev.pointsman.status.StatusInputs;
import dev.pointsman.status.StatusPlan;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Objects of the API server, each kind, with any fields of any type: a value or diagnostics come of them, and the statuses
 * of them all can be written.
 */
public final class StoredObjectsFuzz {
  private static final int LONGEST_MESSAGE = 32_768;

  private StoredObjectsFuzz() {}

  /** One input: the JSON of a list, whose items may name any kind. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    List<ObjectNode> items = new ArrayList<>();
    try {
      var _ = ListPage.read(new ByteArrayInputStream(bytes), items::add);
    } catch (JacksonException malformed) {
      return; // the reflector lists again
    }
    Map<Kind, List<JsonNode>> whole = new EnumMap<>(Kind.class);
    for (ObjectNode item : items) {
      Kind kind = kind(item);
      Query query = Query.all(kind, "");
      if (kind == Kind.SECRET) {
        query = new Query(kind, "team", new WithName("ca", true));
      }
      StoredObject stored = StoredObject.of(query, item);
      stored.diagnostics().forEach(StoredObjectsFuzz::check);
      stored
          .whole()
          .ifPresent(one -> whole.computeIfAbsent(kind, _ -> new ArrayList<>()).add(one));
    }
    statuses(whole);
  }

  private static Kind kind(JsonNode item) {
    String name = item.path("kind").asString("");
    for (Kind kind : Kind.values()) {
      if (kind.kind().equals(name)
          && item.path("apiVersion")
              .asString("")
              .equals(kind.apiVersion(kind.versions().getFirst()))) {
        return kind;
      }
    }
    return Kind.POD;
  }

  private static void check(Diagnostic diagnostic) {
    String line = diagnostic.toString();
    if (line.codePoints().anyMatch(Character::isISOControl)) {
      throw new AssertionError("a diagnostic breaks its line: " + line);
    }
  }

  private static void statuses(Map<Kind, List<JsonNode>> whole) {
    ClusterObjects objects = new ClusterObjects();
    whole.getOrDefault(Kind.POOL, List.of()).forEach(pool -> {
      if (PoolParser.parse(pool) instanceof Parsed.Valid<InferencePool>(var value, var _)) {
        objects.add(value);
      }
    });
    StatusPlan plan = StatusPlan.of(new StatusInputs(
        objects.snapshot(),
        Set.of(),
        "infra",
        whole.getOrDefault(Kind.POOL, List.of()),
        whole.getOrDefault(Kind.HTTP_ROUTE, List.of()),
        whole.getOrDefault(Kind.GATEWAY, List.of()),
        whole.getOrDefault(Kind.POLICY, List.of())));
    for (ObjectStatus status : plan.statuses()) {
      status.entries().stream()
          .flatMap(entry -> entry.conditions().stream())
          .forEach(StoredObjectsFuzz::check);
    }
  }

  private static void check(Condition condition) {
    if (condition.message().length() > LONGEST_MESSAGE) {
      throw new AssertionError(
          "the API server refuses a message of " + condition.message().length());
    }
  }
}
