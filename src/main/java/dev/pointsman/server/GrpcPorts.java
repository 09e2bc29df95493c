package dev.pointsman.server;

import dev.pointsman.config.HostPort;
import dev.pointsman.config.StartFailure;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc;
import dev.pointsman.hook.Hooks;
import dev.pointsman.model.ByteSize;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.TimeUnit;

/** The services and listen settings of each gRPC server. */
final class GrpcPorts {
  /** The allowance for fields and lengths around the resources of a message, which the limit is about. */
  private static final long OVERHEAD = 1 << 20;

  private GrpcPorts() {}

  /** The hooks with health and reflection, on any transport. */
  static <B extends ServerBuilder<B>> B hooks(
      B builder, Hooks hooks, HookService service, Readiness readiness, ByteSize limit) {
    Connections connections = new Connections(hooks);
    return hooks(builder.addTransportFilter(connections), service, connections, readiness, limit);
  }

  /** The hooks of a shadow in the same way. */
  static <B extends ServerBuilder<B>> B hooks(
      B builder, ShadowHooks service, Readiness readiness, ByteSize limit) {
    return hooks(builder, service, ShadowHooks.peers(), readiness, limit);
  }

  private static <B extends ServerBuilder<B>> B hooks(
      B builder, EchoHooks service, ServerInterceptor caller, Readiness readiness, ByteSize limit) {
    return builder
        .directExecutor()
        .callExecutor(new CallThreads(readiness::isDecided))
        .addService(ServerInterceptors.intercept(SharedRequests.of(service.bindService()), caller))
        .addService(readiness.health())
        .addService(ProtoReflectionServiceV1.newInstance())
        .maxInboundMessageSize((int) Math.min(limit.bytes() + OVERHEAD, Integer.MAX_VALUE));
  }

  /** Endpoint discovery with health and reflection, on any transport. */
  static <B extends ServerBuilder<B>> B endpoints(
      B builder, ServerServiceDefinition discovery, Readiness readiness) {
    return builder
        .addService(discovery)
        .addService(readiness.health())
        .addService(ProtoReflectionServiceV1.newInstance());
  }

  /** A server for an address, with limits that fit both Envoy Gateway and Envoy. */
  static NettyServerBuilder at(HostPort address) {
    return NettyServerBuilder.forAddress(address.socketAddress())
        // Envoy's pings are not abuse, and a peer that vanished without a close must be detected.
        .permitKeepAliveTime(5, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true)
        .keepAliveTime(30, TimeUnit.SECONDS)
        .keepAliveTimeout(10, TimeUnit.SECONDS);
  }

  /**
   * Starts listening.
   *
   * @param flag the option that names the address
   */
  static Server listen(Server server, String flag, HostPort address) {
    try {
      return server.start();
    } catch (IOException | UnresolvedAddressException e) {
      throw cannotListen(flag, address, e);
    }
  }

  /** The failure with the option to change and the reason. */
  static StartFailure cannotListen(String flag, HostPort address, Exception e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String reason = address.socketAddress().isUnresolved()
        ? "the name has no address"
        : String.valueOf(cause.getMessage());
    return new StartFailure(
        reason.contains("in use")
            ? flag + " " + address + ": port " + address.port()
                + " is taken by another process; stop it or choose another port"
            : flag + " " + address + ": cannot listen there (" + reason + ")",
        e);
  }

  /** The name of the hook service in gRPC health. */
  static String hookServiceName() {
    return EnvoyGatewayExtensionGrpc.SERVICE_NAME;
  }
}
