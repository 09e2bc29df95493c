package dev.pointsman.xds;

import dev.pointsman.model.ObjectRef;
import java.util.Optional;

/**
 * How a host's models are read and answered.
 *
 * @param bodyLimit the largest body, in bytes, from which a model is read
 * @param answersUnknown whether a model that no route takes is answered with 404 {@code model_not_found}
 * @param header a name of the user's for the header with the model's name, in lower case, beside the usual one
 * @param list the policy for which {@code GET /v1/models} is answered with the models of the host, if there is one
 */
public record HostModels(
    Extraction extraction,
    Optional<String> header,
    long bodyLimit,
    boolean answersUnknown,
    Optional<ObjectRef> list) {
  /** When the model's name is read from bodies. */
  public enum Extraction {
    /** On hosts where a route asks for a model. */
    WHERE_NEEDED,
    ALWAYS,
    /** Never; whoever sets the header is trusted. */
    NEVER
  }

  /** The header that stands for the usual one in the host's routes. */
  public Optional<String> alias() {
    return extraction == Extraction.NEVER ? Optional.empty() : header;
  }

  /** What holds without a policy. */
  public static HostModels byDefault(XdsSettings settings) {
    return new HostModels(
        Extraction.WHERE_NEEDED, Optional.empty(), settings.bodyLimit(), true, Optional.empty());
  }
}
