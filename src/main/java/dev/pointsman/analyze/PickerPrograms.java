package dev.pointsman.analyze;

import dev.pointsman.model.ClusterSnapshot.ObjectName;
import dev.pointsman.model.InferencePool;
import dev.pointsman.model.Service;
import java.util.List;
import java.util.stream.Stream;

/** The endpoint pickers among the workloads. */
final class PickerPrograms {
  private PickerPrograms() {}

  /** All of them. */
  static Stream<PickerProgram> of(Manifests manifests) {
    return manifests.workloads().all().stream().flatMap(one -> PickerProgram.of(one).stream());
  }

  /** The Service of a pool's picker. */
  static Stream<Service> service(Manifests manifests, InferencePool pool) {
    return pool
        .picker()
        .map(picker ->
            new ObjectName(picker.service().namespace(), picker.service().name()))
        .map(name -> manifests.snapshot().services().get(name))
        .stream();
  }

  /** The workloads behind the Service of a pool's picker. */
  static Stream<Workload> workloads(Manifests manifests, InferencePool pool) {
    return service(manifests, pool)
        .flatMap(service ->
            manifests.workloads().selected(service.namespace(), service.selector()).stream());
  }

  /** The workloads behind the Services of all pickers. */
  static List<Workload> allWorkloads(Manifests manifests) {
    return manifests.objects().pools().keySet().stream()
        .flatMap(pool -> workloads(manifests, pool))
        .toList();
  }
}
