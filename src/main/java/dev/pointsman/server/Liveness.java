package dev.pointsman.server;

import dev.pointsman.model.SourceState;
import dev.pointsman.server.Readiness.Requirement;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Detects a process that only a restart can recover. An unreachable source is not a reason: a restart would lose the
 * last snapshot.
 */
final class Liveness {
  /** The limit of a call and of the start: far above the largest translation on a cold and busy machine. */
  private static final Duration LONGEST = Duration.ofMinutes(2);

  private final Readiness readiness;
  private final CallsUnderWay calls;
  private final Duration longest;
  private final long start = System.nanoTime();

  Liveness(Readiness readiness, CallsUnderWay calls) {
    this(readiness, calls, LONGEST);
  }

  /** @param longest the limit of a call and of the start */
  Liveness(Readiness readiness, CallsUnderWay calls, Duration longest) {
    this.readiness = readiness;
    this.calls = calls;
    this.longest = longest;
  }

  /** The reason for a restart; empty when none is needed. */
  Optional<String> failure() {
    Duration call = calls.longest();
    if (call.compareTo(longest) > 0) {
      return Optional.of(
          "a hook has been running for " + call.toSeconds() + " s, and Envoy Gateway waits for it");
    }
    Duration age = Duration.ofNanos(System.nanoTime() - start);
    Readiness.Report report = readiness.report(SourceState.CONNECTED, Optional.empty());
    if (age.compareTo(longest) > 0
        && (report.missing().contains(Requirement.LISTENING)
            || report.missing().contains(Requirement.WARMED_UP))) {
      return Optional.of("not started after " + age.toSeconds() + " s: " + report.missing());
    }
    return deadlock();
  }

  private static Optional<String> deadlock() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long[] deadlocked = threads.findDeadlockedThreads();
    return deadlocked == null
        ? Optional.empty()
        : Optional.of("deadlocked threads: "
            + Arrays.stream(threads.getThreadInfo(deadlocked))
                .map(ThreadInfo::getThreadName)
                .collect(Collectors.joining(", ")));
  }
}
