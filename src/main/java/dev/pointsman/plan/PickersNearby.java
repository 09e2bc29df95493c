package dev.pointsman.plan;

import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.EndpointPicker;
import dev.pointsman.model.InferencePool;
import dev.pointsman.model.ServicePort;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The first pickers, by name, of all pools in some namespaces, whether a rule names the pools or not.
 *
 * @param namespaces at least one
 * @param most the number of pickers of one namespace
 */
public record PickersNearby(Set<String> namespaces, int most)
    implements ClusterRead<Map<String, List<ServicePort>>> {
  public PickersNearby {
    namespaces = Set.copyOf(namespaces);
  }

  @Override
  public Map<String, List<ServicePort>> in(ClusterSnapshot snapshot) {
    Map<String, TreeSet<ServicePort>> pickers = new TreeMap<>();
    for (InferencePool pool : snapshot.pools().values()) {
      Optional<ServicePort> service = pool.picker().map(EndpointPicker::service);
      if (service.isPresent()
          && namespaces.contains(pool.ref().namespace())
          && snapshot.has(service.get())) {
        TreeSet<ServicePort> first =
            pickers.computeIfAbsent(pool.ref().namespace(), _ -> new TreeSet<>());
        first.add(service.get());
        if (first.size() > most) {
          first.removeLast();
        }
      }
    }
    Map<String, List<ServicePort>> all = new TreeMap<>();
    pickers.forEach((namespace, first) -> all.put(namespace, new ArrayList<>(first)));
    return all;
  }

  @Override
  public Set<String> changed(
      Map<String, List<ServicePort>> before, Map<String, List<ServicePort>> after) {
    Set<String> changed = new HashSet<>(namespaces);
    changed.removeIf(namespace -> Objects.equals(before.get(namespace), after.get(namespace)));
    return changed;
  }
}
