package dev.pointsman.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.extension.EnvoyGatewayExtensionGrpc;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc.EnvoyGatewayExtensionBlockingStub;
import dev.pointsman.extension.PostTranslateModifyRequest;
import io.grpc.EquivalentAddressGroup;
import io.grpc.ManagedChannel;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.NameResolverRegistry;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two replicas behind one name, and a client with Envoy Gateway's settings: what it notices when one ends. */
class FailoverTest {
  /** Envoy Gateway's own service config (its defaults): it waits for a server, and repeats UNAVAILABLE. */
  private static final Map<String, Object> SERVICE_CONFIG = Map.of(
      "methodConfig",
      List.of(Map.of(
          "name",
          List.of(Map.of("service", EnvoyGatewayExtensionGrpc.SERVICE_NAME)),
          "waitForReady",
          true,
          "retryPolicy",
          Map.of(
              "maxAttempts",
              4.0,
              "initialBackoff",
              "0.1s",
              "maxBackoff",
              "1s",
              "backoffMultiplier",
              2.0,
              "retryableStatusCodes",
              List.of("UNAVAILABLE")))));

  @TempDir
  private Path resources;

  /** A name with both replicas' addresses, as that of a headless Service. */
  private static final class TwoReplicas extends NameResolverProvider {
    private final List<EquivalentAddressGroup> addresses;

    TwoReplicas(int... ports) {
      addresses = java.util.Arrays.stream(ports)
          .mapToObj(port -> new EquivalentAddressGroup(new InetSocketAddress("127.0.0.1", port)))
          .toList();
    }

    @Override
    public NameResolver newNameResolver(URI target, NameResolver.Args args) {
      return new NameResolver() {
        @Override
        public String getServiceAuthority() {
          return "pointsman";
        }

        @Override
        public void start(Listener2 listener) {
          listener.onResult(ResolutionResult.newBuilder()
              .setAddressesOrError(io.grpc.StatusOr.fromValue(addresses))
              .build());
        }

        @Override
        public void shutdown() {}
      };
    }

    @Override
    protected boolean isAvailable() {
      return true;
    }

    @Override
    protected int priority() {
      return 5;
    }

    @Override
    public String getDefaultScheme() {
      return "replicas";
    }

    @Override
    public Collection<Class<? extends SocketAddress>> getProducedSocketAddressTypes() {
      return Set.of(InetSocketAddress.class);
    }
  }

  @Test
  void aReplicaThatIsClosedInAStreamOfCallsFailsNone() throws Exception {
    try (PointsmanServer first = TestServer.over(resources).start();
        PointsmanServer second = TestServer.over(resources).start()) {
      TwoReplicas replicas =
          new TwoReplicas(first.ports().grpc(), second.ports().grpc());
      NameResolverRegistry.getDefaultRegistry().register(replicas);
      ManagedChannel channel = NettyChannelBuilder.forTarget("replicas:///pointsman")
          .usePlaintext()
          .defaultServiceConfig(SERVICE_CONFIG)
          .enableRetry()
          .build();
      try {
        EnvoyGatewayExtensionBlockingStub stub = EnvoyGatewayExtensionGrpc.newBlockingStub(channel);
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger calls = new AtomicInteger();
        AtomicLong longest = new AtomicLong();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread caller = Thread.ofPlatform().start(() -> {
          try {
            while (!stop.get()) {
              long start = System.nanoTime();
              var _ = stub.postTranslateModify(PostTranslateModifyRequest.getDefaultInstance());
              longest.accumulateAndGet(System.nanoTime() - start, Math::max);
              calls.incrementAndGet();
            }
          } catch (RuntimeException e) {
            failure.set(e);
          }
        });
        awaitMore(calls, failure, 50);
        first.close();
        awaitMore(calls, failure, 50);
        stop.set(true);
        caller.join(Duration.ofSeconds(30));
        assertThat(failure.get()).isNull();
        assertThat(Duration.ofNanos(longest.get())).isLessThan(Duration.ofSeconds(15));
      } finally {
        channel.shutdownNow();
        NameResolverRegistry.getDefaultRegistry().deregister(replicas);
      }
    }
  }

  private static void awaitMore(AtomicInteger calls, AtomicReference<Throwable> failure, int more) {
    int until = calls.get() + more;
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> calls.get() >= until || failure.get() != null);
    assertThat(Stream.ofNullable(failure.get())).isEmpty();
  }
}
