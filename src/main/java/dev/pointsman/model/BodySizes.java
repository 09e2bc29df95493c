package dev.pointsman.model;

/** Sizes of request bodies, in bytes. */
public final class BodySizes {
  /** The largest body from which a model is read, unless a policy or an option says otherwise. */
  public static final long DEFAULT_LIMIT = 20L << 20;

  /** The smallest body that pickers receive in small messages: gRPC's usual limit of 4 MiB, less a message's overhead. */
  public static final long LARGE = 4_000_000;

  private BodySizes() {}
}
