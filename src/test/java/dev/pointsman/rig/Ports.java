package dev.pointsman.rig;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The addresses that a run needs, checked before anything starts. */
final class Ports {
  private final Map<InetSocketAddress, String> users = new LinkedHashMap<>();

  void need(HostPort address, String user) {
    users.put(address.socketAddress(), user);
  }

  /** On every interface. */
  void need(int port, String user) {
    users.put(new InetSocketAddress(port), user);
  }

  /** One line for each address that somebody else holds. */
  List<String> taken() {
    List<String> taken = new ArrayList<>();
    users.forEach((address, user) -> {
      try (ServerSocket probe = new ServerSocket()) {
        probe.bind(address);
      } catch (IOException e) {
        taken.add("port " + address.getPort() + " (" + address.getAddress().getHostAddress()
            + "), needed for " + user + ", is taken: " + e.getMessage());
      }
    });
    return taken;
  }
}
