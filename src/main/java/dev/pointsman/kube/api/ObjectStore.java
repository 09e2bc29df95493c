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

/** The objects of a query; the listener is notified of changes. One thread writes, any thread reads. */
final class ObjectStore {
  private static final Logger LOG = LoggerFactory.getLogger(ObjectStore.class);

  private final Query query;
  private final Listener listener;
  private volatile Map<ObjectName, StoredObject> items = new ConcurrentHashMap<>();

  ObjectStore(Query query, Listener listener) {
    this.query = query;
    this.listener = listener;
  }

  /** The current objects. */
  Collection<StoredObject> all() {
    return items.values();
  }

  boolean contains(ObjectName name) {
    return items.containsKey(name);
  }

  boolean isEmpty() {
    return items.isEmpty();
  }

  /** Adds or replaces an object. */
  void put(ObjectName name, StoredObject item) {
    StoredObject before = items.put(name, item);
    logNew(before, item);
    if (!item.equals(before)) {
      listener.changed(query, before == null || !item.value().equals(before.value()));
    }
  }

  /** Removes an object. */
  void remove(ObjectName name) {
    StoredObject before = items.remove(name);
    if (before != null) {
      listener.changed(query, before.value().isPresent());
    }
  }

  /** Replaces all objects. The store takes ownership of the map. */
  void replace(Map<ObjectName, StoredObject> found) {
    Map<ObjectName, StoredObject> before = items;
    items = found;
    found.forEach((name, item) -> logNew(before.get(name), item));
    if (!before.equals(found)) {
      listener.changed(query, !values(before).equals(values(found)));
    }
  }

  private static Map<ObjectName, Optional<?>> values(Map<ObjectName, StoredObject> items) {
    Map<ObjectName, Optional<?>> values = new HashMap<>();
    items.forEach((name, item) -> values.put(name, item.value()));
    return values;
  }

  /** Logs the new diagnostics of an object. The hooks report the diagnostics of policies. */
  private void logNew(@Nullable StoredObject before, StoredObject item) {
    List<?> known = before == null ? List.of() : before.diagnostics();
    if (query.kind() != Kind.POLICY) {
      item.diagnostics().stream()
          .filter(diagnostic -> !known.contains(diagnostic))
          .forEach(diagnostic -> LOG.warn("{}", diagnostic));
    }
  }
}
