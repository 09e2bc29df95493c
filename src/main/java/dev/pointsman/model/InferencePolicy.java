package dev.pointsman.model;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Settings for inference that Gateway API does not have ({@code pointsman.dev/v1alpha1}). Attached to a Gateway, one of
 * its listeners, an HTTPRoute or one of its rules. Every part is optional.
 *
 * @param created the object's creation timestamp as in the object (RFC 3339), which orders policies by age; empty if
 *     unknown
 * @param models models whose routes precede the rule's, in the order of the object
 * @param modelsFromInferenceModels whether v1alpha2 InferenceModels bound to the rule's pools add models
 * @param countsTokens whether the tokens of responses are counted
 * @param identity the headers by which pickers tell clients apart
 * @param explain the requests whose responses explain themselves
 * @param fallback the stages after the rule's own backends
 * @param upstreamTls the security of the connections to the pools' pods; empty: plaintext
 * @param subset the pods of the rule's pools that serve its requests; empty: all
 */
public record InferencePolicy(
    String namespace,
    String name,
    String created,
    List<Target> targets,
    Optional<ModelSettings> model,
    List<ModelSpec> models,
    boolean modelsFromInferenceModels,
    List<MirrorSpec> mirrors,
    Optional<OutlierDetection> outlierDetection,
    Optional<PickerSpec> endpointPicker,
    Optional<UpstreamTlsSpec> upstreamTls,
    Optional<Boolean> countsTokens,
    Optional<Identity> identity,
    Optional<Explain> explain,
    Optional<FallbackSpec> fallback,
    Optional<Subset> subset) {
  /** The API group. */
  public static final String GROUP = "pointsman.dev";
  /** The only version. */
  public static final String API_VERSION = GROUP + "/v1alpha1";
  /** The object's kind. */
  public static final String KIND = "InferencePolicy";

  public InferencePolicy {
    targets = List.copyOf(targets);
    models = List.copyOf(models);
    mirrors = List.copyOf(mirrors);
  }

  /** The pools and Services that it names. */
  public Stream<Destination> destinations() {
    return Stream.of(
            mirrors.stream().map(MirrorSpec::destination),
            models.stream().flatMap(model -> model.backends().stream()).map(Backend::destination),
            Stream.concat(
                    fallback.stream(), models.stream().flatMap(model -> model.fallback().stream()))
                .flatMap(one -> one.to().stream())
                .map(StageSpec::destination))
        .flatMap(destinations -> destinations);
  }

  /** The policy as an object. */
  public ObjectRef ref() {
    return new ObjectRef(KIND, namespace, name);
  }

  /**
   * A target of the policy, in the policy's namespace.
   *
   * @param kind Gateway or HTTPRoute
   * @param sectionName a Gateway's listener or an HTTPRoute's rule; empty for the whole object
   */
  public record Target(String kind, String name, String sectionName) {}

  /**
   * A model, with other names for it such as LoRA adapters.
   *
   * @param backends its destination; empty: the rule's own
   * @param fallback the stages after its backends; empty: the policy's
   */
  public record ModelSpec(
      String name, List<String> aliases, List<Backend> backends, Optional<FallbackSpec> fallback) {
    public ModelSpec {
      aliases = List.copyOf(aliases);
      backends = List.copyOf(backends);
    }
  }

  /** A destination of requests. */
  public sealed interface Destination {
    record Pool(PoolRef ref) implements Destination {}

    record ServiceDestination(ServicePort port) implements Destination {}
  }

  /**
   * A share of a model's requests.
   *
   * @param weight 0 to 1,000,000
   * @param model the model's name in the bodies of a Service's requests; empty: the client's
   */
  public record Backend(Destination destination, int weight, Optional<String> model) {}

  /**
   * The stages that requests fall back to, in their order.
   *
   * @param onUnavailable whether a refused connection, a reset and a 503 fall back
   * @param onOverloaded whether a 429 falls back
   */
  public record FallbackSpec(List<StageSpec> to, boolean onUnavailable, boolean onOverloaded) {
    public FallbackSpec {
      to = List.copyOf(to);
    }
  }

  /**
   * A stage of a fallback.
   *
   * @param model the model's name in the bodies of the stage's requests; empty: the client's
   */
  public record StageSpec(Destination destination, Optional<String> model) {}

  /**
   * A mirror: its responses are discarded.
   *
   * @param perMillion the number of mirrored requests out of a million
   * @param usesPicker whether the mirror pool's own picker chooses the pod
   * @param model the model's name in the bodies of the mirrored requests; empty: the client's
   */
  public record MirrorSpec(
      Destination destination, int perMillion, boolean usesPicker, Optional<String> model) {}

  /**
   * The ejection of pods. The defaults fit LLM pods: errors and failed connections count, latency does not.
   *
   * @param consecutive5xx server errors in a row; 0: not counted
   * @param consecutiveLocalOriginFailures failed or reset connections in a row; 0: not counted
   */
  public record OutlierDetection(
      int consecutive5xx,
      int consecutiveLocalOriginFailures,
      long intervalMillis,
      long baseEjectionMillis,
      int maxEjectionPercent) {
    /** Five errors or three failed connections, checked each 5 s; ejection for 30 s, of at most half of the pool. */
    public static final OutlierDetection DEFAULT = new OutlierDetection(5, 3, 5_000, 30_000, 50);
  }

  /**
   * The headers by which pickers tell clients apart.
   *
   * @param fairness the source of the client's fairness ID
   * @param objective the name of the requests' InferenceObjective
   * @param keepsClientHeaders whether clients may send such headers
   */
  public record Identity(
      Optional<FairnessSource> fairness, Optional<String> objective, boolean keepsClientHeaders) {
    /** The identity of a client without a policy. */
    public static final Identity NONE = new Identity(Optional.empty(), Optional.empty(), false);
  }

  /** The source of a fairness ID. */
  public sealed interface FairnessSource {
    /** A request header, in lower case. */
    record FromHeader(String name) implements FairnessSource {}

    /**
     * A claim of a verified token.
     *
     * @param provider the JWT provider of a SecurityPolicy
     */
    record FromClaim(String provider, String claim) implements FairnessSource {}
  }

  /**
   * The requests whose responses explain themselves: one of the conditions is enough.
   *
   * @param secretSha256 the digest of the secret in the header {@code x-pointsman-explain}, 64 hexadecimal digits
   */
  public record Explain(Optional<String> secretSha256, Optional<ExplainClaim> claim) {}

  /**
   * A claim of a verified token, and the value that it has or contains.
   *
   * @param provider the JWT provider of a SecurityPolicy
   */
  public record ExplainClaim(String provider, String name, String value) {}
}
