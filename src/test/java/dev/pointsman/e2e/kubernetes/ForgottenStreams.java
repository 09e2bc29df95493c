package dev.pointsman.e2e.kubernetes;

import dev.pointsman.config.Pem;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.endpoint.v3.EndpointDiscoveryServiceGrpc;
import io.grpc.HttpConnectProxiedSocketAddress;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.Base64;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A client of endpoint discovery with a proxy's certificate, which opens a stream a second and never ends one. */
final class ForgottenStreams {
  private static final int PORT = 18010;
  private static final String TYPE =
      "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment";

  private ForgottenStreams() {}

  /** Begins to open streams to a replica, in the name of the proxies of a namespace's Gateway. */
  static void open(Cluster cluster, Replica replica, String namespace) {
    EndpointDiscoveryServiceGrpc.EndpointDiscoveryServiceStub discovery =
        EndpointDiscoveryServiceGrpc.newStub(channel(cluster, replica.ip()));
    DiscoveryRequest request = DiscoveryRequest.newBuilder()
        .setNode(
            Node.newBuilder().setId("forgetful").setCluster(namespace + "/" + FaultScene.GATEWAY))
        .setTypeUrl(TYPE)
        .addResourceNames("nobody")
        .build();
    ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
        Thread.ofPlatform().daemon().name("forgotten streams").factory());
    var _ = clock.scheduleAtFixedRate(
        () -> discovery.streamEndpoints(new Ignored()).onNext(request), 0, 1, TimeUnit.SECONDS);
  }

  /** Through the cluster's proxy, as all that this machine sends to pods. */
  private static ManagedChannel channel(Cluster cluster, String ip) {
    InetSocketAddress proxy = (InetSocketAddress)
        cluster.http().proxy().map(selector -> address(selector, ip)).orElseThrow();
    try {
      return NettyChannelBuilder.forAddress(
              ip,
              PORT,
              TlsChannelCredentials.newBuilder()
                  .trustManager(secret(cluster, "pointsman-ca", "tls.crt"))
                  .keyManager(secret(cluster, "envoy", "tls.crt"), pkcs8(cluster))
                  .build())
          .overrideAuthority("pointsman." + Cluster.SYSTEM + ".svc")
          .proxyDetector(target -> HttpConnectProxiedSocketAddress.newBuilder()
              .setTargetAddress((InetSocketAddress) target)
              .setProxyAddress(proxy)
              .build())
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SocketAddress address(ProxySelector selector, String ip) {
    return selector.select(URI.create("http://" + ip)).getFirst().address();
  }

  /** Envoy Gateway makes keys of PKCS #1, which gRPC does not read. */
  private static InputStream pkcs8(Cluster cluster) throws IOException {
    PrivateKey key =
        Pem.privateKey(Path.of("tls.key"), secret(cluster, "envoy", "tls.key").readAllBytes());
    String pem = "-----BEGIN PRIVATE KEY-----\n"
        + Base64.getMimeEncoder().encodeToString(key.getEncoded())
        + "\n-----END PRIVATE KEY-----\n";
    return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
  }

  private static InputStream secret(Cluster cluster, String name, String key) {
    return new ByteArrayInputStream(Base64.getDecoder()
        .decode(cluster
            .api()
            .secrets()
            .inNamespace(Cluster.SYSTEM)
            .withName(name)
            .require()
            .getData()
            .get(key)));
  }

  private static final class Ignored implements StreamObserver<DiscoveryResponse> {
    @Override
    public void onNext(DiscoveryResponse response) {}

    @Override
    public void onError(Throwable broken) {
      System.out.println("a forgotten stream has ended: " + broken);
    }

    @Override
    public void onCompleted() {}
  }
}
