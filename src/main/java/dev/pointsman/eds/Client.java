package dev.pointsman.eds;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams from one address. All proxies have the same certificate, so an address is the nearest to a proxy, and one that
 * opens many connections has no more room than one connection.
 */
final class Client {
  private static final Logger LOG = LoggerFactory.getLogger(Client.class);
  private static final long SLOW_NANOS = 10_000_000_000L;
  private static final long BETWEEN_LINES_NANOS = 60_000_000_000L;

  private final String address;
  private final MemoryShare share;
  private long nameBytes; // guarded by this

  // The rest is used by the cache's thread only.
  private final Map<ClientStream, PendingWatch> held = new LinkedHashMap<>();
  private long unread;
  private long lastRead = System.nanoTime();
  private long lastLine = lastRead - BETWEEN_LINES_NANOS;

  Client(@Nullable SocketAddress address, MemoryShare share) {
    this.address = address instanceof InetSocketAddress internet
        ? internet.getHostString()
        : String.valueOf(address);
    this.share = share;
  }

  MemoryShare share() {
    return share;
  }

  /** Adds the bytes, which may be negative, if there is room for them. */
  synchronized boolean holdsNames(long more) {
    if (more > 0 && nameBytes + more > share.nameBytes()) {
      return false;
    }
    nameBytes += more;
    return true;
  }

  /** Whether a response may be sent on a stream; else the watch is held until the client has read. */
  boolean mayAnswer(ClientStream stream, PendingWatch watch) {
    if (unread < share.unreadBytes()) {
      return true;
    }
    held.put(stream, watch);
    long now = System.nanoTime();
    if (now - lastRead > SLOW_NANOS && now - lastLine > BETWEEN_LINES_NANOS) {
      lastLine = now;
      LOG.warn(
          "{} has not read for {} s, and {} MiB of endpoints wait for it: it gets no others until it reads",
          address,
          (now - lastRead) / 1_000_000_000,
          unread >> 20);
    }
    return false;
  }

  /** The next watch that may be answered; null if there is none. */
  @Nullable
  PendingWatch nextHeld() {
    return held.isEmpty() || unread >= share.unreadBytes()
        ? null
        : held.remove(held.keySet().iterator().next());
  }

  void drop(ClientStream stream, PendingWatch watch) {
    held.remove(stream, watch);
  }

  void sent(long bytes) {
    if (unread == 0) {
      lastRead = System.nanoTime();
    }
    unread += bytes;
  }

  void read(long bytes) {
    unread -= bytes;
    lastRead = System.nanoTime();
  }
}
