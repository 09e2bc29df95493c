package dev.pointsman.xds;

import dev.pointsman.model.ObjectRef;

/** The answer to {@code GET /v1/models} and {@code GET /v1/models/{id}} of a host with models. */
public sealed interface ModelListing {
  /** The answer of {@link BehindRoutes}. */
  ModelListing BEHIND_ROUTES = new BehindRoutes();

  /** No answer. */
  ModelListing OFF = new Off();

  /** An answer where no route of the host takes the request. */
  record BehindRoutes() implements ModelListing {}

  /**
   * An answer in front of the host's routes.
   *
   * @param policy the policy that asks for it
   */
  record BeforeRoutes(ObjectRef policy) implements ModelListing {}

  /** No answer: the host's routes get the request. */
  record Off() implements ModelListing {}
}
