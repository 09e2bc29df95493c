package dev.pointsman.kube.api;

import java.util.HashSet;
import java.util.Set;

/** Collects the changed queries until the snapshot thread takes them. Many threads add, one takes. */
final class DirtyQueries {
  private Set<Query> values = new HashSet<>();
  private boolean any;

  /**
   * Adds a change.
   *
   * @param value whether a snapshot depends on it
   */
  synchronized void add(Query query, boolean value) {
    any = true;
    if (value) {
      values.add(query);
    }
    notifyAll();
  }

  /** Waits for a change and returns the queries with changes that a snapshot depends on. */
  synchronized Set<Query> take() throws InterruptedException {
    while (!any) {
      wait();
    }
    Set<Query> taken = values;
    values = new HashSet<>();
    any = false;
    return taken;
  }
}
