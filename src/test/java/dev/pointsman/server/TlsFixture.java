package dev.pointsman.server;

import dev.pointsman.config.TlsSettings;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.observe.Metrics;
import dev.pointsman.rig.Authority;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A server with TLS on both ports, and Java clients that stand in for Envoy Gateway and Envoy. */
abstract class TlsFixture {
  static final Duration SOON = Duration.ofSeconds(60);

  static Authority servers;
  static Authority clients;
  static Authority.Issued first;
  static Authority.Issued second;
  static Authority.Issued client;

  @TempDir
  Path folder;

  Path resources;
  Path certificates;
  Path clientCa;
  TlsSettings tls;

  @BeforeAll
  static void issue() {
    servers = Authority.create("servers");
    clients = Authority.create("clients");
    first = servers.issue("first", "dns:localhost,ip:127.0.0.1");
    second = servers.issue("second", "dns:localhost,ip:127.0.0.1");
    client = clients.issue("envoy-gateway", "dns:envoy-gateway");
  }

  @BeforeEach
  void writeFiles() throws IOException {
    resources = Files.createDirectory(folder.resolve("resources"));
    Files.writeString(resources.resolve("pool.yaml"), TestServer.POOL.formatted("10.0.0.1"));
    certificates = Files.createDirectory(folder.resolve("certificates"));
    first.writeTo(certificates);
    clientCa = Files.writeString(folder.resolve("clients.pem"), clients.certificate());
    tls = settings(certificates, Optional.of(clientCa));
  }

  TlsSettings settings(Path certificates, Optional<Path> clientCa) throws IOException {
    Path ca = Files.writeString(folder.resolve("servers.pem"), servers.certificate());
    return new TlsSettings(
        certificates, Optional.of(ca), Optional.empty(), clientCa, Optional.empty(), clientCa);
  }

  /** The same settings, with a name that the certificates of the hooks' clients must have. */
  static TlsSettings named(TlsSettings settings, String name) {
    return new TlsSettings(
        settings.certificates(),
        settings.ca(),
        settings.proxySds(),
        settings.grpcClientCa(),
        Optional.of(name),
        settings.edsClientCa());
  }

  PointsmanServer start(Metrics metrics) throws InterruptedException {
    return TestServer.over(resources).secured(tls).start(metrics);
  }

  static ManagedChannel connect(int port, Optional<Authority.Issued> identity) throws IOException {
    TlsChannelCredentials.Builder credentials =
        TlsChannelCredentials.newBuilder().trustManager(stream(servers.certificate()));
    if (identity.isPresent()) {
      credentials.keyManager(
          stream(identity.get().certificate()), stream(identity.get().key()));
    }
    return NettyChannelBuilder.forAddress("127.0.0.1", port, credentials.build())
        .build();
  }

  static ByteArrayInputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Calls a hook on a new connection. */
  static void callHook(int port, Optional<Authority.Issued> identity) throws IOException {
    ManagedChannel channel = connect(port, identity);
    try {
      var _ = EnvoyGatewayExtensionGrpc.newBlockingStub(channel)
          .withDeadlineAfter(30, TimeUnit.SECONDS)
          .postTranslateModify(PostTranslateModifyRequest.getDefaultInstance());
    } finally {
      channel.shutdownNow();
    }
  }

  /** The common name of the certificate that a new connection is shown. */
  static String shown(int port) throws Exception {
    String[] subject = new String[1];
    try (SSLSocket socket =
        (SSLSocket) trusting(subject).getSocketFactory().createSocket("127.0.0.1", port)) {
      socket.startHandshake();
    } catch (IOException e) {
      // refused for want of a certificate of ours, after the server has shown its own
    }
    return subject[0];
  }

  /** A client that takes any certificate and notes its subject. */
  static SSLContext trusting(String[] subject) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        null,
        new TrustManager[] {
          new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type) {
              subject[0] = chain[0].getSubjectX500Principal().getName();
            }

            @Override
            public X509Certificate[] getAcceptedIssuers() {
              return new X509Certificate[0];
            }
          }
        },
        null);
    return context;
  }
}
