package dev.pointsman.eds;

import com.google.protobuf.MessageLite;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Counts, for each client, the names that its streams ask for and the responses that it has not read. The library writes
 * each response into gRPC's buffers, whether or not anybody reads, so one client that does not read could fill the memory.
 */
final class StreamBounds implements ServerInterceptor {
  private record Open(Client client, int streams) {}

  private final EndpointCache cache;
  private final MemoryShare share;
  private final Map<Optional<SocketAddress>, Open> clients = new HashMap<>();

  StreamBounds(EndpointCache cache, MemoryShare share) {
    this.cache = cache;
    this.share = share;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> open, Metadata headers, ServerCallHandler<Q, A> next) {
    Optional<SocketAddress> address =
        Optional.ofNullable(withoutPort(open.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)));
    ClientStream stream = new ClientStream(opened(address));
    open.setOnReadyThreshold(1); // ready means: all is read, and not: little is unread
    ServerCall<Q, A> call = new SimpleForwardingServerCall<>(open) {
      /** Asks for a request when the one before is answered, or waits for its answer. */
      @Override
      public void request(int count) {
        cache.run(() -> super.request(count));
      }

      @Override
      public void sendMessage(A response) {
        stream.sent(response instanceof MessageLite message ? message.getSerializedSize() : 0);
        super.sendMessage(response);
      }
    };
    return new SimpleForwardingServerCallListener<>(
        Contexts.interceptCall(stream.context(), call, headers, next)) {
      @Override
      public void onReady() {
        super.onReady();
        cache.run(() -> {
          if (call.isReady()) {
            cache.read(stream);
          }
        });
      }

      @Override
      public void onComplete() {
        super.onComplete();
        ended();
      }

      @Override
      public void onCancel() {
        super.onCancel();
        ended();
      }

      private void ended() {
        stream.forgetNames();
        cache.run(() -> cache.read(stream));
        closed(address);
      }
    };
  }

  private static @Nullable SocketAddress withoutPort(@Nullable SocketAddress address) {
    return address instanceof InetSocketAddress internet && internet.getAddress() != null
        ? new InetSocketAddress(internet.getAddress(), 0)
        : address;
  }

  private Client opened(Optional<SocketAddress> address) {
    synchronized (clients) {
      return clients
          .merge(
              address,
              new Open(new Client(address.orElse(null), share), 1),
              (before, _) -> new Open(before.client(), before.streams() + 1))
          .client();
    }
  }

  private void closed(Optional<SocketAddress> address) {
    synchronized (clients) {
      var _ = clients.computeIfPresent(
          address,
          (_, open) -> open.streams() == 1 ? null : new Open(open.client(), open.streams() - 1));
    }
  }
}
