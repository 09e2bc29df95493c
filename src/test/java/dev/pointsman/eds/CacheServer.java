package dev.pointsman.eds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.eds.TestStream.StreamAnswer;
import dev.pointsman.model.ClusterSnapshot;
import io.envoyproxy.controlplane.server.V3DiscoveryServer;
import io.envoyproxy.envoy.service.endpoint.v3.EndpointDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.endpoint.v3.EndpointDiscoveryServiceGrpc.EndpointDiscoveryServiceStub;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** A cache behind a server in this process, and proxies that ask it. */
record CacheServer(EndpointCache cache, Server server, ManagedChannel channel)
    implements AutoCloseable {
  static CacheServer of(EndpointCache cache) {
    String name = UUID.randomUUID().toString();
    try {
      return new CacheServer(
          cache,
          InProcessServerBuilder.forName(name)
              .addService(new V3DiscoveryServer(cache).getEndpointDiscoveryServiceImpl())
              .build()
              .start(),
          InProcessChannelBuilder.forName(name).build());
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  EndpointDiscoveryServiceStub stub() {
    return EndpointDiscoveryServiceGrpc.newStub(channel);
  }

  void serve(ClusterSnapshot snapshot) {
    cache.serve(snapshot);
  }

  /** A proxy that asks for the name. */
  TestStream asks(String name) {
    TestStream stream = new TestStream.DeltaStream(stub());
    stream.subscribe(name);
    return stream;
  }

  /** A proxy that asks for the name and gets so many hosts. */
  TestStream gets(String name, int hosts) throws InterruptedException {
    TestStream stream = asks(name);
    StreamAnswer _ = receive(stream, hosts);
    return stream;
  }

  /** The next answer, which has so many hosts and is acknowledged. */
  static StreamAnswer receive(TestStream stream, int hosts) throws InterruptedException {
    StreamAnswer answer = Objects.requireNonNull(
        stream.answers().poll(30, TimeUnit.SECONDS), "no answer with " + hosts);
    assertThat(answer.hosts()).isEqualTo(hosts);
    stream.acknowledge(answer);
    return answer;
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.shutdownNow();
    cache.close();
  }
}
