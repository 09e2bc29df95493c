package dev.pointsman.server;

import com.google.common.util.concurrent.MoreExecutors;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;

/**
 * Selects the thread of a call. Envoy Gateway makes thousands of sequential Route and Endpoints calls, and each takes
 * less time than a switch to another thread: the transport's thread runs them. A virtual thread runs each long call,
 * and each call that has to wait until the server is ready.
 *
 * <p>Translations run one after the other, reading of the message included: one takes some ten times the memory of its
 * message, and each replica of Envoy Gateway calls after each change.
 */
final class CallThreads implements ServerCallExecutorSupplier {
  private static final Set<String> SHORT = Set.of(
      EnvoyGatewayExtensionGrpc.getPostRouteModifyMethod().getFullMethodName(),
      EnvoyGatewayExtensionGrpc.getPostEndpointsModifyMethod().getFullMethodName());

  private static final String TRANSLATION =
      EnvoyGatewayExtensionGrpc.getPostTranslateModifyMethod().getFullMethodName();

  private final Executor ownThread = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore translation = new Semaphore(1, true);
  private final Executor oneByOne = call -> ownThread.execute(() -> {
    translation.acquireUninterruptibly();
    try {
      call.run();
    } finally {
      translation.release();
    }
  });
  private final BooleanSupplier shortStaysShort;

  /**
   * Threads for a server's calls.
   *
   * @param shortStaysShort whether a short call runs without blocking now
   */
  CallThreads(BooleanSupplier shortStaysShort) {
    this.shortStaysShort = shortStaysShort;
  }

  @Override
  public <Q, A> Executor getExecutor(ServerCall<Q, A> call, Metadata headers) {
    String method = call.getMethodDescriptor().getFullMethodName();
    if (method.equals(TRANSLATION)) {
      return oneByOne;
    }
    boolean isShort = SHORT.contains(method);
    return isShort && shortStaysShort.getAsBoolean() ? MoreExecutors.directExecutor() : ownThread;
  }
}
