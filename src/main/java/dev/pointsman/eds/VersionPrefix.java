package dev.pointsman.eds;

import java.util.List;

/**
 * Makes versions that no other process has made, so that an Envoy that was told something by our predecessor is told
 * again.
 */
record VersionPrefix(String name) {
  /** This process's. */
  static VersionPrefix ofNow() {
    return new VersionPrefix(Long.toString(System.currentTimeMillis(), Character.MAX_RADIX)
        + "-"
        + Long.toString(ProcessHandle.current().pid(), Character.MAX_RADIX));
  }

  /** The version of some assignments together: it changes when one of them does. */
  String version(List<Assignment> assignments) {
    return name + "." + assignments.stream().mapToLong(Assignment::number).max().orElse(0);
  }
}
