package dev.pointsman.server;

import com.google.common.util.concurrent.MoreExecutors;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/**
 * Which thread runs a call. Envoy Gateway calls Route and Endpoints thousands of times, one after the other, and each takes
 * less than the hand-over to another thread: the transport's own thread runs them. A virtual thread of its own runs a call
 * that takes long, and each call that has to wait until the server is ready.
 */
final class CallThreads implements ServerCallExecutorSupplier {
  private static final Set<String> SHORT = Set.of(
      EnvoyGatewayExtensionGrpc.getPostRouteModifyMethod().getFullMethodName(),
      EnvoyGatewayExtensionGrpc.getPostEndpointsModifyMethod().getFullMethodName());

  private final Executor ownThread = Executors.newVirtualThreadPerTaskExecutor();
  private final BooleanSupplier shortStaysShort;

  /**
   * Threads for a server's calls.
   *
   * @param shortStaysShort whether a short call that comes now blocks nowhere
   */
  CallThreads(BooleanSupplier shortStaysShort) {
    this.shortStaysShort = shortStaysShort;
  }

  @Override
  public <Q, A> Executor getExecutor(ServerCall<Q, A> call, Metadata headers) {
    boolean isShort = SHORT.contains(call.getMethodDescriptor().getFullMethodName());
    return isShort && shortStaysShort.getAsBoolean() ? MoreExecutors.directExecutor() : ownThread;
  }
}
