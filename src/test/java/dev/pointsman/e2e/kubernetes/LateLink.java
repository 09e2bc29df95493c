package dev.pointsman.e2e.kubernetes;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Stands between a process and a server: the server's answers come late, and connections can be cut. */
final class LateLink implements AutoCloseable {
  private final NetworkNamespace client;
  private final NetworkNamespace outside;
  private final String address;
  private final Duration late;
  private final ServerSocket listener;
  private final Queue<Socket> connections = new ConcurrentLinkedQueue<>();

  private LateLink(
      NetworkNamespace client, NetworkNamespace outside, String address, int port, Duration late) {
    this.client = client;
    this.outside = outside;
    this.address = address;
    this.late = late;
    client.take(address);
    this.listener = client.inside(() -> new ServerSocket(port, 50, InetAddress.getByName(address)));
    Thread _ = Thread.ofPlatform().daemon().name("late link").start(this::accept);
  }

  /**
   * The links between a process and the addresses of a server.
   *
   * @param outside a network from which the server can be reached
   */
  static List<LateLink> between(
      ClusterProcess client,
      List<String> addresses,
      int port,
      NetworkNamespace outside,
      Duration late) {
    NetworkNamespace inside = new NetworkNamespace(client.pid());
    return addresses.stream()
        .map(address -> new LateLink(inside, outside, address, port, late))
        .toList();
  }

  private void accept() {
    try {
      outside.enter();
      while (true) {
        Socket in = listener.accept();
        connections.add(in);
        Socket out = new Socket(address, listener.getLocalPort());
        connections.add(out);
        pass(in, out, Duration.ZERO);
        pass(out, in, late);
      }
    } catch (IOException closed) {
      close(listener);
    }
  }

  /** Passes bytes on, each part as late as the one before. */
  private void pass(Socket from, Socket to, Duration late) {
    record Part(long due, byte[] bytes) {}
    BlockingQueue<Part> parts = new LinkedBlockingQueue<>();
    Thread _ = Thread.ofVirtual().start(() -> {
      byte[] buffer = new byte[1 << 16];
      try (InputStream in = from.getInputStream()) {
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          byte[] bytes = Arrays.copyOf(buffer, read);
          parts.add(new Part(System.nanoTime() + late.toNanos(), bytes));
        }
      } catch (IOException cut) {
        close(to);
      }
      parts.add(new Part(System.nanoTime(), new byte[0]));
    });
    Thread _ = Thread.ofVirtual().start(() -> {
      try (OutputStream out = to.getOutputStream()) {
        for (Part part = parts.take(); part.bytes().length > 0; part = parts.take()) {
          Thread.sleep(Duration.ofNanos(Math.max(0, part.due() - System.nanoTime())));
          out.write(part.bytes());
        }
      } catch (IOException | InterruptedException cut) {
        close(from);
      }
    });
  }

  /** Cuts all connections; new ones can be made. */
  void cut() {
    for (Socket socket = connections.poll(); socket != null; socket = connections.poll()) {
      close(socket);
    }
  }

  private static void close(AutoCloseable socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    client.release(address);
    close(listener);
    cut();
  }
}
