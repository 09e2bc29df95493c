package dev.pointsman.model;

import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * An InferencePolicy reduced to the relevant fields and to the size limit of a record. A translation carries each
 * policy once, in the resources that Envoy Gateway sends and limits. The names of its models become routes, which are
 * limited too.
 */
public final class CarriedPolicy {
  /** The largest {@code spec}, in bytes of JSON: some 600 models. */
  public static final int MOST_BYTES = 16 << 10;

  /** The field with the number of omitted models; negative if all but the targets is omitted. */
  static final String LEFT_OUT = "leftOutModels";

  /** The limit for nesting. No supported field is deeper, and Envoy refuses messages with a hundred levels. */
  private static final int MAX_DEPTH = 12;

  private CarriedPolicy() {}

  /**
   * The reduced policy. If it is too large, models are omitted, the last ones first. If that is not enough, or if it is
   * nested too deeply, only its targets are kept. Reducing a reduced policy has no effect.
   *
   * @param object the whole object
   */
  public static ObjectNode of(JsonNode object) {
    ObjectNode carried = JsonNodeFactory.instance.objectNode();
    for (String field : List.of("apiVersion", "kind", LEFT_OUT)) {
      if (object.has(field)) {
        carried.set(field, object.path(field));
      }
    }
    ObjectNode metadata = carried.putObject("metadata");
    for (String field : List.of("name", "namespace", "creationTimestamp")) {
      if (object.path("metadata").has(field)) {
        metadata.set(field, object.path("metadata").path(field));
      }
    }
    JsonNode spec = object.path("spec");
    if (isDeeper(spec, MAX_DEPTH)) {
      keepTargets(carried, spec);
    } else if (bytes(spec) > MOST_BYTES) {
      shorten(carried, spec);
    } else if (!spec.isMissingNode()) {
      carried.set("spec", spec);
    }
    return carried;
  }

  /** Reduces the policy to its targets. */
  static void keepTargets(ObjectNode carried, JsonNode spec) {
    JsonNode refs = spec.path("targetRefs");
    ObjectNode targets = carried.putObject("spec");
    if (!isDeeper(refs, 3) && bytes(refs) <= MOST_BYTES / 2) {
      targets.set("targetRefs", refs);
    }
    carried.put(LEFT_OUT, -1);
  }

  /** The size of a value as JSON, in bytes. */
  public static int bytes(JsonNode node) {
    return node.toString().getBytes(StandardCharsets.UTF_8).length;
  }

  private static void shorten(ObjectNode carried, JsonNode spec) {
    JsonNode models = spec.path("models");
    ArrayNode kept = JsonNodeFactory.instance.arrayNode();
    int remaining = MOST_BYTES - (bytes(spec) - bytes(models));
    for (JsonNode model : models) {
      remaining -= bytes(model) + 1; // the comma
      if (remaining < 0) {
        break;
      }
      kept.add(model);
    }
    if (!models.isArray() || bytes(spec) - bytes(models) > MOST_BYTES) {
      keepTargets(carried, spec);
      return;
    }
    ObjectNode shortened = carried.putObject("spec");
    spec.forEachEntry((name, value) -> {
      if (!name.equals("models")) {
        shortened.set(name, value);
      } else if (!kept.isEmpty()) {
        shortened.set(name, kept);
      }
    });
    carried.put(LEFT_OUT, models.size() - kept.size());
  }

  private static boolean isDeeper(JsonNode node, int depth) {
    return node.isContainer()
        && (depth == 0 || node.values().stream().anyMatch(child -> isDeeper(child, depth - 1)));
  }
}
