package dev.pointsman.kube;

import dev.pointsman.model.AdapterMap;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.Fields;
import dev.pointsman.model.Findings;
import dev.pointsman.model.Parsed;
import dev.pointsman.model.UserStrings;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Reads the ConfigMaps in which the Inference Extension's body-based routing finds base models and adapters. */
public final class AdapterMapParser {
  /** The label of these ConfigMaps, with the value {@code true}. */
  public static final String LABEL = "inference.networking.k8s.io/bbr-managed";

  /** The bound of the names of one ConfigMap, in bytes: some 8,000 adapters. */
  private static final int MOST_BYTES = 256 << 10;

  private static final Set<String> KEYS = Set.of("baseModel", "adapters");
  private static final YAMLMapper YAML = YAMLMapper.shared();

  private AdapterMapParser() {}

  /** Whether the ConfigMap has the label. */
  public static boolean isAdapterMap(KubeObject configMap) {
    return configMap.labels().getOrDefault(LABEL, "").equals("true");
  }

  /**
   * Parses a ConfigMap with the label.
   *
   * @param object the whole object, as the API server or a YAML file gives it
   */
  public static Parsed<AdapterMap> parse(JsonNode object) {
    KubeObject configMap = new KubeObject(object);
    Findings findings = configMap.findings();
    Fields data = configMap.fields(findings).part("data");
    String base = data.text("baseModel").strip();
    if (base.isEmpty()) {
      data.problem("baseModel", "is missing: name the model of the adapters");
    }
    data.check("baseModel", base, UserStrings::refusedModel);
    for (String key : object.path("data").propertyNames()) {
      if (!KEYS.contains(key)) {
        data.remark(key, "is ignored: the keys are baseModel and adapters");
      }
    }
    List<String> adapters = new ArrayList<>();
    try {
      readAdapters(findings, data, adapters);
    } catch (JacksonException e) {
      data.problem("adapters", "is not a YAML list: " + e.getOriginalMessage());
    }
    return findings.parsed(
        () -> new AdapterMap(configMap.namespace(), configMap.name(), base, adapters));
  }

  /**
   * Reads the list item by item, so the cost is bounded by the kept names, not by the nesting or length of the list. An
   * item that cannot be a model's name is skipped.
   */
  private static void readAdapters(Findings findings, Fields data, List<String> adapters) {
    int items = 0;
    int bytes = 0;
    try (JsonParser parser = YAML.createParser(data.text("adapters"))) {
      JsonToken token = parser.nextToken();
      if (token == null || token == JsonToken.VALUE_NULL) {
        return;
      }
      if (token != JsonToken.START_ARRAY) {
        throw new StreamReadException(parser, "it is something else");
      }
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        items++;
        Optional<String> refusal = parser.currentToken() == JsonToken.VALUE_STRING
            ? UserStrings.refusedModel(parser.getString())
            : Optional.of("is not a string");
        if (refusal.isPresent()) {
          parser.skipChildren();
          data.remark("adapters[" + (items - 1) + "]", refusal.get() + ": left out");
        } else if (bytes <= MOST_BYTES) {
          bytes += parser.getString().getBytes(StandardCharsets.UTF_8).length;
          if (bytes <= MOST_BYTES) {
            adapters.add(parser.getString());
          }
        }
      }
    }
    if (bytes > MOST_BYTES) {
      findings.remark(
          Reason.TooLarge,
          data.path("adapters"),
          "has " + items + " items; the items after number " + adapters.size()
              + " are left out: the names of one ConfigMap may have " + MOST_BYTES + " bytes");
    }
  }
}
