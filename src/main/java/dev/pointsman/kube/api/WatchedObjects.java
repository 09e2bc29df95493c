package dev.pointsman.kube.api;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** The objects of the API server, for the writer of their status. It is thread-safe. */
public interface WatchedObjects {
  /** Whether all queries have synced. Until then an absent object may exist. */
  boolean synced();

  /**
   * The objects of a kind by namespace and name, with {@code apiVersion} and {@code kind}, without
   * {@code metadata.managedFields} and kubectl's last-applied annotation. They are shared and must not be modified.
   *
   * @throws IllegalArgumentException for a kind of which only the parts for snapshots are stored: InferenceModel,
   *     Service, EndpointSlice, Pod, ConfigMap, Secret
   */
  List<JsonNode> all(Kind kind);

  /**
   * Registers a listener that is called soon after objects have changed: once for several changes, never concurrently.
   */
  void onChange(Runnable listener);
}
