package dev.pointsman.kube.api;

import dev.pointsman.model.AdapterMap;
import dev.pointsman.model.Certificates;
import dev.pointsman.model.ClusterObjects;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.EndpointSlice;
import dev.pointsman.model.HttpRouteRules;
import dev.pointsman.model.InferenceModel;
import dev.pointsman.model.InferencePool;
import dev.pointsman.model.Pod;
import dev.pointsman.model.PodIndex;
import dev.pointsman.model.ReferenceGrant;
import dev.pointsman.model.Service;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Builds snapshots from the stores of the reflectors. Unchanged parts are reused from the last snapshot. */
final class SnapshotBuilder {
  private static final List<Set<Kind>> TOGETHER =
      List.of(EnumSet.of(Kind.POOL, Kind.ALPHA_POOL), EnumSet.of(Kind.CONFIG_MAP, Kind.SECRET));

  private SnapshotBuilder() {}

  /**
   * A synced snapshot.
   *
   * @param leftOut the certificates that are not read
   * @param changed the queries whose objects may have changed since the last snapshot
   */
  static ClusterSnapshot next(
      ClusterSnapshot last,
      Map<Query, Reflector> reflectors,
      Set<Certificates> leftOut,
      Set<Query> changed) {
    Set<Kind> kinds = kinds(changed);
    ClusterObjects objects = new ClusterObjects();
    leftOut.forEach(objects::add);
    reflectors.forEach((query, reflector) -> {
      if (query.kind() != Kind.POD && kinds.contains(query.kind())) {
        reflector.items().forEach(item -> item.value().ifPresent(value -> add(objects, value)));
      }
    });
    ClusterSnapshot read = objects.snapshot();
    return new ClusterSnapshot(
        true,
        kinds.contains(Kind.POOL) ? read.pools() : last.pools(),
        pods(last.pods(), reflectors, changed),
        kinds.contains(Kind.SERVICE) ? read.services() : last.services(),
        kinds.contains(Kind.ENDPOINT_SLICE) ? read.slices() : last.slices(),
        kinds.contains(Kind.HTTP_ROUTE) ? read.routes() : last.routes(),
        kinds.contains(Kind.INFERENCE_MODEL) ? read.models() : last.models(),
        kinds.contains(Kind.CONFIG_MAP) ? read.adapters() : last.adapters(),
        kinds.contains(Kind.REFERENCE_GRANT) ? read.grants() : last.grants(),
        kinds.contains(Kind.CONFIG_MAP) ? read.certificates() : last.certificates());
  }

  /** The kinds that are read again: each changed kind and the kinds in the same part of the snapshot. */
  private static Set<Kind> kinds(Set<Query> changed) {
    Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    changed.forEach(query -> kinds.add(query.kind()));
    for (Set<Kind> together : TOGETHER) {
      if (!Collections.disjoint(kinds, together)) {
        kinds.addAll(together);
      }
    }
    return kinds;
  }

  private static PodIndex pods(
      PodIndex last, Map<Query, Reflector> reflectors, Set<Query> changed) {
    PodIndex pods = last;
    for (Query query : changed) {
      if (query.kind() == Kind.POD) {
        Reflector reflector = reflectors.get(query);
        pods = reflector == null || !reflector.isListed()
            ? pods.without(query.namespace())
            : pods.with(
                query.namespace(),
                reflector.items().stream()
                    .flatMap(item -> item.value().stream())
                    .map(Pod.class::cast)
                    .toList());
      }
    }
    return pods;
  }

  private static void add(ClusterObjects objects, Object value) {
    switch (value) {
      case InferencePool pool -> objects.add(pool);
      case Service service -> objects.add(service);
      case EndpointSlice slice -> objects.add(slice);
      case HttpRouteRules route -> objects.add(route);
      case InferenceModel model -> objects.add(model);
      case AdapterMap map -> objects.add(map);
      case ReferenceGrant grant -> objects.add(grant);
      case Certificates certificates -> objects.add(certificates);
      default -> {} // policies are not part of snapshots
    }
  }
}
