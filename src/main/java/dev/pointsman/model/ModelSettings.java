package dev.pointsman.model;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The extraction and the answers for models (Gateway and listener).
 *
 * @param header a header with the model's name beside {@code x-gateway-model-name}, in lower case
 * @param extraction whether the model's name is read from requests; empty: on hosts that have a route with a model
 *     condition
 * @param bodyLimit in bytes
 * @param list whether {@code GET /v1/models} is answered with the listener's models, before all routes; empty: behind
 *     all routes
 * @param sources the places where requests may name their model; empty: JSON bodies, and forms that no other route takes
 */
public record ModelSettings(
    Optional<String> header,
    Optional<Boolean> extraction,
    OptionalLong bodyLimit,
    OnUnknown onUnknown,
    Optional<Boolean> list,
    Optional<Set<Source>> sources) {
  public ModelSettings {
    sources = sources.map(Source::sorted);
  }

  /** The treatment of a request for a model that no route matches. */
  public enum OnUnknown {
    /** 404 {@code model_not_found}, with the names of the host's models. */
    NOT_FOUND,
    /** Envoy Gateway's own treatment. */
    PASS_THROUGH
  }

  /** A place where a request may name its model. */
  public enum Source {
    /** The field {@code model} of a JSON body. */
    BODY,
    /** The field {@code model} of a multipart form. */
    FORM,
    /** The parameter {@code model} of the query. */
    QUERY,
    /** A segment of the path. */
    PATH;

    /** The sources in their order, unmodifiable. */
    public static Set<Source> sorted(Set<Source> sources) {
      return sources.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(sources));
    }
  }
}
