package dev.pointsman.rig;

import dev.pointsman.config.HostPort;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;

/** Accepts connections and serves each on a virtual thread of its own, until it is closed. */
public final class TcpServer implements AutoCloseable {
  private static final int BACKLOG = 256;
  private static final int BUFFER = 64 << 10;

  private final ServerSocket listening;
  private final Connection connection;

  /** Serves one connection, which is closed afterwards. */
  @FunctionalInterface
  public interface Connection {
    /** An exception ends the connection; the other side going away is its right. */
    void serve(Socket socket) throws IOException, InterruptedException;
  }

  /** Answers one HTTP/1.1 request. */
  @FunctionalInterface
  public interface Http1 {
    /** Says whether the connection may be used again. */
    boolean answer(Http1Exchange exchange, InputStream in, OutputStream out)
        throws IOException, InterruptedException;
  }

  private TcpServer(ServerSocket listening, Connection connection) {
    this.listening = listening;
    this.connection = connection;
  }

  /** Listens on the address. */
  public static TcpServer start(HostPort at, Connection connection) throws IOException {
    TcpServer server = new TcpServer(
        new ServerSocket(at.port(), BACKLOG, InetAddress.getByName(at.host())), connection);
    Thread.ofVirtual().start(server::accept);
    return server;
  }

  /** Listens on the address and reads requests of HTTP/1.1, one after the other on each connection. */
  public static TcpServer http1(HostPort at, Http1 http) throws IOException {
    return start(at, socket -> {
      socket.setTcpNoDelay(true);
      BufferedInputStream in = new BufferedInputStream(socket.getInputStream(), BUFFER);
      OutputStream out = new BufferedOutputStream(socket.getOutputStream(), BUFFER);
      boolean again = true;
      while (again) {
        Optional<Http1Exchange> exchange = Http1Exchange.read(in, out);
        again = exchange.isPresent() && http.answer(exchange.get(), in, out);
      }
    });
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException _) {
        // closed; the loop's condition decides
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      connection.serve(socket);
    } catch (IOException | InterruptedException _) {
      // the other side went away, which is its right
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
