package dev.pointsman.chart;

import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The manifests that Helm made of the chart. */
record Rendered(String yaml) {
  private static final YAMLMapper MAPPER = new YAMLMapper();

  static JsonNode parse(String yaml) {
    return MAPPER.readTree(yaml);
  }

  /** Every object, in order. */
  List<JsonNode> objects() {
    return MAPPER.readerFor(JsonNode.class).<JsonNode>readValues(yaml).readAll().stream()
        .filter(object -> !object.isNull() && !object.isEmpty())
        .toList();
  }

  /** The one object of this kind and name. */
  JsonNode object(String kind, String name) {
    List<JsonNode> found = of(kind)
        .filter(object -> object.at("/metadata/name").asString().equals(name))
        .toList();
    if (found.size() != 1) {
      throw new AssertionError(found.size() + " objects " + kind + " " + name);
    }
    return found.getFirst();
  }

  Stream<JsonNode> of(String kind) {
    return objects().stream().filter(object -> object.path("kind").asString().equals(kind));
  }

  /** The same without what is different each time: keys and certificates that Helm made. */
  String masked() {
    return yaml.replaceAll("(?m)^(  (?:tls\\.crt|tls\\.key|ca\\.crt)): \\S{100,}$", "$1: bWFza2Vk")
        .replaceAll(
            "(?m)^( +)-----BEGIN CERTIFICATE-----\n(?: +[\\w+/=]+\n){4,} +-----END CERTIFICATE-----",
            "$1-----BEGIN CERTIFICATE-----\n$1masked\n$1-----END CERTIFICATE-----");
  }
}
