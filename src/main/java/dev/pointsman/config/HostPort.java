package dev.pointsman.config;

import com.google.common.net.HostAndPort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.regex.Pattern;

/**
 * The address of a server.
 *
 * @param host an IP address (IPv6 without brackets) or a DNS name
 * @param port 0 for any free port, on the listening side
 */
public record HostPort(String host, int port) {
  private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";

  /** A DNS name whose last label is not a number: {@code 1.2.3} is not a name, and {@code 1.2.3.999} not an address. */
  private static final Pattern DNS_NAME =
      Pattern.compile("(" + LABEL + "\\.)*(?!\\d+\\.?$)" + LABEL + "\\.?");

  private static final int LONGEST_NAME = 253;

  /**
   * Checks host and port.
   *
   * @throws IllegalArgumentException with a message that names the invalid part
   */
  public HostPort {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port " + port + " is not between 0 and 65535");
    }
    boolean name = host.length() <= LONGEST_NAME && DNS_NAME.matcher(host).matches();
    if (!name && IpLiteral.parse(host).isEmpty()) {
      throw new IllegalArgumentException("\"" + host
          + "\" is neither an IP address nor a DNS name (letters, digits, hyphens and dots)");
    }
  }

  /**
   * Reads {@code host:port}, {@code [ipv6]:port} or, for all addresses of the machine, {@code :port}.
   *
   * @throws IllegalArgumentException with a message that contains the text and the reason
   */
  public static HostPort parse(String text) {
    try {
      HostAndPort parts = HostAndPort.fromString(text).requireBracketsForIPv6();
      String host = parts.getHost();
      return new HostPort(host.isEmpty() ? "0.0.0.0" : host, parts.getPort());
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not HOST:PORT, such as 127.0.0.1:5005 or [::1]:5005", e);
    }
  }

  /** Whether the host means every address of the machine, which clients cannot connect to. */
  public boolean isAnyAddress() {
    return IpLiteral.parse(host).filter(InetAddress::isAnyLocalAddress).isPresent();
  }

  /** Whether clients can connect to it: the host is one address or name, and the port is not 0. */
  public boolean isReachable() {
    return port > 0 && !isAnyAddress();
  }

  /** Whether the host is an address and needs no DNS. */
  public boolean isAddress() {
    return IpLiteral.parse(host).isPresent();
  }

  /** Whether a process cannot listen on both. */
  public boolean overlaps(HostPort other) {
    return port > 0
        && port == other.port
        && (isAnyAddress() || other.isAnyAddress() || host.equalsIgnoreCase(other.host));
  }

  /** The same host with another port. */
  public HostPort withPort(int other) {
    return new HostPort(host, other);
  }

  /** The socket address; a name is resolved. */
  public InetSocketAddress socketAddress() {
    return new InetSocketAddress(host, port);
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
