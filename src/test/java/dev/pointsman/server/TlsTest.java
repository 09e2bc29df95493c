package dev.pointsman.server;

import static dev.pointsman.rig.Eventually.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pointsman.config.BadInput;
import dev.pointsman.config.TlsSettings;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.observe.Metrics;
import dev.pointsman.rig.Authority;
import dev.pointsman.rig.Logged;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.endpoint.v3.EndpointDiscoveryServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS of both ports towards Java clients that stand in for Envoy Gateway and Envoy. */
class TlsTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir
  private static Path authorities;

  private static Authority servers;
  private static Authority clients;
  private static Authority.Issued first;
  private static Authority.Issued second;
  private static Authority.Issued client;

  @TempDir
  private Path folder;

  private Path resources;
  private Path certificates;
  private Path clientCa;
  private TlsSettings tls;

  @BeforeAll
  static void issue() throws IOException {
    servers = Authority.create(authorities.resolve("servers"), "servers");
    clients = Authority.create(authorities.resolve("clients"), "clients");
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

  private TlsSettings settings(Path certificates, Optional<Path> clientCa) throws IOException {
    Path ca = Files.writeString(folder.resolve("servers.pem"), servers.certificate());
    return new TlsSettings(certificates, Optional.of(ca), Optional.empty(), clientCa, clientCa);
  }

  private PointsmanServer start(Metrics metrics) throws InterruptedException {
    return TestServer.over(resources).secured(tls).start(metrics);
  }

  private static ManagedChannel connect(int port, Optional<Authority.Issued> identity)
      throws IOException {
    TlsChannelCredentials.Builder credentials =
        TlsChannelCredentials.newBuilder().trustManager(stream(servers.certificate()));
    if (identity.isPresent()) {
      credentials.keyManager(
          stream(identity.get().certificate()), stream(identity.get().key()));
    }
    return NettyChannelBuilder.forAddress("127.0.0.1", port, credentials.build())
        .build();
  }

  private static ByteArrayInputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Whether a new connection can call a hook. */
  private static void callHook(int port, Optional<Authority.Issued> identity) throws IOException {
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
  private static String shown(int port) throws Exception {
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
  private static SSLContext trusting(String[] subject) throws Exception {
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

  @Test
  void hooksAreForThoseWhomTheAuthorityHasSigned() throws Exception {
    Authority others = Authority.create(folder.resolve("others"), "others");
    Authority.Issued stranger = others.issue("stranger", "dns:envoy-gateway");
    try (Logged log = new Logged();
        PointsmanServer server = start(new Metrics())) {
      int port = server.ports().grpc();
      callHook(port, Optional.of(client));
      assertThatThrownBy(() -> callHook(port, Optional.empty()))
          .isInstanceOf(StatusRuntimeException.class)
          .hasMessageContaining("UNAUTHENTICATED");
      within(
          SOON,
          () -> assertThat(log.lines())
              .anyMatch(line -> line.startsWith("WARN")
                  && line.contains("/127.0.0.1 presents no client certificate")));
      assertThatThrownBy(() -> callHook(port, Optional.of(stranger)))
          .isInstanceOf(StatusRuntimeException.class)
          .hasMessageContaining("UNAVAILABLE");
      within(
          SOON,
          () -> assertThat(log.lines())
              .anyMatch(line -> line.startsWith("WARN") && line.contains("CN=stranger")));
    }
  }

  @Test
  void theNewestTlsIsPreferred() throws Exception {
    tls = settings(certificates, Optional.empty());
    try (PointsmanServer server = start(new Metrics())) {
      int port = server.ports().eds();
      assertThat(spoken(port, "TLSv1.2", "TLSv1.3")).isEqualTo("TLSv1.3");
      assertThat(spoken(port, "TLSv1.2")).isEqualTo("TLSv1.2");
    }
  }

  /** By hand, because no library of today offers it any more. */
  @Test
  void tls11IsRefused() throws Exception {
    tls = settings(certificates, Optional.empty());
    int handshake = 22;
    int alert = 21;
    int fatal = 2;
    int protocolVersion = 70;
    try (PointsmanServer server = start(new Metrics())) {
      for (int port : new int[] {server.ports().grpc(), server.ports().eds()}) {
        assertThat(answerToHello(port, 0x0303)).startsWith(handshake);
        byte[] refusal = answerToHello(port, 0x0302);
        assertThat(refusal).startsWith(alert);
        assertThat(refusal).endsWith(fatal, protocolVersion);
      }
    }
  }

  /** The first record with which the server answers the ClientHello of RFC 4346 (0x0302) or 5246 (0x0303). */
  private static byte[] answerToHello(int port, int version) throws IOException {
    byte[] hello = HexFormat.of().parseHex("""
        %04x                                            \
        4040404040404040404040404040404040404040404040404040404040404040 00 \
        0008 c02bc02fc009c013 0100                      \
        001e 000a00040002001700 0b00020100              \
        000d000c000a04030401080402030201""".formatted(version).replace(" ", ""));
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout((int) SOON.toMillis());
      ByteBuffer record = ByteBuffer.allocate(9 + hello.length);
      record.put((byte) 22).putShort((short) 0x0301).putShort((short) (4 + hello.length));
      record.put((byte) 1).put((byte) 0).putShort((short) hello.length).put(hello);
      socket.getOutputStream().write(record.array());
      DataInputStream answer = new DataInputStream(socket.getInputStream());
      byte[] head = answer.readNBytes(5);
      if (head.length < 5) {
        return head; // no record at all
      }
      byte[] body = answer.readNBytes(ByteBuffer.wrap(head, 3, 2).getShort() & 0xffff);
      return ByteBuffer.allocate(head.length + body.length).put(head).put(body).array();
    }
  }

  private static String spoken(int port, String... protocols) throws Exception {
    try (SSLSocket socket =
        (SSLSocket) trusting(new String[1]).getSocketFactory().createSocket("127.0.0.1", port)) {
      socket.setEnabledProtocols(protocols);
      socket.startHandshake();
      return socket.getSession().getProtocol();
    }
  }

  @Test
  void aNewCertificateIsForNewConnectionsAndStreamsGoOn() throws Exception {
    Metrics metrics = new Metrics();
    try (PointsmanServer server = start(metrics)) {
      ManagedChannel channel = connect(server.ports().eds(), Optional.of(client));
      try {
        BlockingQueue<DiscoveryResponse> answers = new LinkedBlockingQueue<>();
        BlockingQueue<Throwable> ends = new LinkedBlockingQueue<>();
        subscribe(channel, answers, ends);
        assertThat(answers.poll(20, TimeUnit.SECONDS)).isNotNull().asString().contains("10.0.0.1");
        assertThat(shown(server.ports().eds())).isEqualTo("CN=first");

        second.writeTo(certificates);
        within(SOON, () -> {
          assertThat(shown(server.ports().eds())).isEqualTo("CN=second");
          assertThat(shown(server.ports().grpc())).isEqualTo("CN=second");
        });
        Authority.replace(resources.resolve("pool.yaml"), TestServer.POOL.formatted("10.0.0.2"));
        assertThat(answers.poll(20, TimeUnit.SECONDS)).isNotNull().asString().contains("10.0.0.2");
        assertThat(ends).isEmpty();
        assertThat(metrics.scrape())
            .contains("pointsman_certificate_reloads_total{outcome=\"ok\"} 1.0");
      } finally {
        channel.shutdownNow();
      }
    }
  }

  /** Asks for the pool's endpoints and acknowledges each answer, as Envoy does. */
  private static void subscribe(
      ManagedChannel channel,
      BlockingQueue<DiscoveryResponse> answers,
      BlockingQueue<Throwable> ends) {
    AtomicReference<StreamObserver<DiscoveryRequest>> requests = new AtomicReference<>();
    requests.set(EndpointDiscoveryServiceGrpc.newStub(channel)
        .streamEndpoints(new StreamObserver<>() {
          @Override
          public void onNext(DiscoveryResponse answer) {
            answers.add(answer);
            requests.get().onNext(request(answer.getVersionInfo(), answer.getNonce()));
          }

          @Override
          public void onError(Throwable t) {
            ends.add(t);
          }

          @Override
          public void onCompleted() {
            ends.add(new IllegalStateException("completed"));
          }
        }));
    requests.get().onNext(request("", ""));
  }

  private static DiscoveryRequest request(String version, String nonce) {
    return DiscoveryRequest.newBuilder()
        .setTypeUrl("type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment")
        .setVersionInfo(version)
        .setResponseNonce(nonce)
        .addResourceNames("inferencepool/inference.networking.k8s.io/default/qwen")
        .build();
  }

  @Test
  void aMountedSecretThatIsSwappedIsSeen() throws Exception {
    Path mount = Files.createDirectory(folder.resolve("mount"));
    first.writeTo(Files.createDirectory(mount.resolve("..1")));
    second.writeTo(Files.createDirectory(mount.resolve("..2")));
    Files.createSymbolicLink(mount.resolve("..data"), Path.of("..1"));
    Files.createSymbolicLink(mount.resolve("tls.crt"), Path.of("..data/tls.crt"));
    Files.createSymbolicLink(mount.resolve("tls.key"), Path.of("..data/tls.key"));
    tls = settings(mount, Optional.empty());
    try (PointsmanServer server = start(new Metrics())) {
      callHook(server.ports().grpc(), Optional.empty()); // no client certificate is asked for
      assertThat(shown(server.ports().grpc())).isEqualTo("CN=first");
      Path next = Files.createSymbolicLink(mount.resolve("..data_tmp"), Path.of("..2"));
      Files.move(next, mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
      within(SOON, () -> assertThat(shown(server.ports().grpc())).isEqualTo("CN=second"));
    }
  }

  @Test
  void aBrokenCertificateIsSaidOnceAndTheOldOneKept() throws Exception {
    Metrics metrics = new Metrics();
    try (Logged log = new Logged();
        PointsmanServer server = start(metrics)) {
      Authority.replace(
          certificates.resolve("tls.crt"), second.certificate()); // the key is first's
      within(
          SOON,
          () -> assertThat(log.lines())
              .anyMatch(line -> line.startsWith("ERROR") && line.contains("is not the key of")));
      Thread.sleep(2500);
      assertThat(log.lines()).filteredOn(line -> line.startsWith("ERROR")).hasSize(1);
      assertThat(shown(server.ports().grpc())).isEqualTo("CN=first");
      callHook(server.ports().grpc(), Optional.of(client));
      assertThat(metrics.scrape())
          .contains("pointsman_certificate_reloads_total{outcome=\"error\"} 1.0");

      Authority.replace(certificates.resolve("tls.key"), second.key());
      within(SOON, () -> assertThat(shown(server.ports().grpc())).isEqualTo("CN=second"));
    }
  }

  @Test
  void clientAuthoritiesRotate() throws Exception {
    Authority next = Authority.create(folder.resolve("next"), "next");
    Authority.Issued renewed = next.issue("envoy-gateway", "dns:envoy-gateway");
    try (PointsmanServer server = start(new Metrics())) {
      int port = server.ports().grpc();
      assertThatThrownBy(() -> callHook(port, Optional.of(renewed)))
          .isInstanceOf(StatusRuntimeException.class);

      Authority.replace(clientCa, clients.certificate() + next.certificate()); // both
      within(SOON, () -> assertThat(serves(port, renewed)).isTrue());
      assertThat(serves(port, client)).isTrue();

      Authority.replace(clientCa, next.certificate()); // the new one only
      within(SOON, () -> assertThat(serves(port, client)).isFalse());
      assertThat(serves(port, renewed)).isTrue();
    }
  }

  private static boolean serves(int port, Authority.Issued identity) throws IOException {
    try {
      callHook(port, Optional.of(identity));
      return true;
    } catch (StatusRuntimeException e) {
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tls.crt", "tls.key", "clients.pem"})
  void badFilesAreNamedAtTheStart(String name) throws IOException {
    Path file = name.startsWith("tls") ? certificates.resolve(name) : clientCa;
    Files.delete(file);
    refused(file + ": there is no such file");
    Files.writeString(file, "certainly no PEM");
    refused(file + ": holds no ");
    Files.writeString(file, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    refused(file + ": ");
  }

  @Test
  void aKeyOfAnotherCertificateIsRefused() throws IOException {
    Files.writeString(certificates.resolve("tls.key"), second.key());
    refused("tls.key: is not the key of the (first) certificate in ");
  }

  private void refused(String said) {
    try (PointsmanServer server = TestServer.over(resources).secured(tls).create(new Metrics())) {
      assertThatThrownBy(server::start)
          .isInstanceOf(BadInput.class)
          .hasMessageContaining(said)
          .satisfies(e -> assertThat(((BadInput) e).problems()).hasSize(1));
    }
  }

  @Test
  void anExpiryIsAMetric() throws Exception {
    servers.issue("short", "dns:localhost", "1").writeTo(certificates);
    Metrics metrics = new Metrics();
    try (PointsmanServer server = start(metrics)) {
      assertThat(server.ports().grpc()).isPositive();
      assertThat(metrics.scrape())
          .containsPattern(
              "pointsman_certificate_expires_timestamp_seconds\\{certificate=\"server\"} 1\\.\\d+E9");
    }
  }
}
