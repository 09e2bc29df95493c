package dev.pointsman.model;

import java.util.List;

/**
 * A base model and its adapters, from a ConfigMap labelled {@code inference.networking.k8s.io/bbr-managed=true} (the
 * Inference Extension's body-based routing).
 */
public record AdapterMap(String namespace, String name, String baseModel, List<String> adapters) {
  public AdapterMap {
    adapters = List.copyOf(adapters);
  }
}
