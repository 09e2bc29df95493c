package dev.pointsman.kube.api;

import dev.pointsman.model.ClusterSnapshot.ObjectName;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * Keeps the store of one query in sync with the API server: lists the objects, watches them, and starts again when the
 * watch ends. The objects stay in the store while the API server is unreachable or denies access.
 */
final class Reflector implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Reflector.class);

  /** The interval of lists of a kind that the API server does not serve. */
  private static final Duration ABSENT = Duration.ofSeconds(2);

  private static final Duration CONFIRM = Duration.ofSeconds(1);
  /** The interval of watches that end without events. */
  private static final Duration IDLE = Duration.ofMillis(100);

  /**
   * The number of failures in a row after which the first snapshot no longer waits for a named object: one that cannot
   * be read, such as a Secret that the API server cannot decrypt, must not keep a replica from serving everybody else.
   */
  private static final int MOST_FAILURES_OF_ONE = 5;

  private final Query query;
  private final ListWatch listWatch;
  private final Listener listener;
  private final ObjectStore items;
  private final RetryDelays delays = new RetryDelays(); // of the thread

  private volatile boolean listed;
  private volatile boolean absent;
  private volatile boolean synced;
  private volatile boolean current;
  private volatile boolean closed;
  private @Nullable Thread thread;

  // The fields below are used by the thread only.
  private String resourceVersion = "";
  private boolean watches;
  private int absences;

  Reflector(Query query, ApiServer server, Listener listener) {
    this.query = query;
    this.listWatch = new ListWatch(query, server, listener::responded);
    this.listener = listener;
    this.items = new ObjectStore(query, listener);
  }

  void start() {
    thread = Thread.ofVirtual().name("watch " + query).start(this::run);
  }

  /** Whether the query has synced: its objects were listed, its kind is absent, or access is denied. */
  boolean hasSynced() {
    return synced;
  }

  /** Whether the API server does not serve the kind. */
  boolean isAbsent() {
    return absent;
  }

  /** Whether the objects have been listed. */
  boolean isListed() {
    return listed;
  }

  /** Whether the objects are those of the API server, as far as its responses tell. */
  boolean isCurrent() {
    return current;
  }

  /** Whether the object is known to be absent. */
  boolean isGone(ObjectName name) {
    return listed && !items.contains(name);
  }

  /** The current objects. */
  Collection<StoredObject> items() {
    return items.all();
  }

  private void run() {
    try {
      while (!closed) {
        Thread.sleep(step());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  /** Lists if necessary and watches once; returns the delay before the next step. */
  private Duration step() {
    watches = false;
    try {
      if (resourceVersion.isEmpty()) {
        list();
      }
      boolean anything = follow();
      delays.reset();
      return anything ? Duration.ZERO : IDLE;
    } catch (ApiException e) {
      current = false;
      return refused(e);
    } catch (IOException e) {
      if (!closed) {
        listener.unreachable(e);
      }
    } catch (RuntimeException e) {
      resourceVersion = ""; // a watch from the old version would begin with the same event
      if (e instanceof JacksonException bad) {
        listener.problem(
            query, Optional.of("the answer cannot be read: " + bad.getOriginalMessage()));
      } else if (!closed) {
        LOG.error("internal error: reading {} failed; retrying", query, e);
      }
    }
    current = false;
    return delays.afterFailure();
  }

  private void list() throws IOException {
    ListWatch.Listed found = listWatch.list();
    resourceVersion = found.resourceVersion();
    boolean first = !listed;
    listed = true;
    items.replace(found.items());
    if (first && found.items().isEmpty()) {
      listener.changed(query, true); // an empty list is a change, too
    }
    absent = false;
    absences = 0;
    succeeded();
    settle();
  }

  /** Watches until the watch ends; returns whether it had events. */
  private boolean follow() throws IOException {
    boolean[] anything = {false};
    listWatch.watch(resourceVersion, this::begin, event -> {
      anything[0] = true;
      take(event);
    });
    return anything[0];
  }

  private void begin() {
    watches = true;
    succeeded();
  }

  private void succeeded() {
    current = true;
    listener.problem(query, Optional.empty());
  }

  private void take(ListWatch.Event event) {
    if (!event.resourceVersion().isEmpty()) {
      resourceVersion = event.resourceVersion();
    }
    event
        .name()
        .ifPresent(name ->
            event.item().ifPresentOrElse(item -> items.put(name, item), () -> items.remove(name)));
  }

  private Duration refused(ApiException e) {
    return switch (e.code()) {
      case 404 -> missing();
      case 403 -> {
        listener.problem(
            query, Optional.of(e.getMessage() + "; the missing rule is " + query.rule()));
        settle();
        yield delays.afterRefusal();
      }
      case 410 -> { // the resource version is too old for a watch
        resourceVersion = "";
        yield delays.failures() == 0 ? delays.noneAfterFailure() : delays.afterFailure();
      }
      case 429 -> {
        LOG.debug("the API server is busy: waiting to read {}", query);
        Duration wait = delays.afterFailure();
        yield e.retryAfter().filter(asked -> asked.compareTo(wait) > 0).orElse(wait);
      }
      case 502, 503, 504 -> {
        listener.unreachable(e);
        yield delays.afterFailure();
      }
      default -> {
        // A list is much work for an API server that may be sick. But an event that it cannot
        // encode is there again.
        if (!e.isPassing() || watches && delays.failures() > 0) {
          resourceVersion = "";
        }
        listener.problem(query, Optional.ofNullable(e.getMessage()));
        if (query.isOfOneObject() && delays.failures() >= MOST_FAILURES_OF_ONE) {
          settle();
        }
        yield delays.afterFailure();
      }
    };
  }

  /** Handles a kind that is not served in this version. */
  private Duration missing() {
    resourceVersion = "";
    if (listWatch.nextVersion()) {
      return Duration.ZERO;
    }
    absences++;
    if (!items.isEmpty() && absences == 1) {
      return CONFIRM; // deleting objects deserves a second request
    }
    if (!absent) {
      absent = true;
      LOG.info("the cluster has no {}; they are read as soon as the kind exists", query.kind());
    }
    items.replace(new ConcurrentHashMap<>());
    succeeded();
    settle();
    return ABSENT;
  }

  private void settle() {
    if (!synced) {
      synced = true;
      listener.synced(query);
    }
  }

  @Override
  public void close() {
    closed = true;
    if (thread != null) {
      thread.interrupt();
    }
    listWatch.close();
  }
}
