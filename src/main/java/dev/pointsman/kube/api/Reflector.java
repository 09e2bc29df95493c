package dev.pointsman.kube.api;

import dev.pointsman.model.ClusterSnapshot.ObjectName;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps the objects of one query as they are in the API server: lists them, follows the watch, and does so again
 * whenever the watch ends. Objects are kept while the API server is away or forbids us to read them.
 */
final class Reflector implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Reflector.class);
  private static final ObjectReader TREE = JsonMapper.shared().readerFor(JsonNode.class);

  private static final int PAGE = 500;
  /** How soon a kind that appears is seen. */
  private static final Duration ABSENT = Duration.ofSeconds(2);

  private static final Duration CONFIRM = Duration.ofSeconds(1);
  private static final Duration FORBIDDEN = Duration.ofSeconds(5);
  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofSeconds(5);
  /** The API server ends each watch after some minutes, not all of them at one time. */
  private static final int WATCH_SECONDS = 240;

  private final Query query;
  private final ApiServer server;
  private final Listener listener;
  private final ObjectStore items;

  private volatile boolean listed;
  private volatile boolean settled;
  private volatile boolean closed;
  private volatile @Nullable InputStream watch;
  private @Nullable Thread thread;

  // What follows belongs to the thread.
  private String resourceVersion = "";
  private int version;
  private boolean absent;
  private int absences;
  private int failures;

  Reflector(Query query, ApiServer server, Listener listener) {
    this.query = query;
    this.server = server;
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
    Map<ObjectName, Item> found = new ConcurrentHashMap<>();
    String next = "";
    String listedAt = "";
    do {
      String parameters = "limit=" + PAGE + (next.isEmpty() ? "" : "&continue=" + next);
      try (InputStream body = get(parameters)) {
        ListPage page = ListPage.read(body, object -> found.put(nameOf(object), read(object)));
        next = page.next();
        listedAt = page.resourceVersion();
      }
    } while (!next.isEmpty());
    resourceVersion = listedAt;
    boolean first = !listed;
    listed = true;
    items.replace(found);
    if (first && found.isEmpty()) {
      listener.changed(query, true); // that there is none is news, too
    }
    absent = false;
    absences = 0;
    listener.problem(query, Optional.empty());
    settle();
  }

  /** Follows the watch until it ends; returns whether anything came. */
  private boolean follow() throws IOException {
    int seconds = WATCH_SECONDS + ThreadLocalRandom.current().nextInt(WATCH_SECONDS / 2);
    boolean anything = false;
    try (InputStream body = get("watch=true&allowWatchBookmarks=true&resourceVersion="
        + resourceVersion + "&timeoutSeconds=" + seconds)) {
      listener.problem(query, Optional.empty());
      watch = body;
      try (MappingIterator<JsonNode> events = TREE.readValues(body)) {
        while (!closed && events.hasNextValue()) {
          take(events.nextValue());
          anything = true;
        }
      } catch (UnexpectedEndOfInputException | JacksonIOException cut) {
        LOG.debug("the watch of {} was cut", query, cut); // the next one will tell how it stands
      } catch (JacksonException unreadable) {
        resourceVersion = ""; // a watch from here would begin with the same event
        throw unreadable;
      }
    } finally {
      watch = null;
    }
    return anything;
  }

  private void take(JsonNode event) throws ApiException {
    JsonNode node = event.path("object");
    String type = event.path("type").asString("");
    if (type.equals("ERROR")) {
      throw new ApiException(
          node.path("code").asInt(500), node.path("message").asString(""), Optional.empty());
    }
    if (!(node instanceof ObjectNode object)) {
      return;
    }
    resourceVersion = object.path("metadata").path("resourceVersion").asString(resourceVersion);
    switch (type) {
      case "ADDED", "MODIFIED" -> items.put(nameOf(object), read(object));
      case "DELETED" -> items.remove(nameOf(object));
      default -> {} // BOOKMARK: its resourceVersion is all that it has
    }
  }

  private Item read(ObjectNode object) {
    // ObjectStore of a list do not say what they are.
    object.put("kind", query.kind().kind());
    object.put("apiVersion", query.kind().apiVersion(versionName()));
    return Item.of(query, object);
  }

  private static ObjectName nameOf(JsonNode object) {
    JsonNode metadata = object.path("metadata");
    return new ObjectName(
        metadata.path("namespace").asString(""), metadata.path("name").asString(""));
  }

  private InputStream get(String parameters) throws IOException {
    try {
      InputStream body = server.get(query.path(versionName()) + parameters);
      listener.heard();
      return body;
    } catch (ApiException e) {
      if (!e.isOutage()) {
        listener.heard();
      }
      throw e;
    }
  }

  private String versionName() {
    return query.kind().versions().get(version);
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
    version = (version + 1) % query.kind().versions().size();
    if (version != 0) {
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
    InputStream body = watch;
    try {
      if (body != null) {
        body.close();
      }
    } catch (IOException e) {
      LOG.debug("closing the watch of {}", query, e);
    }
  }
}
