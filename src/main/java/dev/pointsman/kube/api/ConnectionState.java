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

/** How it stands with the API server; each change is logged once. */
final class ConnectionState {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionState.class);

  private static final Duration STARTING = Duration.ofSeconds(10);

  private final String url;
  private final Map<String, String> problems = new TreeMap<>();
  private @Nullable Instant unreachableSince;
  private volatile boolean unreachable;
  private volatile long heardAt = System.nanoTime() - STARTING.toNanos();
  private boolean synced;

  ConnectionState(String url) {
    this.url = url;
  }

  void heard() {
    heardAt = System.nanoTime();
    if (unreachable) { // asked for each answer: no lock in the usual case
      reached();
    }
  }

  private synchronized void reached() {
    if (unreachableSince != null) {
      Duration away = Duration.between(unreachableSince, Instant.now());
      LOG.info("the API server {} answers again, after {} s", url, away.toSeconds());
      unreachableSince = null;
      unreachable = false;
    }
  }

  synchronized void unreachable(IOException reason) {
    // An API server that starts answers 503 for some paths while it serves others.
    boolean starting =
        reason instanceof ApiException && System.nanoTime() - heardAt < STARTING.toNanos();
    if (unreachableSince == null && !starting) {
      unreachableSince = Instant.now();
      unreachable = true;
      LOG.warn(
          "the API server {} cannot be reached ({}); {}, and trying again",
          url,
          said(reason),
          synced ? "serving what it last said" : "nothing is served until it is");
    }
  }

  private static String said(IOException reason) {
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

  /** The query is not asked any more. */
  synchronized void forget(Query query) {
    problems.remove(query.toString());
  }

  synchronized void published() {
    synced = true;
  }

  /** @param unread kinds that have not been read yet */
  synchronized SourceState state(Set<String> unread) {
    List<String> lines = new ArrayList<>();
    problems.forEach((name, reason) -> lines.add(name + ": " + reason));
    return new SourceState(unread, Optional.ofNullable(unreachableSince), lines);
  }
}
