package dev.pointsman.kube.api;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** The objects as the API server has them, for whoever writes their status. Safe for many threads. */
public interface WatchedObjects {
  /** Whether every kind that there is has been listed once. Until then an absent object may well exist. */
  boolean synced();

  /**
   * The objects of a kind by namespace and name, with {@code apiVersion} and {@code kind}, without
   * {@code metadata.managedFields} and kubectl's last-applied annotation. They are shared: do not change them.
   *
   * @throws IllegalArgumentException for a kind of which we keep only what a snapshot needs: InferenceModel,
   *     EndpointSlice, Pod, ConfigMap, Secret
   */
  List<JsonNode> all(Kind kind);

  /** Calls the listener soon after objects have changed: once for several changes, one call after the other. */
  void onChange(Runnable listener);
}
