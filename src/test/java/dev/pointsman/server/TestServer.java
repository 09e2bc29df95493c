package dev.pointsman.server;

import dev.pointsman.config.EdsTransportKind;
import dev.pointsman.config.HostPort;
import dev.pointsman.config.LogFormat;
import dev.pointsman.config.ServeSettings;
import dev.pointsman.config.TlsSettings;
import dev.pointsman.model.ByteSize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Settings of a server on loopback, each port free. */
final class TestServer {
  static final HostPort ANY_PORT = new HostPort("127.0.0.1", 0);

  private TestServer() {}

  static ServeSettings settings(Path resources) {
    return settings(resources, ANY_PORT, ANY_PORT, ANY_PORT, ByteSize.mebibytes(64));
  }

  static ServeSettings settings(
      Path resources, HostPort grpc, HostPort eds, HostPort admin, ByteSize maxMessage) {
    return new ServeSettings(
        Optional.of(resources),
        Optional.empty(),
        grpc,
        eds,
        Optional.empty(),
        admin,
        EdsTransportKind.ENVOY_GRPC,
        maxMessage,
        ByteSize.mebibytes(20),
        LogFormat.TEXT,
        Optional.empty(),
        Optional.empty(),
        Duration.ZERO);
  }

  /** The same, with TLS on the gRPC ports. */
  static ServeSettings secured(ServeSettings settings, TlsSettings tls) {
    return new ServeSettings(
        settings.resources(),
        settings.kubernetes(),
        settings.grpcAddress(),
        settings.edsAddress(),
        settings.edsAdvertise(),
        settings.adminAddress(),
        settings.edsTransport(),
        settings.maxMessageSize(),
        settings.bodyLimit(),
        settings.logFormat(),
        settings.record(),
        Optional.of(tls),
        settings.drainDelay());
  }

  /** The same, with hook requests recorded. */
  static ServeSettings recording(ServeSettings settings, Path folder, int limit) {
    return new ServeSettings(
        settings.resources(),
        settings.kubernetes(),
        settings.grpcAddress(),
        settings.edsAddress(),
        settings.edsAdvertise(),
        settings.adminAddress(),
        settings.edsTransport(),
        settings.maxMessageSize(),
        settings.bodyLimit(),
        settings.logFormat(),
        Optional.of(new ServeSettings.Record(folder, limit)),
        settings.tls(),
        settings.drainDelay());
  }
}
