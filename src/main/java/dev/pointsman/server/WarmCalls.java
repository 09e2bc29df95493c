package dev.pointsman.server;

import dev.pointsman.config.HostPort;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc.EnvoyGatewayExtensionBlockingStub;
import dev.pointsman.extension.PostEndpointsModifyRequest;
import dev.pointsman.extension.PostRouteModifyRequest;
import dev.pointsman.hook.Hooks;
import dev.pointsman.model.ByteSize;
import dev.pointsman.observe.HookMetrics;
import dev.pointsman.observe.Metrics;
import dev.pointsman.observe.TranslationLog;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Makes Route and Endpoints calls to a temporary server on loopback. Envoy Gateway makes thousands of them in sequence,
 * and a cold call takes ten times as long as a warm one. Most of a call is work of gRPC and the transport, which only
 * calls over a real connection warm up.
 */
final class WarmCalls {
  /** The time after which the calls are cancelled beyond their duration, as on a machine without loopback. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private WarmCalls() {}

  /**
   * Makes calls for a duration.
   *
   * @throws IOException when the server cannot listen
   * @throws io.grpc.StatusRuntimeException when a call fails
   */
  static void run(
      Hooks hooks,
      PostRouteModifyRequest route,
      PostEndpointsModifyRequest endpoints,
      Duration duration)
      throws IOException {
    long start = System.nanoTime();
    HostPort loopback = new HostPort("127.0.0.1", 0);
    Server server = server(hooks, loopback).start();
    ManagedChannel channel = NettyChannelBuilder.forAddress(loopback.host(), server.getPort())
        .usePlaintext()
        .build();
    try {
      EnvoyGatewayExtensionBlockingStub stub = EnvoyGatewayExtensionGrpc.newBlockingStub(channel)
          .withDeadlineAfter(duration.plus(PATIENCE).toNanos(), TimeUnit.NANOSECONDS);
      while (System.nanoTime() - start < duration.toNanos()) {
        var _ = stub.postRouteModify(route);
        var _ = stub.postEndpointsModify(endpoints);
      }
    } finally {
      channel.shutdownNow();
      server.shutdownNow();
    }
  }

  /** A server like the real one, with separate metrics. */
  private static Server server(Hooks hooks, HostPort address) {
    Readiness readiness = new Readiness(List.of());
    for (Readiness.Requirement condition : Readiness.Requirement.values()) {
      readiness.met(condition);
    }
    HookMetrics metrics = new Metrics().hooks();
    return GrpcPorts.hooks(
            GrpcPorts.at(address),
            hooks,
            new HookService(
                readiness,
                metrics,
                new TranslationLog(metrics, _ -> false, List::of)::log,
                new CallsUnderWay(),
                _ -> {}),
            readiness,
            ByteSize.mebibytes(1))
        .build();
  }
}
