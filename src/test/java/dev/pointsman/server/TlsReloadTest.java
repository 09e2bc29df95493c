package dev.pointsman.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pointsman.kube.files.ResourceFiles;
import dev.pointsman.observe.Metrics;
import dev.pointsman.rig.Authority;
import dev.pointsman.rig.Logged;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.endpoint.v3.EndpointDiscoveryServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Certificates, keys and authorities that change while the server runs. */
class TlsReloadTest extends TlsFixture {
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
        await().atMost(SOON).untilAsserted(() -> {
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
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(shown(server.ports().grpc())).isEqualTo("CN=second"));
    }
  }

  @Test
  void aNewAuthorityIsSentToProxiesByANewTranslation() throws Exception {
    AtomicInteger requested = new AtomicInteger();
    try (PointsmanServer server = new PointsmanServer(
        TestServer.over(resources).secured(tls).settings(),
        new ResourceFiles(resources),
        new Metrics(),
        _ -> false,
        _ -> requested.incrementAndGet())) {
      server.start();
      assertThat(server.awaitReady(60)).isTrue();
      second.writeTo(certificates); // of the same authority
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(shown(server.ports().grpc())).isEqualTo("CN=second"));
      assertThat(requested).hasValue(0);
      Authority.replace(folder.resolve("servers.pem"), clients.certificate());
      await().atMost(SOON).untilAsserted(() -> assertThat(requested).hasValue(1));
    }
  }

  @Test
  void aBrokenCertificateIsLoggedOnceAndTheOldOneKept() throws Exception {
    Metrics metrics = new Metrics();
    try (Logged log = new Logged();
        PointsmanServer server = start(metrics)) {
      Authority.replace(
          certificates.resolve("tls.crt"), second.certificate()); // the key is first's
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(log.lines())
              .anyMatch(line -> line.startsWith("ERROR") && line.contains("is not the key of")));
      await()
          .during(Duration.ofMillis(2500)) // two looks at the files and more
          .untilAsserted(() -> assertThat(log.lines())
              .filteredOn(line -> line.startsWith("ERROR"))
              .hasSize(1));
      assertThat(shown(server.ports().grpc())).isEqualTo("CN=first");
      callHook(server.ports().grpc(), Optional.of(client));
      assertThat(metrics.scrape())
          .contains("pointsman_certificate_reloads_total{outcome=\"error\"} 1.0");

      Authority.replace(certificates.resolve("tls.key"), second.key());
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(shown(server.ports().grpc())).isEqualTo("CN=second"));
    }
  }

  @Test
  void clientAuthoritiesRotate() throws Exception {
    Authority next = Authority.create("next");
    Authority.Issued renewed = next.issue("envoy-gateway", "dns:envoy-gateway");
    try (PointsmanServer server = start(new Metrics())) {
      int port = server.ports().grpc();
      assertThatThrownBy(() -> callHook(port, Optional.of(renewed)))
          .isInstanceOf(StatusRuntimeException.class);

      Authority.replace(clientCa, clients.certificate() + next.certificate()); // both
      await().atMost(SOON).untilAsserted(() -> assertThat(serves(port, renewed)).isTrue());
      assertThat(serves(port, client)).isTrue();

      Authority.replace(clientCa, next.certificate()); // the new one only
      await().atMost(SOON).untilAsserted(() -> assertThat(serves(port, client)).isFalse());
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
}
