package dev.pointsman.kube.api;

import java.util.HashSet;
import java.util.Set;

/** What has changed since somebody looked. Many threads add, one takes. */
final class Changes {
  private Set<Query> values = new HashSet<>();
  private boolean any;

  /**
   * Something has changed.
   *
   * @param value whether a snapshot is touched
   */
  synchronized void add(Query query, boolean value) {
    any = true;
    if (value) {
      values.add(query);
    }
    notifyAll();
  }

  /** Waits until something has changed, and returns the queries of which a snapshot is touched. */
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
