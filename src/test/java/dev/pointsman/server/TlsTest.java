package dev.pointsman.server;

import static io.grpc.health.v1.HealthCheckResponse.ServingStatus.SERVING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pointsman.config.BadInput;
import dev.pointsman.observe.Metrics;
import dev.pointsman.rig.Authority;
import dev.pointsman.rig.Logged;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS of both ports: who is let in, by which versions, and with which files. */
class TlsTest extends TlsFixture {
  @Test
  void hooksAreForThoseWhomTheAuthorityHasSigned() throws Exception {
    Authority others = Authority.create("others");
    Authority.Issued stranger = others.issue("stranger", "dns:envoy-gateway");
    try (Logged log = new Logged();
        PointsmanServer server = start(new Metrics())) {
      int port = server.ports().grpc();
      callHook(port, Optional.of(client));
      assertThatThrownBy(() -> callHook(port, Optional.empty()))
          .isInstanceOf(StatusRuntimeException.class)
          .hasMessageContaining("UNAUTHENTICATED");
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(log.lines())
              .anyMatch(line -> line.startsWith("WARN")
                  && line.contains("/127.0.0.1 presents no client certificate")));
      assertThatThrownBy(() -> callHook(port, Optional.of(stranger)))
          .isInstanceOf(StatusRuntimeException.class)
          .hasMessageContaining("UNAVAILABLE");
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(log.lines())
              .anyMatch(line -> line.startsWith("WARN") && line.contains("CN=stranger")));
    }
  }

  /** An authority that signs others, too: a company's, or one for all namespaces of a cluster. */
  @Test
  void hooksAreForTheNameAmongThoseWhomTheAuthorityHasSigned() throws Exception {
    tls = named(tls, "envoy-gateway");
    Authority.Issued several = clients.issue("several", "dns:other,dns:Envoy-Gateway");
    try (Logged log = new Logged();
        PointsmanServer server = start(new Metrics())) {
      int port = server.ports().grpc();
      callHook(port, Optional.of(client));
      callHook(port, Optional.of(several));
      for (String names : List.of("dns:neighbour", "dns:*.neighbour", "ip:10.0.0.1")) {
        Authority.Issued neighbour = clients.issue("envoy-gateway", names);
        assertThatThrownBy(() -> callHook(port, Optional.of(neighbour)))
            .as(names)
            .isInstanceOf(StatusRuntimeException.class)
            .hasMessageContaining("UNAVAILABLE");
        assertThat(health(server.ports().eds(), neighbour)).as("proxies").isEqualTo(SERVING);
      }
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(log.lines())
              .anyMatch(line -> line.startsWith("WARN")
                  && line.contains("it is for [neighbour], not for envoy-gateway")));
    }
  }

  private static ServingStatus health(int port, Authority.Issued identity) throws IOException {
    ManagedChannel channel = connect(port, Optional.of(identity));
    try {
      return ServerFixture.health(channel, "");
    } finally {
      channel.shutdownNow();
    }
  }

  @Test
  void aStrangersCertificateWritesNoLinesOfItsOwnAndNotAsManyAsItLikes() throws Exception {
    Authority others = Authority.create("others");
    String forged =
        "x\n2026-10-09T10:00:00.000Z ERROR HookService: internal error: the translation failed";
    try (Logged log = new Logged();
        PointsmanServer server = start(new Metrics())) {
      for (int i = 0; i < 50; i++) {
        Authority.Issued stranger =
            others.issue(forged + i + "y".repeat(5_000), "dns:envoy-gateway");
        int port = i % 2 == 0 ? server.ports().grpc() : server.ports().eds();
        assertThatThrownBy(() -> callHook(port, Optional.of(stranger)))
            .hasMessageContaining("UNAVAILABLE");
      }
      List<String> lines =
          log.lines().stream().filter(line -> line.contains("is rejected")).toList();
      assertThat(lines)
          .hasSizeBetween(1, 30)
          .allSatisfy(line -> assertThat(line)
              .contains("\\u000a2026-10-09T10:00:00.000Z ERROR HookService")
              .doesNotContain("\n")
              .hasSizeLessThan(1_000));
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
    servers.issue("short", "dns:localhost", 1).writeTo(certificates);
    Metrics metrics = new Metrics();
    try (PointsmanServer server = start(metrics)) {
      assertThat(server.ports().grpc()).isPositive();
      assertThat(metrics.scrape())
          .containsPattern(
              "pointsman_certificate_expires_timestamp_seconds\\{certificate=\"server\"} 1\\.\\d+E9");
    }
  }
}
