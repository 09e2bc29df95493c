package dev.pointsman.translate;

import dev.pointsman.plan.ClusterReads;
import dev.pointsman.plan.PickerSettings.ConnectionSettings;
import dev.pointsman.plan.PickersNearby;
import dev.pointsman.plan.PoolBackend.ValidPool;
import dev.pointsman.translate.RequiredResources.Picker;
import dev.pointsman.translate.RequiredResources.PoolClusterSpec;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The pickers of pools beside those of the rules, so that a rule may change to such a pool without a failed request. Envoy
 * uses a changed route at once, but a new cluster only after it has its endpoints and a result of their health checks;
 * until then a request to the picker fails. It also resets a picker's requests with the picker's cluster: this one stays
 * when a rule leaves its pool.
 */
final class AnnouncedPickers {
  /** The clusters of one namespace. */
  private static final int OF_A_NAMESPACE = 16;

  /** The clusters of one translation, if that leaves one to each namespace. */
  private static final int OF_ALL = 512;

  private AnnouncedPickers() {}

  /** Adds the pickers in the namespaces of the pools that rules use. */
  static void add(RequiredResources required, ClusterReads reads) {
    Set<String> namespaces = required.pools().values().stream()
        .map(PoolClusterSpec::backend)
        .filter(ValidPool.class::isInstance)
        .map(pool -> ((ValidPool) pool).ref().namespace())
        .collect(Collectors.toSet());
    if (namespaces.isEmpty()) {
      return;
    }
    int most = Math.clamp(OF_ALL / namespaces.size(), 1, OF_A_NAMESPACE);
    Map<String, Set<ConnectionSettings>> connections = connections(required.pickers());
    reads.of(new PickersNearby(namespaces, most)).forEach((namespace, services) -> {
      Collection<ConnectionSettings> all =
          connections.getOrDefault(namespace, Set.of(ConnectionSettings.DEFAULT));
      services.stream()
          .flatMap(service -> all.stream().map(connection -> new Picker(service, connection)))
          .limit(most)
          .forEach(required::add);
    });
  }

  /** The connection settings in use, by the pickers' namespaces. */
  private static Map<String, Set<ConnectionSettings>> connections(Map<String, Picker> pickers) {
    Map<String, Set<ConnectionSettings>> connections = new HashMap<>();
    new TreeMap<>(pickers)
        .values()
        .forEach(picker -> connections
            .computeIfAbsent(picker.service().namespace(), _ -> new LinkedHashSet<>())
            .add(picker.connection()));
    return connections;
  }
}
