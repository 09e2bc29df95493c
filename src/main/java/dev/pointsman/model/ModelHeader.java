package dev.pointsman.model;

/** The request headers that carry the names of models, in lower case as Envoy spells them. */
public final class ModelHeader {
  /** The model that the client asks for. */
  public static final String NAME = "x-gateway-model-name";

  /** The base model of the adapter that the client asks for. */
  public static final String BASE_NAME = "x-gateway-base-model-name";

  private ModelHeader() {}
}
