package dev.pointsman.e2e.kubernetes;

import dev.pointsman.e2e.kubernetes.RawHttpConnection.Reply;
import dev.pointsman.e2e.kubernetes.RawHttpConnection.Request;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * Clients who go on asking, each on a connection of its own that is kept, and who know exactly what the answers must be.
 */
final class SteadyClients implements AutoCloseable {
  /** The request header that comes back in the answer: no answer can be taken for another's. */
  static final String TAG = "x-tag";

  /** The complaint about an answer; empty for a right one. */
  @FunctionalInterface
  interface Expectation {
    String complaint(Reply reply, String tag);
  }

  /**
   * The request that one client repeats.
   *
   * @param pause between an answer and the next request
   */
  record Ask(String name, Request request, Duration pause, Expectation expectation) {}

  /** One request: when it was answered, how long that took, and what was wrong. */
  private record Sample(String name, long at, long nanos, String complaint) {}

  private final Cluster cluster;
  private final String address;
  private final Queue<Sample> samples = new ConcurrentLinkedQueue<>();
  private final AtomicLong tags = new AtomicLong();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean isRunning = true;

  private SteadyClients(Cluster cluster, String address) {
    this.cluster = cluster;
    this.address = address;
  }

  /** Starts a client for each of these. */
  static SteadyClients start(Cluster cluster, String address, List<Ask> asks) {
    SteadyClients clients = new SteadyClients(cluster, address);
    for (Ask ask : asks) {
      clients.threads.add(Thread.ofVirtual().name(ask.name()).start(() -> clients.run(ask)));
    }
    return clients;
  }

  private void run(Ask ask) {
    while (isRunning) {
      try (RawHttpConnection connection = RawHttpConnection.open(cluster, address)) {
        boolean again = true;
        while (isRunning && again) {
          again = ask(ask, connection);
          Thread.sleep(ask.pause());
        }
      } catch (IOException e) {
        samples.add(new Sample(ask.name(), System.nanoTime(), 0, e.toString()));
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** Whether the connection can be used again. */
  private boolean ask(Ask ask, RawHttpConnection connection) throws IOException {
    String tag = "t" + tags.incrementAndGet();
    String unasked = connection.unasked();
    long start = System.nanoTime();
    Reply reply = connection.ask(ask.request().with(TAG, tag));
    long end = System.nanoTime();
    String complaint = unasked.isEmpty()
        ? ask.expectation().complaint(reply, tag)
        : "an answer without a request: " + unasked;
    samples.add(new Sample(ask.name(), end, end - start, complaint));
    return !reply.isLast() && complaint.isEmpty();
  }

  /** The number of answers after a time of {@link System#nanoTime}. */
  int answeredSince(long start) {
    return (int) samples.stream().filter(sample -> sample.at() >= start).count();
  }

  /** The complaints about answers since then. */
  List<String> complaintsSince(long start) {
    return samples.stream()
        .filter(sample -> sample.at() >= start && !sample.complaint().isEmpty())
        .map(sample -> "%s after %.1f s: %s"
            .formatted(sample.name(), (sample.at() - start) / 1e9, sample.complaint()))
        .toList();
  }

  /** The clients who had an answer since then. */
  java.util.Set<String> servedSince(long start) {
    return samples.stream()
        .filter(sample -> sample.at() >= start)
        .map(Sample::name)
        .collect(Collectors.toSet());
  }

  /** Latencies between two times, by client: count, median, 95th percentile and longest, in ms. */
  Map<String, String> latencies(long start, long end) {
    Map<String, List<Long>> times = new TreeMap<>();
    for (Sample sample : samples) {
      if (sample.at() >= start && sample.at() < end) {
        times.computeIfAbsent(sample.name(), _ -> new ArrayList<>()).add(sample.nanos());
      }
    }
    Map<String, String> lines = new TreeMap<>();
    times.forEach((name, nanos) -> {
      List<Long> sorted = nanos.stream().sorted().toList();
      lines.put(
          name,
          "%4d: %6.1f %6.1f %7.1f"
              .formatted(
                  sorted.size(),
                  sorted.get(sorted.size() / 2) / 1e6,
                  sorted.get(sorted.size() * 95 / 100) / 1e6,
                  sorted.getLast() / 1e6));
    });
    return lines;
  }

  @Override
  public void close() throws InterruptedException {
    isRunning = false;
    for (Thread thread : threads) {
      thread.join(Duration.ofSeconds(30));
    }
  }
}
