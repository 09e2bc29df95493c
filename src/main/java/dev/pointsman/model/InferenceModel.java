package dev.pointsman.model;

import java.util.List;

/**
 * A v1alpha2 InferenceModel: a name that clients use, bound to a pool.
 *
 * @param criticality Critical, Standard or Sheddable; empty when not said. Pickers since GIE 1.0 do not read it.
 * @param targetModels what the pool's servers know the model as, with weights, which the picker chooses among
 */
public record InferenceModel(
    String namespace,
    String name,
    String created,
    String modelName,
    String criticality,
    PoolRef pool,
    List<TargetModel> targetModels) {
  public InferenceModel {
    targetModels = List.copyOf(targetModels);
  }

  /** One of the names that the pool's servers know the model as. */
  public record TargetModel(String name, int weight) {}
}
