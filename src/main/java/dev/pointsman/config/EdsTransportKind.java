package dev.pointsman.config;

import dev.pointsman.xds.EdsTransport;

/** How proxies reach endpoint discovery, as a choice on the command line. */
public enum EdsTransportKind {
  ENVOY_GRPC,
  GOOGLE_GRPC;

  /** The transport to an address. */
  public EdsTransport to(HostPort target) {
    return switch (this) {
      case ENVOY_GRPC -> new EdsTransport.EnvoyGrpc();
      case GOOGLE_GRPC -> new EdsTransport.GoogleGrpc(target.toString());
    };
  }
}
