package dev.pointsman.model;

import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.InferencePolicy.ModelSettings;
import dev.pointsman.model.InferencePolicy.OnUnknown;
import dev.pointsman.model.InferencePolicy.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Reads an InferencePolicy ({@code pointsman.dev/v1alpha1}) with its defaults. The same rules stand in the
 * CustomResourceDefinition, but a policy from a file has met no API server.
 */
public final class PolicyParser {
  private static final String GATEWAY_API = "gateway.networking.k8s.io";
  private static final int MAX_TARGETS = 16;
  /** Envoy counts its buffers in 32 bits. */
  private static final long LARGEST_BODY = 2L << 30;

  private static final String MODEL_HEADER = "X-Gateway-Model-Name";

  /** Headers that would change what a request means, or that the gateway uses for something else. */
  private static final Set<String> TAKEN = Set.of(
      "authorization",
      "connection",
      "content-encoding",
      "content-length",
      "content-type",
      "cookie",
      "host",
      "te",
      "transfer-encoding",
      "upgrade",
      ModelHeader.BASE_NAME,
      "x-gateway-destination-endpoint");

  private static final Pattern HEADER_NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,256}");

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
        .filter(target -> target.kind().equals("Gateway") || target.kind().equals("HTTPRoute"))
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
        spec.object("model").map(this::settings),
        models.models(),
        spec.choice("modelsFrom", "InferenceModel").isPresent(),
        models.mirrors(),
        limits.outlierDetection(),
        limits.picker(),
        spec.choice("tokenUsage", "Enabled", "Disabled").map("Enabled"::equals),
        PolicyIdentity.of(spec),
        PolicyExplain.of(spec),
        models.fallback(spec),
        PolicySubset.of(spec));
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
          ref.choice("kind", "Gateway", "HTTPRoute").orElse(""),
          ref.required("name", "name the Gateway or HTTPRoute"),
          ref.string("sectionName").orElse(""));
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

  private ModelSettings settings(Fields model) {
    Optional<String> header = model.string("header");
    if (header.isPresent() && !HEADER_NAME.matcher(header.get()).matches()) {
      model.problem("header", "is \"" + header.get() + "\": not the name of a header");
    } else if (header.isPresent() && TAKEN.contains(header.get().toLowerCase(Locale.ROOT))) {
      model.problem("header", "is \"" + header.get() + "\", which has a meaning of its own");
    }
    Optional<Boolean> extraction =
        model.choice("extraction", "Enabled", "Disabled").map("Enabled"::equals);
    if (header.isPresent() && !extraction.orElse(true)) {
      model.remark(
          "header",
          "has no effect with extraction: Disabled; a client or filter that sets the model's name sets "
              + MODEL_HEADER);
    }
    return new ModelSettings(
        header
            .map(name -> name.toLowerCase(Locale.ROOT))
            .filter(name -> !name.equalsIgnoreCase(MODEL_HEADER)),
        extraction,
        bodyLimit(model),
        model.choice("onUnknown", "NotFound", "PassThrough").orElse("NotFound").equals("NotFound")
            ? OnUnknown.NOT_FOUND
            : OnUnknown.PASS_THROUGH,
        model.choice("list", "Enabled", "Disabled").map("Enabled"::equals));
  }

  private static OptionalLong bodyLimit(Fields model) {
    Optional<JsonNode> limit = model.node("bodyLimit");
    if (limit.isEmpty()) {
      return OptionalLong.empty();
    }
    String text = limit.get().isString() ? limit.get().asString() : limit.get().toString();
    Optional<ByteSize> size = ByteSize.read(text);
    if (size.filter(read -> read.bytes() <= LARGEST_BODY).isPresent()) {
      return OptionalLong.of(size.get().bytes());
    }
    String most = new ByteSize(LARGEST_BODY).toString();
    model.problem("bodyLimit", "is " + text + ": use a size up to " + most + ", such as 20Mi");
    return OptionalLong.empty();
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
      } else if (target.kind().equals("Gateway") && routing) {
        String part = Stream.of("mirrors", "models", "modelsFrom", "fallback", "subset")
            .filter(spec::has)
            .findFirst()
            .orElseThrow();
        spec.problem(part, "is for HTTPRoutes, but the policy targets Gateway " + target.name());
      }
    }
    if (!routing
        && !spec.has("model")
        && policy.outlierDetection().isEmpty()
        && policy.endpointPicker().isEmpty()
        && policy.countsTokens().isEmpty()
        && policy.identity().isEmpty()
        && policy.explain().isEmpty()
        && findings.isSound()) {
      spec.problem("says nothing: set model, models, modelsFrom, mirrors, fallback, subset,"
          + " outlierDetection, endpointPicker, tokenUsage, identity or explain");
    }
  }
}
