package dev.pointsman.kube.api;

import dev.pointsman.model.ClusterSnapshot.ObjectName;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
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
  private static final Duration FORBIDDEN = Duration.ofSeconds(5);
  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofSeconds(5);

  private final Query query;
  private final ListWatch listWatch;
  private final Listener listener;
  private final ObjectStore items;

  private volatile boolean listed;
  private volatile boolean absent;
  private volatile boolean synced;
  private volatile boolean current;
  private volatile boolean closed;
  private @Nullable Thread thread;

  // The fields below are used by the thread only.
  private String resourceVersion = "";
  private int absences;
  private int failures;

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
    try {
      if (resourceVersion.isEmpty()) {
        list();
      }
      boolean anything = follow();
      failures = 0;
      return anything ? Duration.ZERO : SHORTEST;
    } catch (ApiException e) {
      return refused(e);
    } catch (IOException e) {
      if (!closed) {
        listener.unreachable(e);
      }
      return backoff();
    } catch (JacksonException e) {
      resourceVersion = ""; // a watch from the old version would begin with the same event
      listener.problem(query, Optional.of("the answer cannot be read: " + e.getOriginalMessage()));
      return backoff();
    } catch (RuntimeException e) {
      if (!closed) {
        LOG.error("internal error: reading {} failed; retrying", query, e);
      }
      resourceVersion = "";
      return backoff();
    }
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
    String begin = resourceVersion;
    boolean[] anything = {false};
    listWatch.watch(begin, this::succeeded, event -> {
      anything[0] = true;
      take(event);
    });
    return anything[0];
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
    switch (e.code()) {
      case 404 -> {
        return missing();
      }
      case 403 -> {
        current = false;
        listener.problem(
            query, Optional.of(e.getMessage() + "; the missing rule is " + query.rule()));
        settle();
        return FORBIDDEN;
      }
      case 410 -> { // the resource version is too old for a watch
        resourceVersion = "";
        return failures == 0 ? tryAgainAtOnce() : backoff();
      }
      case 429 -> {
        LOG.debug("the API server is busy: waiting to read {}", query);
        Duration wait = backoff();
        return e.retryAfter().filter(asked -> asked.compareTo(wait) > 0).orElse(wait);
      }
      case 502, 503, 504 -> {
        listener.unreachable(e);
        return backoff();
      }
      default -> {
        resourceVersion = "";
        listener.problem(query, Optional.ofNullable(e.getMessage()));
        return backoff();
      }
    }
  }

  private Duration tryAgainAtOnce() {
    failures++;
    return Duration.ZERO;
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

  private Duration backoff() {
    current = false;
    failures++;
    long most = LONGEST.toMillis();
    long millis = failures > 6 ? most : Math.min(most, SHORTEST.toMillis() << (failures - 1));
    return Duration.ofMillis(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
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
