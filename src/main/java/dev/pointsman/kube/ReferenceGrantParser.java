package dev.pointsman.kube;

import dev.pointsman.model.Parsed;
import dev.pointsman.model.ReferenceGrant;
import dev.pointsman.model.ReferenceGrant.From;
import dev.pointsman.model.ReferenceGrant.To;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Reads a ReferenceGrant. An entry that lacks a field permits nothing. */
public final class ReferenceGrantParser {
  private ReferenceGrantParser() {}

  /**
   * Reads a ReferenceGrant.
   *
   * @param object the whole object, as the API server or a YAML file gives it
   */
  public static Parsed<ReferenceGrant> parse(JsonNode object) {
    KubeObject grant = new KubeObject(object);
    if (grant.name().isEmpty()) {
      return grant.invalid("metadata.name", "is missing");
    }
    List<From> from = new ArrayList<>();
    for (JsonNode one : object.path("spec").path("from")) {
      from.add(new From(
          one.path("group").asString(""),
          one.path("kind").asString(""),
          one.path("namespace").asString("")));
    }
    List<To> to = new ArrayList<>();
    for (JsonNode one : object.path("spec").path("to")) {
      to.add(new To(
          one.path("group").asString(""),
          one.path("kind").asString(""),
          one.path("name").asString("")));
    }
    return new Parsed.Valid<>(new ReferenceGrant(grant.namespace(), from, to), List.of());
  }
}
