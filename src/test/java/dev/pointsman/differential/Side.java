package dev.pointsman.differential;

/** The two gateways that are compared. */
enum Side {
  /** Envoy Gateway with Pointsman; the backends are InferencePools, and the body has the model. */
  POINTSMAN,
  /** Envoy Gateway alone; the backends are Backends with the same pods, and the client sets the model header. */
  STOCK
}
