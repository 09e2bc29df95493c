package dev.pointsman.server;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The hooks' calls that are being answered, and how long the oldest of them takes already. */
final class CallsUnderWay {
  /** Told apart by identity. */
  private static final class Call {
    final long start = System.nanoTime();
  }

  private final Set<Call> calls = ConcurrentHashMap.newKeySet();

  <A> A during(Supplier<A> call) {
    Call running = new Call();
    calls.add(running);
    try {
      return call.get();
    } finally {
      calls.remove(running);
    }
  }

  /** The longest of those that are not finished. */
  Duration longest() {
    long now = System.nanoTime();
    return Duration.ofNanos(
        calls.stream().mapToLong(call -> now - call.start).max().orElse(0));
  }
}
