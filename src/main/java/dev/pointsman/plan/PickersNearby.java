package dev.pointsman.plan;

import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.EndpointPicker;
import dev.pointsman.model.InferencePool;
import dev.pointsman.model.ServicePort;
import dev.pointsman.model.TranslationDemand.Cause;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The first pickers, by name, of all pools in some namespaces, whether a rule names the pools or not.
 *
 * @param most the number of pickers by namespace
 */
public record PickersNearby(Map<String, Integer> most)
    implements ClusterRead<Map<String, SortedSet<ServicePort>>> {
  public PickersNearby {
    most = Map.copyOf(most);
  }

  @Override
  public Map<String, SortedSet<ServicePort>> in(ClusterSnapshot snapshot) {
    Map<String, SortedSet<ServicePort>> pickers = new TreeMap<>();
    for (InferencePool pool : snapshot.pools().values()) {
      String namespace = pool.ref().namespace();
      Integer number = most.get(namespace);
      if (number != null) {
        pool.picker().map(EndpointPicker::service).filter(snapshot::has).ifPresent(service -> {
          SortedSet<ServicePort> first = pickers.computeIfAbsent(namespace, _ -> new TreeSet<>());
          first.add(service);
          if (first.size() > number) {
            first.removeLast();
          }
        });
      }
    }
    return pickers;
  }

  @Override
  public Cause cause() {
    return Cause.ANNOUNCED;
  }

  @Override
  public Set<String> changed(
      Map<String, SortedSet<ServicePort>> before, Map<String, SortedSet<ServicePort>> after) {
    Set<String> changed = new HashSet<>(most.keySet());
    changed.removeIf(namespace -> Objects.equals(before.get(namespace), after.get(namespace)));
    return changed;
  }
}
