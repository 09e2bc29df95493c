package dev.pointsman.model;

import dev.pointsman.model.InferencePolicy.Backend;
import dev.pointsman.model.InferencePolicy.Destination;
import dev.pointsman.model.InferencePolicy.FallbackSpec;
import dev.pointsman.model.InferencePolicy.MirrorSpec;
import dev.pointsman.model.InferencePolicy.ModelSpec;
import dev.pointsman.model.InferencePolicy.StageSpec;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NumericNode;

/** Reads the models, mirrors and fallbacks of a policy. */
final class PolicyModels {
  /** The limit for models. Each name of a model becomes a route, so that models and aliases are limited. */
  private static final int MAX_MODELS = 256;

  private static final int MAX_ALIASES = 64;
  private static final int MAX_BACKENDS = 16;
  private static final int MAX_MIRRORS = 8;
  private static final int MAX_STAGES = 4;
  private static final int MAX_WEIGHT = 1_000_000;

  /** The reasons of a fallback. */
  private static final List<String> WHEN = List.of("Unavailable", "Overloaded");

  private final Fields spec;
  private final String namespace;

  /**
   * Creates a reader.
   *
   * @param namespace the policy's, the default of its references
   */
  PolicyModels(Fields spec, String namespace) {
    this.spec = spec;
    this.namespace = namespace;
  }

  List<ModelSpec> models() {
    List<ModelSpec> models = new ArrayList<>();
    Map<String, String> firstPaths = new HashMap<>();
    for (Fields model : spec.objects("models", MAX_MODELS)) {
      String name = model.required("name", "write the model's name as clients do");
      checkName(model, "name", name, firstPaths);
      List<String> aliases = model.strings("aliases", MAX_ALIASES);
      for (int i = 0; i < aliases.size(); i++) {
        if (aliases.get(i).isEmpty()) {
          model.problem("aliases[" + i + "]", "is empty");
        }
        checkName(model, "aliases[" + i + "]", aliases.get(i), firstPaths);
      }
      models.add(new ModelSpec(name, aliases, backends(model), fallback(model)));
    }
    return models;
  }

  private static void checkName(
      Fields model, String field, String name, Map<String, String> firstPaths) {
    if (name.isEmpty()) {
      return; // already reported
    }
    UserStrings.refusedModel(name).ifPresent(why -> model.problem(field, why));
    String first = firstPaths.putIfAbsent(name, model.path(field));
    if (first != null) {
      model.problem(field, "is \"" + name + "\", as " + first + " is: a name goes to one place");
    }
  }

  private List<Backend> backends(Fields model) {
    List<Backend> backends = new ArrayList<>();
    for (Fields backend : model.objects("backends", MAX_BACKENDS)) {
      int weight = backend.integer("weight", 0, MAX_WEIGHT).orElse(1);
      Optional<String> other = otherName(backend);
      if (backend.has("pool") && other.isPresent()) {
        backend.problem(
            "model",
            "is for a Service: a pool's picker rewrites models itself (InferenceModelRewrite)");
      }
      destination(backend).ifPresent(to -> backends.add(new Backend(to, weight, other)));
    }
    if (model.node("backends").filter(list -> list.isArray() && list.isEmpty()).isPresent()) {
      model.problem("backends", "is empty: name a pool or a Service, or leave it out");
    }
    return backends;
  }

  /** The fallback of the policy or of a model. */
  Optional<FallbackSpec> fallback(Fields part) {
    return part.object("fallback").map(fallback -> {
      List<String> when = fallback.strings("when", 2);
      for (int i = 0; i < when.size(); i++) {
        if (!WHEN.contains(when.get(i)) || when.indexOf(when.get(i)) < i) {
          fallback.problem(
              "when[" + i + "]",
              "is \"" + when.get(i) + "\": use each of " + WHEN + " once at most");
        }
      }
      if (fallback.has("when") && when.isEmpty()) {
        fallback.problem("when", "is empty: use " + WHEN + ", or leave it out for both");
      }
      return new FallbackSpec(
          stages(fallback),
          when.isEmpty() || when.contains("Unavailable"),
          when.isEmpty() || when.contains("Overloaded"));
    });
  }

  private List<StageSpec> stages(Fields fallback) {
    List<StageSpec> stages = new ArrayList<>();
    Set<Destination> destinations = new HashSet<>();
    for (Fields stage : fallback.objects("to", MAX_STAGES)) {
      Optional<String> model = otherName(stage);
      destination(stage).ifPresent(to -> {
        if (!destinations.add(to)) {
          stage.problem("is there twice: a stage that has failed is not asked again");
        }
        stages.add(new StageSpec(to, model));
      });
    }
    if (!fallback.has("to") || fallback.node("to").orElseThrow().isEmpty()) {
      fallback.problem("to", "is missing or empty: name a pool or a Service");
    }
    return stages;
  }

  /** The name by which another server knows the model. */
  private static Optional<String> otherName(Fields part) {
    Optional<String> model = part.string("model");
    model.flatMap(UserStrings::refusedModel).ifPresent(refusal -> part.problem("model", refusal));
    return model;
  }

  List<MirrorSpec> mirrors() {
    List<MirrorSpec> mirrors = new ArrayList<>();
    for (Fields mirror : spec.objects("mirrors", MAX_MIRRORS)) {
      int perMillion = perMillion(mirror);
      Optional<String> picker = mirror.choice("endpointPicker", "Use", "Skip");
      if (mirror.has("service") && picker.filter("Use"::equals).isPresent()) {
        mirror.problem("endpointPicker", "is Use, but only a pool has an endpoint picker");
      }
      Optional<String> model = otherName(mirror);
      destination(mirror)
          .ifPresent(to -> mirrors.add(new MirrorSpec(
              to,
              perMillion,
              to instanceof Destination.Pool && picker.filter("Skip"::equals).isEmpty(),
              model)));
    }
    return mirrors;
  }

  /** Reads a percentage in millionths, Envoy's finest fraction. */
  private static int perMillion(Fields mirror) {
    Optional<JsonNode> percent = mirror.node("percent");
    if (percent.isEmpty()) {
      return 1_000_000;
    }
    if (percent.get() instanceof NumericNode given && !given.isNaN()) {
      BigDecimal number = given.decimalValue();
      boolean within = number.signum() >= 0 && number.compareTo(BigDecimal.valueOf(100)) <= 0;
      if (within && number.stripTrailingZeros().scale() <= 4) {
        return number.movePointRight(4).intValueExact();
      }
    }
    mirror.problem(
        "percent",
        "is " + percent.get() + ": use a number from 0 to 100 with at most four decimals");
    return 0;
  }

  private Optional<Destination> destination(Fields part) {
    Optional<Destination> pool = part.object("pool").map(this::pool);
    Optional<Destination> service = part.object("service").map(this::service);
    if (part.has("pool") == part.has("service")) {
      part.problem(
          part.has("pool")
              ? "has both pool and service: use one"
              : "has neither pool nor service: use one");
      return Optional.empty();
    }
    return pool.or(() -> service);
  }

  private Destination pool(Fields pool) {
    String name = pool.required("name", "name the InferencePool");
    pool.check("name", name, UserStrings::refusedName);
    return new Destination.Pool(new PoolRef(
        pool.choice("group", PoolRef.V1, PoolRef.V1ALPHA2).orElse(PoolRef.V1),
        namespace(pool),
        name));
  }

  private Destination service(Fields service) {
    if (!service.has("port")) {
      service.problem("port", "is missing: use the Service's port");
    }
    String name = service.required("name", "name the Service");
    service.check("name", name, UserStrings::refusedLabel);
    return new Destination.ServiceDestination(new ServicePort(
        namespace(service), name, service.integer("port", 1, 65535).orElse(0)));
  }

  private String namespace(Fields ref) {
    String explicit = ref.string("namespace").orElse("");
    ref.check("namespace", explicit, UserStrings::refusedLabel);
    return explicit.isEmpty() ? namespace : explicit;
  }
}
