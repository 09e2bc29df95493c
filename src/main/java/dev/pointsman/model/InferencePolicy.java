package dev.pointsman.model;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What Gateway API cannot say about inference ({@code pointsman.dev/v1alpha1}). Attached to a Gateway, one of its
 * listeners, an HTTPRoute or one of its rules. Every part is optional.
 *
 * @param created the object's creation timestamp as written (RFC 3339), which orders policies by age; empty if unknown
 * @param models models that stand in front of the rule, in the order of the object
 * @param modelsFromInferenceModels whether v1alpha2 InferenceModels bound to the rule's pools add models
 */
public record InferencePolicy(
    String namespace,
    String name,
    String created,
    List<Target> targets,
    Optional<ModelSettings> model,
    List<Model> models,
    boolean modelsFromInferenceModels,
    List<Mirror> mirrors,
    Optional<OutlierDetection> outlierDetection,
    Optional<PickerSettings> endpointPicker) {
  /** The API group. */
  public static final String GROUP = "pointsman.dev";
  /** The only version that there is. */
  public static final String API_VERSION = GROUP + "/v1alpha1";
  /** The object's kind. */
  public static final String KIND = "InferencePolicy";

  public InferencePolicy {
    targets = List.copyOf(targets);
    models = List.copyOf(models);
    mirrors = List.copyOf(mirrors);
  }

  /** The policy as an object. */
  public ObjectRef ref() {
    return new ObjectRef(KIND, namespace, name);
  }

  /**
   * What the policy is attached to, in its own namespace.
   *
   * @param kind Gateway or HTTPRoute
   * @param sectionName a Gateway's listener or an HTTPRoute's rule; empty for the whole
   */
  public record Target(String kind, String name, String sectionName) {}

  /**
   * How models are read and answered (Gateway and listener).
   *
   * @param header a header that carries the model's name beside {@code x-gateway-model-name}, in lower case
   * @param extraction whether the model's name is read from bodies; empty: where a route asks for a model
   * @param bodyLimit in bytes
   * @param list whether {@code GET /v1/models} is answered from what the listener routes
   */
  public record ModelSettings(
      Optional<String> header,
      Optional<Boolean> extraction,
      OptionalLong bodyLimit,
      OnUnknown onUnknown,
      boolean list) {}

  /** What happens to a request for a model that no route takes. */
  public enum OnUnknown {
    /** 404 {@code model_not_found}, which names the models that there are. */
    NOT_FOUND,
    /** What Envoy Gateway would have done. */
    PASS_THROUGH
  }

  /**
   * A model, with other names for it such as LoRA adapters.
   *
   * @param backends where it goes; empty: where the rule goes
   */
  public record Model(String name, List<String> aliases, List<Backend> backends) {
    public Model {
      aliases = List.copyOf(aliases);
      backends = List.copyOf(backends);
    }
  }

  /** Somewhere that requests can go. */
  public sealed interface Destination {
    record Pool(PoolRef ref) implements Destination {}

    record ServiceDestination(ServicePort port) implements Destination {}
  }

  /**
   * A share of a model's requests.
   *
   * @param weight 0 to 1,000,000
   */
  public record Backend(Destination destination, int weight) {}

  /**
   * A copy of requests that nobody waits for.
   *
   * @param perMillion how many of a million requests are copied
   * @param usesPicker whether the mirror pool's own picker chooses the pod
   */
  public record Mirror(Destination destination, int perMillion, boolean usesPicker) {}

  /**
   * When a pod is set aside, and for how long. Defaults fit LLM pods: errors and failed connections, not latency.
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
    /** Five errors or three failed connections; looked at each 5 s, out for 30 s, never more than half of the pool. */
    public static final OutlierDetection DEFAULT = new OutlierDetection(5, 3, 5_000, 30_000, 50);
  }

  /**
   * How the pools' endpoint pickers are asked.
   *
   * @param failureMode instead of the pool's
   * @param idleTimeoutMillis how long a picker (and the model behind it) may be silent
   * @param maxConcurrentRequests streams to the picker at a time
   */
  public record PickerSettings(
      Optional<FailureMode> failureMode,
      OptionalLong idleTimeoutMillis,
      OptionalInt maxConcurrentRequests,
      PickerTls tls) {}

  /** How the connection to a picker is secured. */
  public sealed interface PickerTls {
    /** Encrypted, with whatever certificate the picker shows; the default. */
    record SkipVerify() implements PickerTls {}

    /**
     * Encrypted, and the certificate has to be one for the host name, signed by the CA.
     *
     * @param caCertificates where the CA's certificates are, in the policy's namespace; empty: the proxy's system
     *     trust store
     * @param hostname empty: the DNS name of the picker's Service, {@code name.namespace.svc}
     */
    record Verify(List<CaCertificateRef> caCertificates, String hostname) implements PickerTls {
      public Verify {
        caCertificates = List.copyOf(caCertificates);
      }
    }

    /** Not encrypted. */
    record Plaintext() implements PickerTls {}
  }
}
