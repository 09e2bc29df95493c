package dev.pointsman.kube.status;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Objects by path, with the API server's optimistic locking. */
final class FakeWriteApi implements WriteApi {
  final Map<String, ObjectNode> objects = new ConcurrentSkipListMap<>();
  final List<String> writes = new CopyOnWriteArrayList<>();

  /** Called before each write takes place. */
  Consumer<String> before = _ -> {};

  /** Changes that the API server makes to a written object, such as dropping a field. */
  Consumer<ObjectNode> schema = _ -> {};

  private int version = 100;

  synchronized void put(String path, JsonNode object) {
    ObjectNode stored = (ObjectNode) object.deepCopy();
    stored.withObject("metadata").put("resourceVersion", Integer.toString(++version));
    objects.put(path, stored);
  }

  @Override
  public synchronized Optional<JsonNode> get(String path) {
    return Optional.ofNullable(objects.get(path)).map(ObjectNode::deepCopy);
  }

  @Override
  public WriteResult create(String path, JsonNode object) {
    before.accept(path);
    String name = path + "/" + object.path("metadata").path("name").asString();
    if (objects.containsKey(name)) {
      return new WriteResult.Conflict();
    }
    return store("POST " + path, name, object);
  }

  @Override
  public WriteResult replace(String path, JsonNode object) {
    before.accept(path);
    String name = path.endsWith("/status") ? path.substring(0, path.length() - 7) : path;
    JsonNode there = objects.get(name);
    if (there == null) {
      return new WriteResult.Gone();
    }
    String expected = object.path("metadata").path("resourceVersion").asString("");
    return there.path("metadata").path("resourceVersion").asString("").equals(expected)
        ? store("PUT " + path, name, object)
        : new WriteResult.Conflict();
  }

  @Override
  public synchronized WriteResult delete(String path) {
    before.accept(path);
    JsonNode there = objects.remove(path);
    if (there == null) {
      return new WriteResult.Gone();
    }
    writes.add("DELETE " + path);
    return new WriteResult.Done(there);
  }

  private synchronized WriteResult store(String said, String name, JsonNode object) {
    writes.add(said);
    ObjectNode stored = (ObjectNode) object.deepCopy();
    schema.accept(stored);
    put(name, stored);
    return new WriteResult.Done(get(name).orElseThrow());
  }
}
