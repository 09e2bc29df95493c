package dev.pointsman.config;

import java.net.InetSocketAddress;
import java.util.regex.Pattern;

/**
 * Where something listens or is reached.
 *
 * @param host a name or an IP address, an IPv6 address without brackets
 */
public record HostPort(String host, int port) {
  private static final Pattern DNS_NAME =
      Pattern.compile("\\w([\\w-]*\\w)?(\\.\\w([\\w-]*\\w)?)*\\.?");

  /** Checks the port. */
  public HostPort {
    if (host.isEmpty() || port < 0 || port > 65535) {
      throw new IllegalArgumentException("\"" + host + ":" + port + "\" is not HOST:PORT");
    }
  }

  /** Reads {@code host:port}, {@code [ipv6]:port} or, for all addresses of the machine, {@code :port}. */
  public static HostPort parse(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (colon < 0 || host.indexOf(':') >= 0) {
      throw notHostPort(text);
    }
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      return new HostPort(host.isEmpty() ? "0.0.0.0" : host, port);
    } catch (IllegalArgumentException e) {
      throw notHostPort(text);
    }
  }

  /** Whether it means every address of the machine, so that nobody can connect to it as it is written. */
  public boolean isAnyAddress() {
    return host.equals("0.0.0.0") || host.equals("::");
  }

  /** Whether the host is an IP address or could be a DNS name, and the port is one. */
  public boolean isReachable() {
    return port > 0 && (isAddress() || DNS_NAME.matcher(host).matches());
  }

  /** Whether the host is an address and needs no DNS. */
  public boolean isAddress() {
    return host.indexOf(':') >= 0 || host.matches("[0-9.]+");
  }

  /** The same host with another port. */
  public HostPort withPort(int other) {
    return new HostPort(host, other);
  }

  /** The same for Java's sockets; looks the name up. */
  public InetSocketAddress socketAddress() {
    return new InetSocketAddress(host, port);
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }

  private static IllegalArgumentException notHostPort(String text) {
    return new IllegalArgumentException(
        "\"" + text + "\" is not HOST:PORT, such as 127.0.0.1:5005 or [::1]:5005");
  }
}
