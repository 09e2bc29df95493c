package dev.pointsman.server;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The running calls of hooks and the duration of the oldest one. */
final class CallsUnderWay {
  /** A call; calls are compared by identity. */
  private static final class RunningCall {
    final long start = System.nanoTime();
  }

  private final Set<RunningCall> calls = ConcurrentHashMap.newKeySet();

  <A> A during(Supplier<A> call) {
    RunningCall running = new RunningCall();
    calls.add(running);
    try {
      return call.get();
    } finally {
      calls.remove(running);
    }
  }

  /** The duration of the oldest running call. */
  Duration longest() {
    long now = System.nanoTime();
    return Duration.ofNanos(
        calls.stream().mapToLong(call -> now - call.start).max().orElse(0));
  }
}
