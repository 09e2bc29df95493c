package dev.pointsman.kube.api;

import dev.pointsman.model.ClusterSnapshot.ObjectName;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What we keep of a query's objects; tells the listener what changes in it. One thread writes, any reads. */
final class ObjectStore {
  private static final Logger LOG = LoggerFactory.getLogger(ObjectStore.class);

  private final Query query;
  private final Listener listener;
  private volatile Map<ObjectName, Item> items = new ConcurrentHashMap<>();

  ObjectStore(Query query, Listener listener) {
    this.query = query;
    this.listener = listener;
  }

  /** All of them as they are now. */
  Collection<Item> all() {
    return items.values();
  }

  boolean contains(ObjectName name) {
    return items.containsKey(name);
  }

  boolean isEmpty() {
    return items.isEmpty();
  }

  /** The object is there, as it is now. */
  void put(ObjectName name, Item item) {
    Item before = items.put(name, item);
    say(before, item);
    if (!item.equals(before)) {
      listener.changed(query, before == null || !item.value().equals(before.value()));
    }
  }

  /** The object is gone. */
  void remove(ObjectName name) {
    Item before = items.remove(name);
    if (before != null) {
      listener.changed(query, before.value().isPresent());
    }
  }

  /** These are all there are; the map becomes ours. */
  void replace(Map<ObjectName, Item> found) {
    Map<ObjectName, Item> before = items;
    items = found;
    found.forEach((name, item) -> say(before.get(name), item));
    if (!before.equals(found)) {
      listener.changed(query, !values(before).equals(values(found)));
    }
  }

  private static Map<ObjectName, Optional<?>> values(Map<ObjectName, Item> items) {
    Map<ObjectName, Optional<?>> values = new HashMap<>();
    items.forEach((name, item) -> values.put(name, item.value()));
    return values;
  }

  /** What there is to say about an object is said once. Of our policies it is the hooks that say it. */
  private void say(@Nullable Item before, Item item) {
    List<?> known = before == null ? List.of() : before.said();
    if (query.kind() != Kind.POLICY) {
      item.said().stream()
          .filter(diagnostic -> !known.contains(diagnostic))
          .forEach(diagnostic -> LOG.warn("{}", diagnostic));
    }
  }
}
