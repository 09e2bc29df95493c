package dev.pointsman.eds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.eds.TestStream.StreamAnswer;
import dev.pointsman.eds.TestStream.WholeStream;
import io.envoyproxy.controlplane.server.V3DiscoveryServer;
import io.envoyproxy.envoy.service.endpoint.v3.EndpointDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.endpoint.v3.EndpointDiscoveryServiceGrpc.EndpointDiscoveryServiceStub;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** More names that nobody announced than there is room for: room for two. */
class AskedEndpointsTest {
  private static final String CANARY = AskedNamesTest.subset("track", "canary");
  private static final String ZONE = AskedNamesTest.subset("zone", "a");
  private static final String APP = AskedNamesTest.subset("app", "qwen");

  private final EndpointCache cache = new EndpointCache(
      new VersionPrefix("test"),
      new AskedEndpoints(2, Duration.ofSeconds(2), System::nanoTime),
      new MissingObjects(_ -> true),
      new CacheDelays(Duration.ofMillis(300), Duration.ofMinutes(1), Duration.ofMillis(300)));
  private Server server;
  private ManagedChannel channel;
  private EndpointDiscoveryServiceStub stub;

  @BeforeEach
  void start() throws Exception {
    String name = UUID.randomUUID().toString();
    server = InProcessServerBuilder.forName(name)
        .addService(new V3DiscoveryServer(cache).getEndpointDiscoveryServiceImpl())
        .build()
        .start();
    channel = InProcessChannelBuilder.forName(name).build();
    stub = EndpointDiscoveryServiceGrpc.newStub(channel);
    cache.serve(AskedNamesTest.snapshot(1));
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.shutdownNow();
    cache.close();
  }

  @Test
  void aNameWithoutRoomHasNoEndpointsUntilAnotherIsGivenUp() throws Exception {
    WholeStream canary = watch(CANARY, 1);
    WholeStream zone = watch(ZONE, 1);
    WholeStream app = watch(APP, 0);
    cache.serve(AskedNamesTest.snapshot(2));
    receive(canary, 2);
    receive(zone, 2);
    assertThat(app.isQuiet()).isTrue();
    canary.end();
    receive(app, 2);
    cache.serve(AskedNamesTest.snapshot(3));
    receive(app, 3);
    receive(zone, 3);
  }

  @Test
  void aNameThatWasDroppedIsAskedForAnew() throws Exception {
    watch(CANARY, 1).end();
    WholeStream zone = watch(ZONE, 1);
    WholeStream app = new WholeStream(stub);
    app.subscribe(APP);
    receiveAfterNone(app, 1); // the end of the first may not have arrived
    cache.serve(AskedNamesTest.snapshot(2));
    zone.end();
    WholeStream again = new WholeStream(stub);
    again.subscribe(CANARY);
    receiveAfterNone(again, 2);
    cache.serve(AskedNamesTest.snapshot(3));
    receive(again, 3);
  }

  private WholeStream watch(String name, int hosts) throws InterruptedException {
    WholeStream stream = new WholeStream(stub);
    stream.subscribe(name);
    receive(stream, hosts);
    return stream;
  }

  private static void receiveAfterNone(TestStream stream, int hosts) throws InterruptedException {
    StreamAnswer answer = next(stream, "no answer");
    stream.acknowledge(answer);
    if (answer.hosts() == 0) {
      receive(stream, hosts);
    } else {
      assertThat(answer.hosts()).isEqualTo(hosts);
    }
  }

  private static void receive(TestStream stream, int hosts) throws InterruptedException {
    StreamAnswer answer = next(stream, "no answer with " + hosts);
    assertThat(answer.hosts()).isEqualTo(hosts);
    stream.acknowledge(answer);
  }

  private static StreamAnswer next(TestStream stream, String otherwise)
      throws InterruptedException {
    return Objects.requireNonNull(stream.answers().poll(30, TimeUnit.SECONDS), otherwise);
  }
}
