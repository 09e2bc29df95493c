package dev.pointsman.model;

import java.util.Comparator;
import java.util.List;

/**
 * A v1alpha2 InferenceModel: the name of a model for clients, bound to a pool.
 *
 * @param criticality Critical, Standard or Sheddable; empty if absent. Pickers since GIE 1.0 do not read it.
 * @param targetModels the names of the model on the pool's servers, with weights; the picker chooses among them
 */
public record InferenceModel(
    String namespace,
    String name,
    String created,
    String modelName,
    String criticality,
    PoolRef pool,
    List<TargetModel> targetModels) {
  /** Of two for one name in one pool the first has effect. */
  public static final Comparator<InferenceModel> OLDEST_FIRST = Comparator.comparing(
          InferenceModel::created)
      .thenComparing(InferenceModel::namespace)
      .thenComparing(InferenceModel::name);

  public InferenceModel {
    targetModels = List.copyOf(targetModels);
  }

  /** All that decides about the routes of the model. */
  public InferenceModel ofRoutes() {
    return new InferenceModel(namespace, name, created, modelName, "", pool, List.of());
  }

  /** A name of the model on the pool's servers. */
  public record TargetModel(String name, int weight) {}
}
