package dev.pointsman.server;

import dev.pointsman.hook.Hooks;
import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerTransportFilter;
import java.util.Objects;

/** Assigns a {@link Hooks.Connection} to each gRPC connection, independent of the transport, and to its calls. */
final class Connections extends ServerTransportFilter implements ServerInterceptor {
  private static final Attributes.Key<Hooks.Connection> OF_TRANSPORT =
      Attributes.Key.create("pointsman-connection");
  private static final Context.Key<Hooks.Connection> OF_CALL = Context.key("pointsman-connection");

  private final Hooks hooks;

  Connections(Hooks hooks) {
    this.hooks = hooks;
  }

  /** The connection of the call on the current thread. */
  static Hooks.Connection current() {
    return Objects.requireNonNull(OF_CALL.get(), "not within a call");
  }

  @Override
  public Attributes transportReady(Attributes attributes) {
    return attributes.toBuilder().set(OF_TRANSPORT, hooks.connect()).build();
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Hooks.Connection connection = call.getAttributes().get(OF_TRANSPORT);
    return Contexts.interceptCall(
        Context.current().withValue(OF_CALL, Objects.requireNonNull(connection)),
        call,
        headers,
        next);
  }
}
