package dev.pointsman.kube.api;

import java.io.IOException;
import java.util.Optional;

/** The events of a {@link Reflector}. It is called by many threads. */
interface Listener {
  /**
   * Objects were added, deleted or modified.
   *
   * @param values whether a snapshot depends on the change; false for other fields, such as a status
   */
  void changed(Query query, boolean values);

  /** The query has synced: the first snapshot no longer waits for it. */
  void synced(Query query);

  /** The API server has responded. */
  void responded();

  /** The API server could not be reached. */
  void unreachable(IOException reason);

  /** The query fails for the reason; empty when it succeeds again. */
  void problem(Query query, Optional<String> reason);
}
