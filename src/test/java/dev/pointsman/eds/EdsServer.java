package dev.pointsman.eds;

import dev.pointsman.model.AppProtocol;
import dev.pointsman.model.ClusterObjects;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.InferencePool;
import dev.pointsman.model.Pod;
import dev.pointsman.model.PoolRef;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Our endpoint discovery as one process would run it, on loopback. */
final class EdsServer implements AutoCloseable {
  private final EndpointDiscovery discovery;
  private final Server server;

  /**
   * Listens, without knowing any endpoint.
   *
   * @param port 0 for any
   */
  EdsServer(int port) {
    this(port, new EndpointDiscovery(_ -> true));
  }

  EdsServer(int port, EndpointDiscovery discovery) {
    this.discovery = discovery;
    try {
      server = NettyServerBuilder.forAddress(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
          .addService(discovery.service())
          .build()
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return server.getPort();
  }

  /** A new snapshot: so many pods on port 8000 in each pool. */
  EdsServer knows(Map<PoolRef, Integer> podsByPool) {
    return knows(snapshot(podsByPool));
  }

  /** A snapshot with so many pods on port 8000 in each pool. */
  static ClusterSnapshot snapshot(Map<PoolRef, Integer> podsByPool) {
    ClusterObjects objects = new ClusterObjects();
    podsByPool.forEach((pool, count) -> {
      Map<String, String> labels = Map.of("app", pool.name());
      objects.add(
          new InferencePool(pool, labels, List.of(8000), AppProtocol.HTTP, Optional.empty()));
      for (int i = 1; i <= count; i++) {
        objects.add(new Pod(
            pool.namespace(), pool.name() + i, labels, "127.0.0." + i, List.of(), Pod.Phase.READY));
      }
    });
    return objects.snapshot();
  }

  EdsServer knows(ClusterSnapshot snapshot) {
    discovery.accept(snapshot);
    return this;
  }

  /** Ends like a process that is killed: streams break, nothing is said. */
  @Override
  public void close() {
    server.shutdownNow();
    try {
      server.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    discovery.close();
  }
}
