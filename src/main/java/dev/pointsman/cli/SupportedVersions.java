package dev.pointsman.cli;

import java.util.List;

/** The versions of other projects that are supported, in words. {@code SupportedVersionsTest} compares them with tests and chart. */
enum SupportedVersions {
  ENVOY_GATEWAY("Envoy Gateway", "1.8 and 1.9"),
  ENVOY("Envoy", "1.38 to 1.40"),
  KUBERNETES("Kubernetes", "1.29 and later"),
  GATEWAY_API("Gateway API", "v1, and v1beta1 of ReferenceGrant"),
  INFERENCE_EXTENSION(
      "Inference Extension", "InferencePool v1 and v1alpha2, InferenceModel v1alpha2");

  private final String project;
  private final String versions;

  SupportedVersions(String project, String versions) {
    this.project = project;
    this.versions = versions;
  }

  String versions() {
    return versions;
  }

  /** A line for each project, in columns. */
  static List<String> lines() {
    return List.of(values()).stream()
        .map(one -> "%-20s %s".formatted(one.project, one.versions))
        .toList();
  }
}
