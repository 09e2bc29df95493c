package dev.pointsman.kube.api;

import java.io.IOException;
import java.util.Optional;

/** What a {@link Reflector} tells about its objects and about the API server. Called by many threads. */
interface Listener {
  /**
   * Objects came, went or changed.
   *
   * @param values whether a snapshot is touched; else only what it does not need has changed, such as a status
   */
  void changed(Query query, boolean values);

  /** The reflector is settled now: a first snapshot need not wait for it. */
  void settled(Query query);

  /** The API server has answered. */
  void heard();

  /** The API server has not answered. */
  void unreachable(IOException reason);

  /** Why the API server does not give what the query asks for; empty when it does again. */
  void problem(Query query, Optional<String> reason);
}
