package dev.pointsman.kube.api;

import java.io.IOException;
import java.util.Optional;

/**
 * Passes the events of reflectors on.
 *
 * @param failed called for each failed call of the API server
 */
record ReflectorEvents(DirtyQueries dirty, ConnectionState connection, Runnable failed)
    implements Listener {
  @Override
  public void changed(Query query, boolean values) {
    dirty.add(query, values);
  }

  @Override
  public void synced(Query query) {
    dirty.add(query, false);
  }

  @Override
  public void responded() {
    connection.responded();
  }

  @Override
  public void unreachable(IOException reason) {
    failed.run();
    connection.unreachable(reason);
  }

  @Override
  public void problem(Query query, Optional<String> reason) {
    reason.ifPresent(_ -> failed.run());
    connection.problem(query, reason);
  }
}
