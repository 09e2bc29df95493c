package dev.pointsman.analyze;

import dev.pointsman.analyze.RouteRule.RouteBackend;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.ModelHeader;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Models of rules that the model servers of their pools do not know by this name. Servers are known by the flags of vLLM,
 * which others have, too; adapters and objects that rename models make the names unknown.
 */
final class ServedModelChecks implements Check {
  private static final List<String> RENAMING = List.of("InferenceModelRewrite", "InferenceModel");

  @Override
  public void check(Manifests manifests, FindingCollector report) {
    Set<String> renamed = new HashSet<>();
    manifests
        .all()
        .filter(one -> RENAMING.contains(one.object().kind()))
        .forEach(one -> renamed.add(one.object().namespace()));
    for (RouteRule rule : manifests.rules()) {
      rule.matches()
          .forEach((path, match) -> Manifests.items(match, path, "headers")
              .forEach((one, header) -> model(header)
                  .ifPresent(model -> rule.pools().stream()
                      .filter(pool -> !renamed.contains(pool.pool().namespace()))
                      .filter(pool -> areRead(manifests, pool.pool().namespace()))
                      .forEach(pool -> served(manifests, report, rule, pool, one, model)))));
    }
  }

  private static boolean areRead(Manifests manifests, String namespace) {
    return manifests.workloads().areRead(namespace)
        && manifests.isRead(GatewayApi.MODEL_REWRITE, namespace)
        && manifests.isRead(GatewayApi.INFERENCE_MODEL, namespace);
  }

  private static Optional<String> model(JsonNode header) {
    return Optional.of(header.path("value").asString(""))
        .filter(
            _ -> header.path("name").asString("").toLowerCase(Locale.ROOT).equals(ModelHeader.NAME))
        .filter(_ -> header.path("type").asString("Exact").equals("Exact"));
  }

  private static void served(
      Manifests manifests,
      FindingCollector report,
      RouteRule rule,
      RouteBackend backend,
      String path,
      String model) {
    List<Set<String>> names = manifests.objects().pools().keySet().stream()
        .filter(pool -> pool.ref().equals(backend.pool()))
        .flatMap(pool ->
            manifests.workloads().selected(pool.ref().namespace(), pool.selector()).stream())
        .map(ServedModelChecks::names)
        .toList();
    if (!names.isEmpty()
        && names.stream().noneMatch(Set::isEmpty)
        && names.stream().noneMatch(known -> known.contains(model))) {
      report.add(
          rule.route(),
          Reason.ModelNotServed,
          path + ".value",
          "is " + model + ", and the pods of InferencePool " + backend.pool() + " serve "
              + String.join(", ", names.getFirst()),
          "The model server answers 404 for the name in the body",
          "Start it with --served-model-name " + model + ", or match the name that it serves");
    }
  }

  /** The names of the models that a pod serves; none if they are not known. */
  private static Set<String> names(Workload workload) {
    Set<String> names = new TreeSet<>();
    for (Workload.Container container : workload.containers()) {
      List<String> words = Stream.of("command", "args")
          .flatMap(list -> container.node().path(list).values().stream())
          .map(word -> word.asString(""))
          .toList();
      Map<String, String> flags = container.flags();
      if (flags.keySet().stream().anyMatch(flag -> flag.contains("lora"))
          || words.stream().anyMatch(word -> word.contains("$(") || word.contains("\n"))) {
        return Set.of();
      }
      names.addAll(values(words, flags, "served-model-name"));
      if (!flags.containsKey("served-model-name")) {
        names.addAll(values(words, flags, "model"));
      }
    }
    return names;
  }

  /** The values of a flag, which may have several. */
  private static List<String> values(List<String> words, Map<String, String> flags, String flag) {
    int start = words.indexOf("--" + flag);
    return start < 0
        ? flags.entrySet().stream()
            .filter(one -> one.getKey().equals(flag))
            .map(Map.Entry::getValue)
            .toList()
        : words.stream()
            .skip(start + 1)
            .takeWhile(word -> !word.startsWith("-"))
            .toList();
  }
}
