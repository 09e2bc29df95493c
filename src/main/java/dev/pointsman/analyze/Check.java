package dev.pointsman.analyze;

/** A group of checks of one subject. */
@FunctionalInterface
interface Check {
  /** Reports the mistakes among the manifests. */
  void check(Manifests manifests, FindingCollector report);
}
