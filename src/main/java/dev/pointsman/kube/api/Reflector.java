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
 * Keeps the objects of one query as they are in the API server: lists them, follows the watch, and does so again
 * whenever the watch ends. Objects are kept while the API server is away or forbids us to read them.
 */
final class Reflector implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Reflector.class);

  /** How soon a kind that appears is seen. */
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
  private volatile boolean settled;
  private volatile boolean closed;
  private @Nullable Thread thread;

  // What follows belongs to the thread.
  private String resourceVersion = "";
  private boolean absent;
  private int absences;
  private int failures;

  Reflector(Query query, ApiServer server, Listener listener) {
    this.query = query;
    this.listWatch = new ListWatch(query, server, listener::heard);
    this.listener = listener;
    this.items = new ObjectStore(query, listener);
  }

  void start() {
    thread = Thread.ofVirtual().name("watch " + query).start(this::run);
  }

  /** Whether we know what there is: listed once, or that there is no such kind, or that we may not know. */
  boolean isSettled() {
    return settled;
  }

  /** Whether {@link #items} has been read at all. */
  boolean isListed() {
    return listed;
  }

  /** Whether there is certainly no such object. */
  boolean isGone(ObjectName name) {
    return listed && !items.contains(name);
  }

  /** The objects as they are now. */
  Collection<Item> items() {
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

  /** One list and one watch, or what is missing of them; returns how long to wait before the next. */
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
      resourceVersion = ""; // a watch from here would begin with the same event
      listener.problem(query, Optional.of("the answer cannot be read: " + e.getOriginalMessage()));
      return backoff();
    } catch (RuntimeException e) {
      if (!closed) {
        LOG.error("a bug of ours: reading {} failed; trying again", query, e);
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
      listener.changed(query, true); // that there is none is news, too
    }
    absent = false;
    absences = 0;
    listener.problem(query, Optional.empty());
    settle();
  }

  /** Follows the watch until it ends; returns whether anything came. */
  private boolean follow() throws IOException {
    String begin = resourceVersion;
    boolean[] anything = {false};
    listWatch.watch(begin, () -> listener.problem(query, Optional.empty()), event -> {
      anything[0] = true;
      take(event);
    });
    return anything[0];
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
        listener.problem(
            query, Optional.of(e.getMessage() + "; what is missing is the rule " + query.rule()));
        settle();
        return FORBIDDEN;
      }
      case 410 -> { // what we know is too old for a watch
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

  /** There is no such kind in this version. */
  private Duration missing() {
    resourceVersion = "";
    if (listWatch.nextVersion()) {
      return Duration.ZERO;
    }
    absences++;
    if (!items.isEmpty() && absences == 1) {
      return CONFIRM; // taking objects away is worth a second question
    }
    if (!absent) {
      absent = true;
      LOG.info("the cluster has no {}; they are read as soon as it has", query.kind());
    }
    items.replace(new ConcurrentHashMap<>());
    listener.problem(query, Optional.empty());
    settle();
    return ABSENT;
  }

  private void settle() {
    if (!settled) {
      settled = true;
      listener.settled(query);
    }
  }

  private Duration backoff() {
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
