package dev.pointsman.page;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.xds.XdsNames;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** The changes from one answer of a Gateway's to the next, in words. Only the resources that differ are decoded. */
public final class TranslationChanges {
  /** The maximum number of lines. */
  private static final int MOST = 50;

  private TranslationChanges() {}

  /**
   * The changes, one line each; none if the answers are equal.
   *
   * @throws InvalidProtocolBufferException if a resource cannot be read
   */
  public static List<String> of(
      PostTranslateModifyResponse before, PostTranslateModifyResponse after)
      throws InvalidProtocolBufferException {
    List<String> changes = new ArrayList<>();
    Map<String, RouteConfiguration> old =
        differing(before.getRoutesList(), after.getRoutesList(), RouteTables.PARSER);
    Map<String, RouteConfiguration> now =
        differing(after.getRoutesList(), before.getRoutesList(), RouteTables.PARSER);
    UnaryOperator<String> backends = old.isEmpty() && now.isEmpty()
        ? UnaryOperator.identity()
        : BackendNames.of(List.of(before, after));
    for (String name : names(old, now)) {
      if (!XdsNames.isOurs(name)) { // a loop's routes change with those before it
        changes.addAll(RouteTables.changes(old.get(name), now.get(name), backends));
      }
    }
    changes.addAll(changes(
        "cluster",
        differing(before.getClustersList(), after.getClustersList(), CLUSTER),
        differing(after.getClustersList(), before.getClustersList(), CLUSTER)));
    changes.addAll(changes(
        "listener",
        differing(before.getListenersList(), after.getListenersList(), LISTENER),
        differing(after.getListenersList(), before.getListenersList(), LISTENER)));
    int more = changes.size() - MOST;
    if (more > 0) {
      changes = new ArrayList<>(changes.subList(0, MOST));
      changes.add("and " + more + " more changes");
    }
    return changes;
  }

  /** A resource with its name. */
  @FunctionalInterface
  interface Named<V> {
    Map.Entry<String, V> of(ByteString bytes) throws InvalidProtocolBufferException;
  }

  private static final Named<Cluster> CLUSTER = bytes -> {
    Cluster cluster = Cluster.parseFrom(bytes);
    return Map.entry(cluster.getName(), cluster);
  };

  private static final Named<Listener> LISTENER = bytes -> {
    Listener listener = Listener.parseFrom(bytes);
    return Map.entry(listener.getName(), listener);
  };

  /** The resources that the other answer does not have to the byte, by name. */
  private static <V> Map<String, V> differing(
      List<ByteString> resources, List<ByteString> others, Named<V> parser)
      throws InvalidProtocolBufferException {
    Set<ByteString> same = new HashSet<>(others);
    Map<String, V> byName = new LinkedHashMap<>();
    for (ByteString bytes : resources) {
      if (!same.contains(bytes)) {
        Map.Entry<String, V> named = parser.of(bytes);
        byName.put(named.getKey(), named.getValue());
      }
    }
    return byName;
  }

  private static <V> List<String> changes(
      String kind, Map<String, V> before, Map<String, V> after) {
    List<String> changes = new ArrayList<>();
    for (String name : names(before, after)) {
      String verb =
          !before.containsKey(name) ? "added" : !after.containsKey(name) ? "removed" : "changed";
      if (!Objects.equals(before.get(name), after.get(name))) { // else only the order of a map
        changes.add(kind + " " + name + " " + verb);
      }
    }
    return changes;
  }

  private static Set<String> names(Map<String, ?> before, Map<String, ?> after) {
    Set<String> names = new TreeSet<>(before.keySet());
    names.addAll(after.keySet());
    return names;
  }
}
