package dev.pointsman.rig;

import dev.pointsman.config.HostPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** The addresses that a run needs, checked before anything starts. */
final class Ports {
  private record Need(InetSocketAddress address, String user) {
    boolean overlaps(Need other) {
      return address.getPort() == other.address.getPort()
          && !user.equals(other.user)
          && (address.equals(other.address)
              || address.getAddress().isAnyLocalAddress()
              || other.address.getAddress().isAnyLocalAddress());
    }
  }

  private final List<Need> needs = new ArrayList<>();

  void need(HostPort address, String user) {
    needs.add(new Need(address.socketAddress(), user));
  }

  /** On every interface. */
  void need(int port, String user) {
    needs.add(new Need(new InetSocketAddress(port), user));
  }

  /** One line for each address that two of the run need, or that somebody else holds. */
  List<String> taken() {
    List<String> taken = new ArrayList<>();
    for (int i = 0; i < needs.size(); i++) {
      Need need = needs.get(i);
      needs.subList(0, i).stream()
          .filter(need::overlaps)
          .forEach(other -> taken.add("port " + need.address.getPort() + " is needed for "
              + other.user + " and for " + need.user + ": choose another for one of them"));
      try (ServerSocket probe = new ServerSocket()) {
        probe.bind(need.address);
      } catch (IOException e) {
        taken.add("nothing can listen on port " + need.address.getPort() + " ("
            + need.address.getAddress().getHostAddress() + "), needed for " + need.user + ": "
            + e.getMessage());
      }
    }
    return taken;
  }
}
