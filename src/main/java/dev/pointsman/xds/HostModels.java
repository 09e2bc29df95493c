package dev.pointsman.xds;

import dev.pointsman.model.ModelSettings.Source;
import java.util.Optional;
import java.util.Set;

/**
 * Settings for the extraction and the answers of a host.
 *
 * @param header a user's name for the header with the model's name, in lower case, beside the usual one
 * @param bodyLimit the largest body, in bytes, from which a model is read
 * @param answersUnknown whether a model without a route is answered with 404 {@code model_not_found}
 * @param list the answer to {@code GET /v1/models}
 * @param asked the places where requests may name their model, if a policy says so
 */
public record HostModels(
    Extraction extraction,
    Optional<String> header,
    long bodyLimit,
    boolean answersUnknown,
    ModelListing list,
    Optional<Set<Source>> asked) {
  private static final Set<Source> BY_DEFAULT = Source.sorted(Set.of(Source.BODY, Source.FORM));

  /** The condition for reading models from bodies. */
  public enum Extraction {
    /** On hosts that have a route with a model condition. */
    WHERE_NEEDED,
    ALWAYS,
    /** Never; the header is taken from the client. */
    NEVER
  }

  /** The sources of requests that no route takes until their model is known. */
  public Set<Source> sources() {
    return asked.orElse(BY_DEFAULT);
  }

  /** The sources of requests that routes without a model condition take, too: without a policy, uploads pass unread. */
  public Set<Source> sourcesBesideRoutes() {
    return asked.orElse(Set.of(Source.BODY));
  }

  /** The header that replaces the usual one in the host's routes. */
  public Optional<String> alias() {
    return extraction == Extraction.NEVER ? Optional.empty() : header;
  }

  /** The settings without a policy. */
  public static HostModels byDefault(XdsSettings settings) {
    return new HostModels(
        Extraction.WHERE_NEEDED,
        Optional.empty(),
        settings.bodyLimit(),
        true,
        ModelListing.BEHIND_ROUTES,
        Optional.empty());
  }
}
