package dev.pointsman.kube.api;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How it stands with the API server; each change is logged once. */
final class Standing {
  private static final Logger LOG = LoggerFactory.getLogger(Standing.class);

  private final String url;
  private final Map<String, String> problems = new TreeMap<>();
  private @Nullable Instant unreachableSince;
  private @Nullable Instant lastChange;
  private volatile boolean unreachable;
  private boolean synced;

  Standing(String url) {
    this.url = url;
  }

  void heard() {
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
    if (unreachableSince == null) {
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
    return message == null || message.isEmpty() ? reason.getClass().getSimpleName() : message;
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
    lastChange = Instant.now();
  }

  synchronized SourceState state() {
    List<String> lines = new ArrayList<>();
    problems.forEach((name, reason) -> lines.add(name + ": " + reason));
    return new SourceState(
        synced, Optional.ofNullable(unreachableSince), Optional.ofNullable(lastChange), lines);
  }
}
