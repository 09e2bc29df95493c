package dev.pointsman.xds;

/** How proxies reach our endpoint discovery. */
public sealed interface EdsTransport {
  /**
   * Through the static cluster {@link XdsNames#EDS_CLUSTER} that the printed bootstrap patch adds to every proxy: one
   * connection for all pools, back within a second after an outage.
   */
  record EnvoyGrpc() implements EdsTransport {}

  /**
   * Through Envoy's own gRPC client, without a change of the bootstrap: one connection for each pool over TLS, and up
   * to 40 s until all are back after an outage.
   *
   * @param target {@code host:port}
   */
  record GoogleGrpc(String target) implements EdsTransport {}
}
