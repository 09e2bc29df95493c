package dev.pointsman.rig;

import java.net.InetSocketAddress;

/** An address written {@code host:port}. */
public record HostPort(String host, int port) {
  /** Reads {@code 127.0.0.1:80}. */
  public static HostPort parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 1) {
      throw new IllegalArgumentException("not host:port: " + text);
    }
    return new HostPort(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
  }

  /** To bind or to connect to. */
  public InetSocketAddress socketAddress() {
    return new InetSocketAddress(host, port);
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
