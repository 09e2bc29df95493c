package dev.pointsman.model;

import java.util.List;

/**
 * A base model and its adapters, as ConfigMaps labelled {@code inference.networking.k8s.io/bbr-managed=true} give them
 * (the Inference Extension's body-based routing).
 */
public record AdapterMap(String namespace, String name, String baseModel, List<String> adapters) {
  public AdapterMap {
    adapters = List.copyOf(adapters);
  }
}
