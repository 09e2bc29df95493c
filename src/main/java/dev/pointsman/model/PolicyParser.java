package dev.pointsman.model;

import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.InferencePolicy.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Reads an InferencePolicy ({@code pointsman.dev/v1alpha1}) with its defaults. The same rules stand in the
 * CustomResourceDefinition, but a policy from a file has met no API server.
 */
public final class PolicyParser {
  private static final String GATEWAY_API = "gateway.networking.k8s.io";
  private static final int MAX_TARGETS = 16;
  private static final Set<String> KINDS = Set.of("GatewayClass", "Gateway", "HTTPRoute");

  private final Fields spec;
  private final Findings findings;
  private final int leftOut;

  private PolicyParser(Findings findings, JsonNode object) {
    this.findings = findings;
    this.spec = Fields.of(findings, object).part("spec");
    this.leftOut = object.path(CarriedPolicy.LEFT_OUT).asInt(0);
  }

  /** Whether the object is an InferencePolicy of the version that we serve. */
  public static boolean isPolicy(JsonNode object) {
    return object.path("kind").asString("").equals(InferencePolicy.KIND)
        && object.path("apiVersion").asString("").equals(InferencePolicy.API_VERSION);
  }

  /**
   * Reads a policy.
   *
   * @param object the whole object, as the API server, Envoy Gateway or a YAML file gives it
   */
  public static Parsed<InferencePolicy> parse(JsonNode object) {
    Findings findings = findings(object);
    Optional<InferencePolicy> policy = parse(CarriedPolicy.of(object), findings);
    return findings.parsed(policy::orElseThrow);
  }

  /** The targets of a policy that can be read, also where the policy is not valid. */
  public static List<Target> targets(JsonNode object) {
    return object.path("spec").path("targetRefs").values().stream()
        .map(ref -> new Target(
            ref.path("kind").asString(""),
            ref.path("name").asString(""),
            ref.path("sectionName").asString("")))
        .filter(target -> KINDS.contains(target.kind()))
        .filter(target -> !target.name().isEmpty())
        .distinct()
        .toList();
  }

  private static Findings findings(JsonNode object) {
    JsonNode metadata = object.path("metadata");
    String name = metadata.path("name").asString("");
    return new Findings(
        Reason.InvalidPolicy,
        new ObjectRef(
            InferencePolicy.KIND,
            metadata.path("namespace").asString("default"),
            name.isEmpty() ? "(unnamed)" : name));
  }

  private static Optional<InferencePolicy> parse(JsonNode object, Findings findings) {
    JsonNode metadata = object.path("metadata");
    String name = metadata.path("name").asString("");
    if (!isPolicy(object)) {
      findings.problem(
          "apiVersion",
          "and kind are not " + InferencePolicy.API_VERSION + " " + InferencePolicy.KIND);
    } else if (name.isEmpty()) {
      findings.problem("metadata.name", "is missing");
    } else if (!object.path("spec").isObject()) {
      findings.problem("spec", "is missing");
    } else if (object.path(CarriedPolicy.LEFT_OUT).asInt(0) < 0) {
      findings.problem(
          Reason.TooLarge,
          "spec",
          "is nested too deeply, or has more than " + CarriedPolicy.MOST_BYTES
              + " bytes (as JSON) without its models");
    } else {
      String created = metadata.path("creationTimestamp").asString("");
      String namespace = metadata.path("namespace").asString("default");
      return Optional.of(new PolicyParser(findings, object).read(namespace, name, created));
    }
    return Optional.empty();
  }

  private InferencePolicy read(String namespace, String name, String created) {
    PolicyModels models = new PolicyModels(spec, namespace);
    PolicyLimits limits = new PolicyLimits(spec);
    InferencePolicy policy = new InferencePolicy(
        namespace,
        name,
        created,
        targets(),
        PolicyModelSettings.of(spec),
        models.models(),
        spec.choice("modelsFrom", "InferenceModel").isPresent(),
        models.mirrors(),
        limits.outlierDetection(),
        limits.picker(),
        limits.upstreamTls(),
        spec.choice("tokenUsage", "Enabled", "Disabled").map("Enabled"::equals),
        PolicyIdentity.of(spec),
        PolicyExplain.of(spec),
        models.fallback(spec),
        PolicySubset.of(spec, namespace));
    checkFit(policy);
    if (leftOut > 0) {
      findings.remark(
          Reason.TooLarge,
          spec.path("models"),
          "has " + (leftOut + policy.models().size()) + " models, of which the last " + leftOut
              + " are left out: a policy has at most " + CarriedPolicy.MOST_BYTES
              + " bytes (as JSON); ConfigMaps may name more adapters");
    }
    findings.remarkUnknownFields();
    return policy;
  }

  private List<Target> targets() {
    List<Target> targets = new ArrayList<>();
    for (Fields ref : spec.objects("targetRefs", MAX_TARGETS)) {
      ref.choice("group", GATEWAY_API); // Envoy Gateway looks at the kind only
      if (!ref.has("kind")) {
        ref.problem("kind", "is missing: use Gateway or HTTPRoute");
      }
      Target target = new Target(
          ref.choice("kind", "Gateway", "HTTPRoute", "GatewayClass").orElse(""),
          ref.required("name", "name the Gateway or HTTPRoute"),
          ref.string("sectionName").orElse(""));
      if (target.kind().equals("GatewayClass") && !target.sectionName().isEmpty()) {
        ref.problem(
            "sectionName", "is for Gateways and HTTPRoutes, but the target is a GatewayClass");
      }
      if (targets.contains(target)) {
        ref.problem("is there twice");
      }
      targets.add(target);
    }
    if (!spec.has("targetRefs") || spec.node("targetRefs").orElseThrow().isEmpty()) {
      spec.problem("targetRefs", "is missing or empty: name a Gateway or an HTTPRoute");
    }
    return targets;
  }

  /** Every part has to mean something where the policy is attached. */
  private void checkFit(InferencePolicy policy) {
    boolean routing = !policy.models().isEmpty()
        || policy.modelsFromInferenceModels()
        || !policy.mirrors().isEmpty()
        || policy.fallback().isPresent()
        || policy.subset().isPresent();
    for (Target target : policy.targets()) {
      if (target.kind().equals("HTTPRoute") && spec.has("model")) {
        spec.problem("model", "is for Gateways, but the policy targets HTTPRoute " + target.name());
      } else if (!target.kind().equals("HTTPRoute") && routing) {
        String part = Stream.of("mirrors", "models", "modelsFrom", "fallback", "subset")
            .filter(spec::has)
            .findFirst()
            .orElseThrow();
        spec.problem(
            part,
            "is for HTTPRoutes, but the policy targets " + target.kind() + " " + target.name());
      }
    }
    if (!routing
        && !spec.has("model")
        && policy.outlierDetection().isEmpty()
        && policy.endpointPicker().isEmpty()
        && policy.upstreamTls().isEmpty()
        && policy.countsTokens().isEmpty()
        && policy.identity().isEmpty()
        && policy.explain().isEmpty()
        && findings.isSound()) {
      spec.problem("says nothing: set model, models, modelsFrom, mirrors, fallback, subset,"
          + " outlierDetection, endpointPicker, upstreamTLS, tokenUsage, identity or explain");
    }
  }
}
