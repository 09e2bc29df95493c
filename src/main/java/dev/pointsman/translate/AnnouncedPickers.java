package dev.pointsman.translate;

import com.google.protobuf.ByteString;
import dev.pointsman.model.ServicePort;
import dev.pointsman.plan.ClusterReads;
import dev.pointsman.plan.PickersNearby;
import dev.pointsman.translate.ClusterFactory.PickerCluster;
import dev.pointsman.translate.RequiredResources.Picker;
import dev.pointsman.translate.RequiredResources.UsedConnection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The pickers of pools beside those of the rules, so that a rule may change to such a pool without a failed request. Envoy
 * uses a changed route at once, but a new cluster only after it has its endpoints and a result of their health checks;
 * until then a request to the picker fails. It also resets a picker's requests with the picker's cluster: this one stays
 * when a rule leaves its pool.
 *
 * <p>They are the last that a translation adds, in the room that all else leaves. Each namespace with routes has a part
 * of its own, in bytes and in numbers, so that no other namespace's routes, settings or certificates change it.
 */
final class AnnouncedPickers {
  /** The clusters of the routes of one namespace for the pools of one namespace. */
  private static final int OF_A_NAMESPACE = 16;

  /** The clusters of one translation. */
  private static final int OF_ALL = 512;

  /** The part of the largest answer for all of them. */
  private static final int SHARES = 16;

  /** The largest number and length of a field, in bytes. */
  private static final int OF_A_FIELD = 6;

  private final RequiredResources required;
  private final ClusterReads reads;
  private final ClusterTable clusters;
  private final ClusterFactory factory;
  private int added;

  AnnouncedPickers(
      RequiredResources required,
      ClusterReads reads,
      ClusterTable clusters,
      ClusterFactory factory) {
    this.required = required;
    this.reads = reads;
    this.clusters = clusters;
    this.factory = factory;
  }

  /** The bytes of an answer, or a few more: of these resources, and of the request's that nobody changes. */
  long answer(TranslationInputs in, List<List<ByteString>> resources) {
    long changed = Stream.of(clusters.originals(), in.listeners(), in.routes())
        .flatMap(List::stream)
        .mapToLong(ByteString::size)
        .sum();
    return in.size()
        - changed
        + resources.stream()
            .flatMap(List::stream)
            .mapToLong(one -> one.size() + (long) OF_A_FIELD)
            .sum();
  }

  /**
   * Adds the pickers in the namespaces of the pools that rules use.
   *
   * @param largest the largest answer that Envoy Gateway takes, in bytes
   * @param answer the bytes of the answer without them
   */
  void add(long largest, long answer) {
    SortedMap<String, List<List<UsedConnection>>> users = users();
    if (users.isEmpty()) {
      return;
    }
    Map<String, Set<ServicePort>> services = services();
    long part = Math.min(largest / SHARES, largest - answer) / users.size();
    Map<String, Long> left = new HashMap<>();
    int rounds = users.values().stream().mapToInt(List::size).max().orElse(0);
    // All namespaces take turns, so that one that uses the pools of many does not take all.
    for (int round = 0; round < rounds; round++) {
      for (Map.Entry<String, List<List<UsedConnection>>> user : users.entrySet()) {
        if (round < user.getValue().size()) {
          List<UsedConnection> uses = user.getValue().get(round);
          Set<ServicePort> of = services.getOrDefault(uses.getFirst().namespace(), Set.of());
          long rest = left.getOrDefault(user.getKey(), part);
          left.put(user.getKey(), rest - add(pickers(uses, of), rest));
        }
      }
    }
  }

  /** By the namespace of the routes: a list for each namespace of pools, their own first, with the default first. */
  private SortedMap<String, List<List<UsedConnection>>> users() {
    SortedMap<String, SortedMap<String, List<UsedConnection>>> sorted = new TreeMap<>();
    required
        .uses()
        .forEach(use -> sorted
            .computeIfAbsent(
                use.user(),
                user -> new TreeMap<>(
                    Comparator.comparing((String namespace) -> !namespace.equals(user))
                        .thenComparing(Comparator.naturalOrder())))
            .computeIfAbsent(use.namespace(), _ -> new ArrayList<>())
            .add(use));
    SortedMap<String, List<List<UsedConnection>>> users = new TreeMap<>();
    sorted.forEach((user, uses) -> users.put(user, List.copyOf(uses.values())));
    return users;
  }

  /** The pickers of each namespace, as many as there may be besides those that rules use. */
  private Map<String, Set<ServicePort>> services() {
    Map<String, Set<ServicePort>> used = new HashMap<>();
    required.uses().forEach(use -> used.put(use.namespace(), new HashSet<>()));
    required
        .pickers()
        .values()
        .forEach(picker -> used.computeIfAbsent(picker.service().namespace(), _ -> new HashSet<>())
            .add(picker.service()));
    Map<String, Integer> most = new HashMap<>();
    used.forEach((namespace, pickers) -> most.put(namespace, pickers.size() + OF_A_NAMESPACE));
    return Map.copyOf(reads.of(new PickersNearby(most)));
  }

  /** The pickers that the routes may change to: each picker with the first settings before one with the second. */
  private Stream<Picker> pickers(List<UsedConnection> uses, Set<ServicePort> services) {
    if (services.isEmpty()) {
      return Stream.empty();
    }
    SortedMap<String, UsedConnection> sorted = new TreeMap<>(); // the default has the shortest name
    ServicePort any = services.iterator().next();
    uses.forEach(use -> sorted.put(new Picker(any, use.connection()).cluster(), use));
    return sorted.values().stream()
        .flatMap(use -> services.stream().map(service -> new Picker(service, use.connection())));
  }

  /** Adds the pickers that fit; returns their bytes. */
  private long add(Stream<Picker> pickers, long room) {
    List<Picker> own = pickers
        .filter(picker -> !required.pickers().containsKey(picker.cluster()))
        .limit(OF_A_NAMESPACE)
        .toList();
    long bytes = 0;
    for (Picker picker : own) {
      String name = picker.cluster();
      if (clusters.has(name)) {
        continue; // another namespace has it, too
      }
      PickerCluster cluster = clusters.picker(name, picker, factory);
      long size = cluster.bytes().size() + (long) OF_A_FIELD;
      if (added == OF_ALL || bytes + size > room) {
        break;
      }
      if (cluster.broken().isEmpty()) {
        clusters.addMissing(name, cluster.bytes());
        bytes += size;
        added++;
      }
    }
    return bytes;
  }
}
