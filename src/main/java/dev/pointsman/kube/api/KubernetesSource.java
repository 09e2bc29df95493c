package dev.pointsman.kube.api;

import dev.pointsman.kube.AdapterMapParser;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.ClusterSnapshot.ObjectName;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.InferencePolicy;
import dev.pointsman.model.InferencePolicy.PickerTlsSpec;
import dev.pointsman.model.InferencePool;
import dev.pointsman.model.SnapshotSource;
import dev.pointsman.model.SourceState;
import java.io.IOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import tools.jackson.databind.JsonNode;

/**
 * Snapshots from the Kubernetes API server: InferencePools of both groups, InferenceModels, HTTPRoutes, ReferenceGrants,
 * Services, EndpointSlices, ConfigMaps of the body-based routing; Pods of the namespaces that have an InferencePool;
 * ConfigMaps and Secrets that InferencePolicies name. A kind that the cluster does not have is read once it appears.
 *
 * <p>The first snapshot is published when everything that there is has been listed once. While the API server is away
 * the last one stays.
 */
public final class KubernetesSource implements SnapshotSource, WatchedObjects {
  private static final Logger LOG = LoggerFactory.getLogger(KubernetesSource.class);
  /** A burst of changes becomes one snapshot each so many milliseconds; a single change waits for nothing. */
  private static final long BURST_MILLIS = 5;

  private static final Comparator<JsonNode> BY_NAME = Comparator.comparing(
          (JsonNode object) -> object.path("metadata").path("namespace").asString(""))
      .thenComparing(object -> object.path("metadata").path("name").asString(""));

  private final ApiAccess access;
  private final List<String> namespaces;
  private final Runnable failed;
  private final Changes changes = new Changes();
  private final ConnectionState connection;
  private final Map<Query, Reflector> reflectors = new ConcurrentHashMap<>();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile ClusterSnapshot current = ClusterSnapshot.EMPTY;
  private volatile boolean closed;
  private @Nullable Thread thread;

  /**
   * A source that asks nothing yet.
   *
   * @param namespaces the only ones that are read; empty for all
   * @param failed told of each call of the API server that fails
   */
  public KubernetesSource(ApiAccess access, Collection<String> namespaces, Runnable failed) {
    this.failed = failed;
    this.access = access;
    this.namespaces = namespaces.isEmpty() ? List.of("") : List.copyOf(new TreeSet<>(namespaces));
    connection = new ConnectionState(access.url());
  }

  @Override
  public ClusterSnapshot get() {
    return current;
  }

  @Override
  public SourceState state() {
    return connection.state(
        current.synced()
            ? Set.of()
            : reflectors.entrySet().stream()
                .filter(entry -> !entry.getValue().isSettled())
                .map(entry -> entry.getKey().kind().toString())
                .collect(Collectors.toSet()));
  }

  /** The hooks report the diagnostics of policies. */
  @Override
  public List<Diagnostic> diagnostics() {
    return reflectors.entrySet().stream()
        .filter(entry -> entry.getKey().kind() != Kind.POLICY)
        .flatMap(entry -> entry.getValue().items().stream())
        .flatMap(item -> item.said().stream())
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
      throw new IllegalArgumentException("whole objects are not kept of " + kind);
    }
    return items(kind).flatMap(item -> item.whole().stream()).sorted(BY_NAME).toList();
  }

  /** Whether there is certainly no such object: those of its kind and namespace are read, and it is not among them. */
  public boolean isGone(Kind kind, String namespace, String name) {
    return Stream.of("", namespace)
        .flatMap(read -> Optional.ofNullable(reflectors.get(Query.all(kind, read))).stream())
        .anyMatch(reflector -> reflector.isGone(new ObjectName(namespace, name)));
  }

  private Stream<Item> items(Kind kind) {
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
        reflectors.values().forEach(Reflector::close); // before what they ask is closed
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  private void follow(ApiServer api, Consumer<ClusterSnapshot> listener)
      throws InterruptedException {
    always().forEach(query -> watch(query, api));
    Set<Query> untold = new HashSet<>(); // changed while not everything was read
    while (!closed) {
      untold.addAll(changes.take());
      try {
        boolean settled;
        do { // what they name must be settled, too; what nobody names any more is not waited for
          settled = allSettled();
          watchWhatObjectsName(api, untold);
        } while (!settled && allSettled());
        if (current.synced() || (settled && allSettled())) {
          publish(untold, listener);
        }
      } catch (RuntimeException e) {
        LOG.error("a bug of ours: no new snapshot", e);
      }
      Thread.sleep(BURST_MILLIS);
    }
  }

  private boolean allSettled() {
    return reflectors.values().stream().allMatch(Reflector::isSettled);
  }

  private void publish(Set<Query> changed, Consumer<ClusterSnapshot> listener) {
    boolean first = !current.synced();
    if (first) {
      changed.addAll(reflectors.keySet()); // also what has been read since we took the changes
    }
    if (first || !changed.isEmpty()) {
      current = SnapshotBuilder.next(current, reflectors, changed);
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

  /** What is read from the start. */
  private List<Query> always() {
    return namespaces.stream()
        .flatMap(namespace -> Stream.of(
            Query.all(Kind.POOL, namespace),
            Query.all(Kind.ALPHA_POOL, namespace),
            Query.all(Kind.POLICY, namespace),
            Query.all(Kind.SERVICE, namespace),
            Query.all(Kind.ENDPOINT_SLICE, namespace),
            Query.all(Kind.HTTP_ROUTE, namespace),
            Query.all(Kind.GATEWAY, namespace),
            Query.all(Kind.REFERENCE_GRANT, namespace),
            Query.all(Kind.INFERENCE_MODEL, namespace),
            Query.labelled(Kind.CONFIG_MAP, namespace, AdapterMapParser.LABEL, "true")))
        .toList();
  }

  /** The Pods of the pools' namespaces, and the certificates that policies name. */
  private void watchWhatObjectsName(ApiServer api, Set<Query> changed) {
    Set<Query> named = new HashSet<>();
    Stream.concat(items(Kind.POOL), items(Kind.ALPHA_POOL))
        .flatMap(item -> item.value().stream())
        .map(InferencePool.class::cast)
        .forEach(pool -> named.add(Query.all(Kind.POD, pool.ref().namespace())));
    items(Kind.POLICY)
        .flatMap(item -> item.value().stream())
        .map(InferencePolicy.class::cast)
        .forEach(policy -> certificates(policy).forEach(named::add));
    for (Query query : List.copyOf(reflectors.keySet())) {
      if (isNamedByOthers(query) && !named.contains(query)) {
        Optional.ofNullable(reflectors.remove(query)).ifPresent(Reflector::close);
        connection.forget(query);
        changed.add(query);
      }
    }
    named.stream()
        .filter(query -> !reflectors.containsKey(query))
        .forEach(query -> watch(query, api));
  }

  private static boolean isNamedByOthers(Query query) {
    return query.kind() == Kind.POD || query.selection() instanceof Query.Selection.Named;
  }

  private static Stream<Query> certificates(InferencePolicy policy) {
    return policy.endpointPicker().stream()
        .flatMap(picker -> picker.tls() instanceof PickerTlsSpec.Verify verify
            ? verify.caCertificates().stream()
                .map(ref -> Query.certificate(policy.namespace(), ref))
            : Stream.empty());
  }

  private void watch(Query query, ApiServer api) {
    Reflector reflector = new Reflector(query, api, new Told());
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

  /** Passes on what reflectors tell. */
  private final class Told implements Listener {
    @Override
    public void changed(Query query, boolean values) {
      changes.add(query, values);
    }

    @Override
    public void settled(Query query) {
      changes.add(query, false);
    }

    @Override
    public void heard() {
      connection.heard();
    }

    @Override
    public void unreachable(IOException reason) {
      failed.run();
      connection.unreachable(reason);
    }

    @Override
    public void problem(Query query, Optional<String> reason) {
      reason.ifPresent(_ -> failed.run());
      connection.problem(query, reason);
    }
  }
}
