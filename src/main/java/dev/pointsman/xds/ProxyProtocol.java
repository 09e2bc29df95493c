package dev.pointsman.xds;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport;
import io.envoyproxy.envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer;

/** The transport sockets of a BackendTrafficPolicy's PROXY protocol, which have the connection's own inside. */
public final class ProxyProtocol {
  private static final TransportSocket PLAINTEXT = TransportSocket.newBuilder()
      .setName("envoy.transport_sockets.raw_buffer")
      .setTypedConfig(Any.pack(RawBuffer.getDefaultInstance()))
      .build();

  private ProxyProtocol() {}

  private static boolean is(TransportSocket socket) {
    return socket.getTypedConfig().is(ProxyProtocolUpstreamTransport.class);
  }

  /** The socket without the PROXY protocol. */
  public static TransportSocket inside(TransportSocket socket)
      throws InvalidProtocolBufferException {
    return is(socket) ? parsed(socket).getTransportSocket() : socket;
  }

  /**
   * Gives the cluster a socket, inside the PROXY protocol's if it has one.
   */
  static void set(Cluster.Builder cluster, TransportSocket socket) {
    TransportSocket current = cluster.getTransportSocket();
    if (!is(current)) {
      cluster.setTransportSocket(socket);
      return;
    }
    try {
      cluster
          .getTransportSocketBuilder()
          .setTypedConfig(
              Any.pack(parsed(current).toBuilder().setTransportSocket(socket).build()));
    } catch (InvalidProtocolBufferException broken) {
      throw new IllegalArgumentException(
          "transport_socket of cluster " + cluster.getName(), broken);
    }
  }

  /** Makes the cluster's connections plaintext, inside the PROXY protocol if they have it. */
  static void setPlaintext(Cluster.Builder cluster) {
    if (is(cluster.getTransportSocket())) {
      set(cluster, PLAINTEXT);
    } else {
      cluster.clearTransportSocket();
    }
  }

  private static ProxyProtocolUpstreamTransport parsed(TransportSocket socket)
      throws InvalidProtocolBufferException {
    return socket.getTypedConfig().unpack(ProxyProtocolUpstreamTransport.class);
  }
}
