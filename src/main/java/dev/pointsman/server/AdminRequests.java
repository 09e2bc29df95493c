package dev.pointsman.server;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;
import java.util.concurrent.Executor;

/**
 * Runs the requests of the admin port, each on a virtual thread, within limits: every pod of the cluster may connect to
 * that port, and the JDK's server keeps any number of half requests of 380 KiB for ever. Of the requests that have not
 * arrived, and of the answers that are not read, only the newest stay, so a probe is answered beside any number of clients
 * that send or read nothing.
 */
final class AdminRequests implements Executor {
  /**
   * The JDK's settings, which its server reads once in a process. Its time for a response has none here, because an event
   * stream of the page has no end.
   */
  private static final Map<String, String> OF_THE_JDK = Map.of(
      // A browser sends the cookies of all servers on localhost.
      "sun.net.httpserver.maxReqHeaderSize", String.valueOf(16 << 10),
      // The time for a whole request, in seconds, and for the first byte of a new connection.
      "sun.net.httpserver.maxReqTime", "10",
      // A connection without a request takes some 5 KiB of the heap and the kernel.
      "jdk.httpserver.maxConnections", String.valueOf(4_096));

  /** A request that has not arrived takes up to 100 KiB. */
  private static final int MOST_HALF = 256;

  /** An answer that is not read takes the size of the metrics, which has no bound. */
  private static final int MOST_UNREAD = 16;

  private final Newest half = new Newest(MOST_HALF);
  private final Newest unread = new Newest(MOST_UNREAD);

  /** Sets the JDK's settings, unless an option of the JVM has set them. */
  static AdminRequests limited() {
    OF_THE_JDK.forEach(System.getProperties()::putIfAbsent);
    return new AdminRequests();
  }

  private AdminRequests() {}

  @Override
  public void execute(Runnable request) {
    Thread thread = Thread.ofVirtual().unstarted(() -> {
      try {
        request.run();
      } finally {
        half.remove(Thread.currentThread());
        unread.remove(Thread.currentThread());
      }
    });
    half.add(thread);
    thread.start();
  }

  /** The request of this thread has arrived. */
  void arrived() {
    half.remove(Thread.currentThread());
    unread.add(Thread.currentThread());
  }

  /** The client of this thread's request may take its time. */
  void mayTakeLong() {
    unread.remove(Thread.currentThread());
  }

  /** Threads of which the oldest is interrupted, which closes its connection, before there are too many. */
  private static final class Newest {
    private final int most;
    private final SequencedSet<Thread> threads = new LinkedHashSet<>();

    Newest(int most) {
      this.most = most;
    }

    synchronized void add(Thread thread) {
      if (threads.size() == most) {
        threads.removeFirst().interrupt();
      }
      threads.add(thread);
    }

    synchronized void remove(Thread thread) {
      threads.remove(thread);
    }
  }
}
