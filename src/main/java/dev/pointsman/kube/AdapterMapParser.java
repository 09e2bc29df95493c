package dev.pointsman.kube;

import dev.pointsman.model.AdapterMap;
import dev.pointsman.model.Parsed;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Reads the ConfigMaps in which the Inference Extension's body-based routing finds base models and adapters. */
public final class AdapterMapParser {
  /** The label, with the value {@code true}, by which they are known. */
  public static final String LABEL = "inference.networking.k8s.io/bbr-managed";

  private static final YAMLMapper YAML = YAMLMapper.shared();

  private AdapterMapParser() {}

  /** Whether the ConfigMap is one of them. */
  public static boolean isAdapterMap(KubeObject configMap) {
    return configMap.labels().getOrDefault(LABEL, "").equals("true");
  }

  /**
   * Reads such a ConfigMap.
   *
   * @param object the whole object, as the API server or a YAML file gives it
   */
  public static Parsed<AdapterMap> parse(JsonNode object) {
    KubeObject configMap = new KubeObject(object);
    if (configMap.name().isEmpty()) {
      return configMap.invalid("metadata.name", "is missing");
    }
    String base = object.path("data").path("baseModel").asString("").strip();
    if (base.isEmpty()) {
      return configMap.invalid("data.baseModel", "is missing: name the model of the adapters");
    }
    try {
      JsonNode list = YAML.readTree(object.path("data").path("adapters").asString(""));
      List<String> adapters = new ArrayList<>();
      for (JsonNode adapter : list) {
        if (!adapter.isString() || adapter.asString().isEmpty()) {
          return configMap.invalid("data.adapters", "has " + adapter + ": not a model's name");
        }
        adapters.add(adapter.asString());
      }
      return list.isArray() || list.isMissingNode() || list.isNull()
          ? new Parsed.Valid<>(
              new AdapterMap(configMap.namespace(), configMap.name(), base, adapters), List.of())
          : configMap.invalid("data.adapters", "is not a YAML list");
    } catch (JacksonException e) {
      return configMap.invalid("data.adapters", "is not YAML: " + e.getOriginalMessage());
    }
  }
}
