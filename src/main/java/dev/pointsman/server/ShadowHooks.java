package dev.pointsman.server;

import dev.pointsman.extension.PostEndpointsModifyRequest;
import dev.pointsman.extension.PostEndpointsModifyResponse;
import dev.pointsman.extension.PostRouteModifyRequest;
import dev.pointsman.extension.PostRouteModifyResponse;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.hook.ShadowConnection;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.stub.StreamObserver;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The hooks of a shadow: each call is seen and returns its input, whatever happens. */
abstract class ShadowHooks extends EchoHooks {
  private static final Logger LOG = LoggerFactory.getLogger(ShadowHooks.class);
  private static final Context.Key<String> PEER = Context.key("pointsman-peer");

  /** The hooks that Envoy Gateway calls before the other Pointsman. */
  static final class Before extends ShadowHooks {
    private final Shadow shadow;

    Before(Shadow shadow) {
      this.shadow = shadow;
    }

    @Override
    public void postRouteModify(
        PostRouteModifyRequest request, StreamObserver<PostRouteModifyResponse> answer) {
      see(peer -> shadow.before(peer, request));
      super.postRouteModify(request, answer);
    }

    @Override
    public void postEndpointsModify(
        PostEndpointsModifyRequest request, StreamObserver<PostEndpointsModifyResponse> answer) {
      see(peer -> shadow.before(peer, request));
      super.postEndpointsModify(request, answer);
    }

    @Override
    public void postTranslateModify(
        PostTranslateModifyRequest request, StreamObserver<PostTranslateModifyResponse> answer) {
      see(peer -> shadow.before(peer, request));
      super.postTranslateModify(request, answer);
    }
  }

  /** The hooks that Envoy Gateway calls after the other Pointsman. */
  static final class After extends ShadowHooks {
    private final Shadow shadow;

    After(Shadow shadow) {
      this.shadow = shadow;
    }

    @Override
    public void postTranslateModify(
        PostTranslateModifyRequest request, StreamObserver<PostTranslateModifyResponse> answer) {
      see(peer -> shadow.after(peer, ShadowConnection.gateways(request), request));
      super.postTranslateModify(request, answer);
    }
  }

  /** Tells the hooks which Envoy Gateway calls: both of its connections come from one address. */
  static ServerInterceptor peers() {
    return new ServerInterceptor() {
      @Override
      public <Q, A> ServerCall.Listener<Q> interceptCall(
          ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        SocketAddress address = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        String peer = address instanceof InetSocketAddress inet && inet.getAddress() != null
            ? inet.getAddress().getHostAddress()
            : String.valueOf(address);
        return Contexts.interceptCall(Context.current().withValue(PEER, peer), call, headers, next);
      }
    };
  }

  private static void see(Consumer<String> seeing) {
    try {
      seeing.accept(PEER.get());
    } catch (RuntimeException | StackOverflowError e) {
      LOG.error("internal error: a call cannot be compared, and returns its input all the same", e);
    }
  }

  /** At once: a shadow that is not ready delays nothing. */
  @Override
  <A> void answer(StreamObserver<A> observer, Supplier<A> hook) {
    observer.onNext(hook.get());
    observer.onCompleted();
  }
}
