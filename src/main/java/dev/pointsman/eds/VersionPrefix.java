package dev.pointsman.eds;

import java.util.List;

/**
 * Makes versions unique to this process, so an Envoy with the versions of a previous process gets the endpoints again.
 */
record VersionPrefix(String name) {
  /** This process's. */
  static VersionPrefix ofNow() {
    return new VersionPrefix(Long.toString(System.currentTimeMillis(), Character.MAX_RADIX)
        + "-"
        + Long.toString(ProcessHandle.current().pid(), Character.MAX_RADIX));
  }

  /** The common version of some assignments: it changes when one of them changes. */
  String version(List<Assignment> assignments) {
    return name + "." + assignments.stream().mapToLong(Assignment::number).max().orElse(0);
  }
}
