package dev.pointsman.config;

import com.google.common.net.HostAndPort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.regex.Pattern;

/**
 * Where something listens or is reached.
 *
 * @param host an IP address (IPv6 without brackets) or a DNS name
 * @param port 0 for any free port, where something listens
 */
public record HostPort(String host, int port) {
  private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";

  /** The last label is not a number: {@code 1.2.3} is no name, and {@code 1.2.3.999} no address. */
  private static final Pattern DNS_NAME =
      Pattern.compile("(" + LABEL + "\\.)*(?!\\d+\\.?$)" + LABEL + "\\.?");

  private static final int LONGEST_NAME = 253;

  /**
   * Checks both.
   *
   * @throws IllegalArgumentException saying which of them cannot be one
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
   * @throws IllegalArgumentException with a message that has the text and the reason
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

  /** Whether it means every address of the machine, so that nobody can connect to it as it is written. */
  public boolean isAnyAddress() {
    return IpLiteral.parse(host).filter(InetAddress::isAnyLocalAddress).isPresent();
  }

  /** Whether others can connect to it: not every address of the machine, and not any port. */
  public boolean isReachable() {
    return port > 0 && !isAnyAddress();
  }

  /** Whether the host is an address and needs no DNS. */
  public boolean isAddress() {
    return IpLiteral.parse(host).isPresent();
  }

  /** Whether one process cannot listen at both. */
  public boolean overlaps(HostPort other) {
    return port > 0
        && port == other.port
        && (isAnyAddress() || other.isAnyAddress() || host.equalsIgnoreCase(other.host));
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
}
