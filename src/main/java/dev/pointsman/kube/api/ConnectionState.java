package dev.pointsman.kube.api;

import dev.pointsman.model.SourceState;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The state of the connection to the API server and of each query; each change is logged once. */
final class ConnectionState {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionState.class);

  private static final Duration STARTING = Duration.ofSeconds(10);

  private final String url;
  private final Map<String, String> problems = new TreeMap<>();
  private @Nullable Instant unreachableSince;
  private volatile boolean unreachable;
  private volatile long lastResponse = System.nanoTime() - STARTING.toNanos();
  private boolean synced;

  ConnectionState(String url) {
    this.url = url;
  }

  void responded() {
    lastResponse = System.nanoTime();
    if (unreachable) { // read for each response: no lock in the usual case
      reachable();
    }
  }

  private synchronized void reachable() {
    if (unreachableSince != null) {
      Duration away = Duration.between(unreachableSince, Instant.now());
      LOG.info("the API server {} is reachable again after {} s", url, away.toSeconds());
      unreachableSince = null;
      unreachable = false;
    }
  }

  synchronized void unreachable(IOException reason) {
    // During its start, an API server returns 503 for some paths while it serves others.
    boolean starting =
        reason instanceof ApiException && System.nanoTime() - lastResponse < STARTING.toNanos();
    if (unreachableSince == null && !starting) {
      unreachableSince = Instant.now();
      unreachable = true;
      LOG.warn(
          "the API server {} cannot be reached ({}); {}; retrying",
          url,
          describe(reason),
          synced ? "serving the last snapshot" : "nothing is served until it is reachable");
    }
  }

  private static String describe(IOException reason) {
    String message = reason.getMessage();
    if (message == null || message.isEmpty()) {
      return reason instanceof ConnectException
          ? "no connection"
          : reason.getClass().getSimpleName();
    }
    return message;
  }

  synchronized void problem(Query query, Optional<String> reason) {
    String name = query.toString();
    if (reason.isEmpty()) {
      if (problems.remove(name) != null) {
        LOG.info("{} can be read now", name);
      }
    } else if (!reason.get().equals(problems.put(name, reason.get()))) {
      LOG.warn("{} cannot be read: {}", name, reason.get());
    }
  }

  /** Removes the state of a query that is no longer watched. */
  synchronized void forget(Query query) {
    problems.remove(query.toString());
  }

  synchronized void published() {
    synced = true;
  }

  /**
   * The state.
   *
   * @param unread the kinds that have not synced yet
   * @param missing lines about kinds that are not served
   */
  synchronized SourceState state(Set<String> unread, List<String> missing) {
    List<String> lines = new ArrayList<>(missing);
    problems.forEach((name, reason) -> lines.add(name + ": " + reason));
    return new SourceState(unread, Optional.ofNullable(unreachableSince), lines);
  }
}
