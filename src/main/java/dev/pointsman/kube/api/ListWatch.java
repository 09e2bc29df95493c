package dev.pointsman.kube.api;

import dev.pointsman.model.ClusterSnapshot.ObjectName;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The list and the watch of one query, in one of the versions that its kind may have. An object is reduced to its
 * {@link StoredObject} as soon as it is read. One thread uses it; any thread may close it.
 */
final class ListWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ListWatch.class);
  private static final ObjectReader TREE = JsonMapper.shared().readerFor(JsonNode.class);

  private static final int PAGE = 500;
  /** The lower bound of a watch's timeout; a random part is added, so watches do not end at the same time. */
  private static final int WATCH_SECONDS = 240;

  private final Query query;
  private final ApiServer server;
  private final Runnable answered;
  private volatile @Nullable InputStream watch;
  private volatile boolean closed;
  private int version;

  /** All objects of the query and the resource version at which the watch begins. */
  record Listed(Map<ObjectName, StoredObject> items, String resourceVersion) {}

  /**
   * An event of a watch.
   *
   * @param name empty for a bookmark, which has a resource version only
   * @param item empty when the object was deleted
   * @param resourceVersion empty when the event has none
   */
  record Event(Optional<ObjectName> name, Optional<StoredObject> item, String resourceVersion) {}

  /**
   * Creates it without a request.
   *
   * @param answered called for each response of the API server itself
   */
  ListWatch(Query query, ApiServer server, Runnable answered) {
    this.query = query;
    this.server = server;
    this.answered = answered;
  }

  /** Switches to the kind's next version; false when all have been tried and the first is next. */
  boolean nextVersion() {
    version = (version + 1) % query.kind().versions().size();
    return version != 0;
  }

  /** Reads the list, page by page. */
  Listed list() throws IOException {
    Map<ObjectName, StoredObject> found = new ConcurrentHashMap<>();
    String next = "";
    String resourceVersion = "";
    do {
      String parameters = "limit=" + PAGE + (next.isEmpty() ? "" : "&continue=" + next);
      try (InputStream body = get(parameters)) {
        ListPage page = ListPage.read(body, object -> found.put(nameOf(object), read(object)));
        next = page.next();
        resourceVersion = page.resourceVersion();
      }
    } while (!next.isEmpty());
    return new Listed(found, resourceVersion);
  }

  /**
   * Follows the watch until it ends.
   *
   * @param begins called when the API server has accepted the watch
   * @throws ApiException when the watch is rejected or ends with an error
   * @throws tools.jackson.core.JacksonException when an event cannot be read
   */
  void watch(String resourceVersion, Runnable begins, Consumer<Event> events) throws IOException {
    int seconds = WATCH_SECONDS + ThreadLocalRandom.current().nextInt(WATCH_SECONDS / 2);
    try (InputStream body = get("watch=true&allowWatchBookmarks=true&resourceVersion="
        + resourceVersion + "&timeoutSeconds=" + seconds)) {
      begins.run();
      watch = body;
      try (MappingIterator<JsonNode> nodes = TREE.readValues(body)) {
        while (!closed && nodes.hasNextValue()) {
          events.accept(event(nodes.nextValue()));
        }
      } catch (UnexpectedEndOfInputException | JacksonIOException cut) {
        LOG.debug("the watch of {} was cut", query, cut); // the next watch reports the state
      }
    } finally {
      watch = null;
    }
  }

  private Event event(JsonNode event) throws ApiException {
    JsonNode node = event.path("object");
    String type = event.path("type").asString("");
    if (type.equals("ERROR")) {
      throw new ApiException(
          node.path("code").asInt(500), node.path("message").asString(""), Optional.empty());
    }
    String resourceVersion = node.path("metadata").path("resourceVersion").asString("");
    boolean added = type.equals("ADDED") || type.equals("MODIFIED");
    return node instanceof ObjectNode object && (added || type.equals("DELETED"))
        ? new Event(
            Optional.of(nameOf(object)),
            added ? Optional.of(read(object)) : Optional.empty(),
            resourceVersion)
        : new Event(Optional.empty(), Optional.empty(), resourceVersion);
  }

  private StoredObject read(ObjectNode object) {
    // Objects of a list have no kind.
    object.put("kind", query.kind().kind());
    object.put("apiVersion", query.kind().apiVersion(versionName()));
    return StoredObject.of(query, object);
  }

  private static ObjectName nameOf(JsonNode object) {
    JsonNode metadata = object.path("metadata");
    return new ObjectName(
        metadata.path("namespace").asString(""), metadata.path("name").asString(""));
  }

  private InputStream get(String parameters) throws IOException {
    try {
      InputStream body = server.get(query.path(versionName()) + parameters);
      answered.run();
      return body;
    } catch (ApiException e) {
      if (!e.isOutage()) {
        answered.run();
      }
      throw e;
    }
  }

  private String versionName() {
    return query.kind().versions().get(version);
  }

  @Override
  public void close() {
    closed = true;
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
