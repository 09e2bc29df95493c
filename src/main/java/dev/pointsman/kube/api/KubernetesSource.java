package dev.pointsman.kube.api;

import dev.pointsman.model.Certificates;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.ClusterSnapshot.ObjectName;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.SnapshotSource;
import dev.pointsman.model.SourceState;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import tools.jackson.databind.JsonNode;

/**
 * Snapshots from the Kubernetes API server: InferencePools of both groups, InferenceModels, HTTPRoutes, ReferenceGrants,
 * Services, EndpointSlices, ConfigMaps of the body-based routing; Pods of the namespaces that have an InferencePool;
 * ConfigMaps and Secrets that InferencePolicies name. A missing kind is read once it appears. The first snapshot is
 * published when all queries have synced; the last stays in use while the API server is unreachable.
 */
public final class KubernetesSource implements SnapshotSource, WatchedObjects {
  private static final Logger LOG = LoggerFactory.getLogger(KubernetesSource.class);
  /** The minimum interval of snapshots during a burst of changes; a single change is published at once. */
  private static final long BURST_MILLIS = 5;

  private static final Comparator<JsonNode> BY_NAME = Comparator.comparing(
          (JsonNode object) -> object.path("metadata").path("namespace").asString(""))
      .thenComparing(object -> object.path("metadata").path("name").asString(""));

  private final ApiAccess access;
  private final List<String> namespaces;
  private final DirtyQueries dirty = new DirtyQueries();
  private final ConnectionState connection;
  private final Listener events;
  private final Map<Query, Reflector> reflectors = new ConcurrentHashMap<>();
  private final UnnamedPods unnamed = new UnnamedPods(System::nanoTime);
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private Set<Certificates> leftOut = Set.of(); // of the snapshot thread

  /** The queries that the first snapshot waits for: names that change all the time would delay it for ever. */
  private Set<Query> firstNames = Set.of(); // of the snapshot thread

  private volatile ClusterSnapshot current = ClusterSnapshot.EMPTY;
  private volatile boolean closed;
  private @Nullable Thread thread;

  /**
   * A source that is not started.
   *
   * @param namespaces the watched namespaces; empty for all
   * @param failed called for each failed call of the API server
   */
  public KubernetesSource(ApiAccess access, Collection<String> namespaces, Runnable failed) {
    this.access = access;
    this.namespaces = namespaces.isEmpty() ? List.of("") : List.copyOf(new TreeSet<>(namespaces));
    connection = new ConnectionState(access.url());
    events = new ReflectorEvents(dirty, connection, failed);
  }

  @Override
  public ClusterSnapshot get() {
    return current;
  }

  @Override
  public SourceState state() {
    return connection.state(
        current.synced() ? Set.of() : ReadKinds.unsynced(reflectors), MissingKinds.of(reflectors));
  }

  /** Returns no diagnostics: the hooks report the diagnostics of policies. */
  @Override
  public List<Diagnostic> diagnostics() {
    return reflectors.entrySet().stream()
        .filter(entry -> entry.getKey().kind() != Kind.POLICY)
        .flatMap(entry -> entry.getValue().items().stream())
        .flatMap(item -> item.diagnostics().stream())
        .distinct()
        .toList();
  }

  @Override
  public boolean synced() {
    return current.synced();
  }

  @Override
  public List<JsonNode> all(Kind kind) {
    if (!kind.isKeptWhole()) {
      throw new IllegalArgumentException("no whole objects are stored of " + kind);
    }
    return items(kind).flatMap(item -> item.whole().stream()).sorted(BY_NAME).toList();
  }

  /** Whether the object is known to be absent: its kind and namespace have been listed without it. */
  public boolean isGone(Kind kind, String namespace, String name) {
    return ReadKinds.of(reflectors, kind, namespace)
        .anyMatch(reflector -> reflector.isGone(new ObjectName(namespace, name)));
  }

  @Override
  public boolean isCurrent(String namespace) {
    return current.synced() && ReadKinds.areEndpointsCurrent(reflectors, namespace);
  }

  private Stream<StoredObject> items(Kind kind) {
    return reflectors.entrySet().stream()
        .filter(entry -> entry.getKey().kind() == kind)
        .flatMap(entry -> entry.getValue().items().stream());
  }

  @Override
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /** Starts reading, on threads of its own. */
  @Override
  public synchronized void start(Consumer<ClusterSnapshot> listener) {
    thread = Thread.ofPlatform().daemon().name("kubernetes-snapshots").start(() -> run(listener));
  }

  private void run(Consumer<ClusterSnapshot> listener) {
    try (ApiServer api = new ApiServer(access, ApiServer.SILENCE)) {
      try {
        follow(api, listener);
      } finally {
        reflectors.values().forEach(Reflector::close); // before their client is closed
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  private void follow(ApiServer api, Consumer<ClusterSnapshot> listener)
      throws InterruptedException {
    Queries.always(namespaces).forEach(query -> watch(query, api));
    Set<Query> pending = new HashSet<>(); // changes that no snapshot contains yet
    while (!closed) {
      pending.addAll(dirty.take());
      try {
        boolean isListed;
        do {
          isListed = ReadKinds.haveSynced(reflectors, Queries.always(namespaces));
          updateNamedQueries(api, pending);
        } while (!isListed && ReadKinds.haveSynced(reflectors, Queries.always(namespaces)));
        if (isListed && firstNames.isEmpty()) {
          firstNames = Set.copyOf(reflectors.keySet());
        }
        if (current.synced() || (isListed && ReadKinds.haveSynced(reflectors, firstNames))) {
          publish(pending, listener);
        }
      } catch (RuntimeException e) {
        LOG.error("internal error: no new snapshot", e);
      }
      Thread.sleep(BURST_MILLIS);
    }
  }

  private void publish(Set<Query> changed, Consumer<ClusterSnapshot> listener) {
    boolean first = !current.synced();
    if (first) {
      changed.addAll(reflectors.keySet()); // including changes since take()
    }
    if (first || !changed.isEmpty()) {
      current = SnapshotBuilder.next(current, reflectors, leftOut, changed);
      changed.clear();
      connection.published();
      LOG.atLevel(first ? Level.INFO : Level.DEBUG)
          .log(
              "{}: pools {}, pods {}, services {}, of these with endpoint slices {}",
              access.url(),
              current.pools().size(),
              current.pods().size(),
              current.services().size(),
              current.slices().size());
      listener.accept(current);
    }
    listeners.forEach(Runnable::run);
  }

  /** Starts and stops the queries for the Pods of the pools' namespaces and for the certificates that policies name. */
  private void updateNamedQueries(ApiServer api, Set<Query> changed) {
    Queries.Named named = Queries.namedBy(
        Stream.concat(items(Kind.POOL), items(Kind.ALPHA_POOL)), items(Kind.POLICY));
    if (!named.leftOut().equals(leftOut)) {
      leftOut = named.leftOut();
      changed.add(Query.all(Kind.CONFIG_MAP, "")); // the part of the snapshot that says so
    }
    reflectors.forEach((query, reflector) -> {
      if (Queries.isNamedByOthers(query)
          && unnamed.ends(query, named.queries().contains(query), reflector.isListed())) {
        reflectors.remove(query);
        reflector.close();
        connection.forget(query);
        changed.add(query);
      }
    });
    named.queries().stream()
        .filter(query -> !reflectors.containsKey(query))
        .forEach(query -> watch(query, api));
  }

  private void watch(Query query, ApiServer api) {
    Reflector reflector = new Reflector(query, api, events);
    reflectors.put(query, reflector);
    reflector.start();
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (thread != null) {
      thread.interrupt();
    }
  }
}
