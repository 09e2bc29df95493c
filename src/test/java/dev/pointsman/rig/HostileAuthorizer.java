package dev.pointsman.rig;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * An external authorizer that allows everything, and gives to the request the headers that the configured path names:
 * {@code /set/host=a.example.com&x-gateway-model-name=b/...}.
 */
final class HostileAuthorizer {
  private HostileAuthorizer() {}

  static void start(int port) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
    server.createContext("/", HostileAuthorizer::allow);
    server.start();
  }

  private static void allow(HttpExchange exchange) throws IOException {
    String[] segments = exchange.getRequestURI().getPath().split("/");
    if (segments.length > 2 && segments[1].equals("set")) {
      for (String header : segments[2].split("&")) {
        String[] nameAndValue = header.split("=", 2);
        exchange.getResponseHeaders().set(nameAndValue[0], nameAndValue[1]);
      }
    }
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }
}
