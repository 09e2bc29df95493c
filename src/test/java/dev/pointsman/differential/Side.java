package dev.pointsman.differential;

/** Who answers. */
enum Side {
  /** Envoy Gateway with Pointsman; the backends are InferencePools, and the model is in the body. */
  POINTSMAN,
  /** Envoy Gateway alone; the backends are the same pods as Backends, and the client sets the model's header. */
  STOCK
}
