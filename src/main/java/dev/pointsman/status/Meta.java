package dev.pointsman.status;

import dev.pointsman.model.ClusterSnapshot.ObjectName;
import tools.jackson.databind.JsonNode;

/** The metadata of an object. */
record Meta(String namespace, String name, String uid, long generation) {
  static Meta of(JsonNode object) {
    JsonNode metadata = object.path("metadata");
    return new Meta(
        metadata.path("namespace").asString("default"),
        metadata.path("name").asString(""),
        metadata.path("uid").asString(""),
        metadata.path("generation").asLong(0));
  }

  ObjectName objectName() {
    return new ObjectName(namespace, name);
  }
}
